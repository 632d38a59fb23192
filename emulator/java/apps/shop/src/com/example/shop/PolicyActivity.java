package com.example.shop;

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
        page.text("本政策由金丝雀商城制定，更新日期 2025-09-28。我们会收集设备信息、位置信息以提供服务。");
        WebView web = new WebView(this);
        page.root.addView(web);
        page.button("返回", view -> finish());
        setContentView(page.root);
        web.loadUrl(address);
        Trace.line("document", address);
    }
}
