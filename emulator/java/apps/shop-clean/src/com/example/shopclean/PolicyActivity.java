package com.example.shopclean;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.webkit.WebView;

/** A document from the web. */
public final class PolicyActivity extends Activity {
    static void open(Activity from, String title, String address) {
        from.startActivity(new Intent(from, PolicyActivity.class).putExtra("title", title).putExtra("address", address));
    }

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        String address = getIntent().getStringExtra("address");
        Page page = new Page(this);
        page.text(getIntent().getStringExtra("title"));
        page.text("本政策由金丝雀商城（演示）有限公司制定，联系方式 privacy@shop.example.cn，更新日期 2025-09-28。");
        page.text("附近门店：收集大致位置，仅用于查找门店，不保存。登录：收集手机号，保存至账号注销。");
        page.text("第三方 SDK：Beacon 统计（Android ID），PushWave 推送（Android ID），AdNova 广告（OAID、广告 ID，仅在您单独同意后）。");
        page.text("存储地域：中国境内。安全措施：传输加密、访问控制。");
        page.text("您可以查阅、复制、转移、更正、补充、删除个人信息，限制处理，撤回同意，注销账号；投诉渠道：privacy@shop.example.cn，15 个工作日内答复。");
        WebView web = new WebView(this);
        page.root.addView(web);
        page.button("返回", view -> finish());
        setContentView(page.root);
        web.loadUrl(address);
        Trace.line("document", address);
    }
}
