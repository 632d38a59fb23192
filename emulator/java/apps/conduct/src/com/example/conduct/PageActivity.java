package com.example.conduct;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.os.Bundle;
import android.widget.ScrollView;
import java.util.List;

/** Settings and documents; in the bad case what matters lies deep. */
public final class PageActivity extends Activity {
    private static final String POLICY = "本政策说明我们如何处理您的个人信息。我们收集设备标识用于统计，收集位置用于查找门店。信息保存在中国境内，"
            + "保存期限为实现目的所必需的最短时间。您可以查阅、复制、转移、更正、补充、删除个人信息，限制处理，撤回同意，注销账号。"
            + "投诉渠道：privacy@shop.example.cn，十五个工作日内答复。更新日期：2025-09-28。";
    /** The bad app's way to what it hides: each page leads to the next. */
    private static final List<String> WAY = List.of("帮助", "常见问题", "更多问题", "其他", "文件");

    static void open(Activity from, String name) {
        from.startActivity(new Intent(from, PageActivity.class).putExtra("name", name));
    }

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        String name = getIntent().getStringExtra("name");
        boolean bad = Conduct.bad(this);
        Page page = new Page(this).text(name);
        int step = WAY.indexOf(name);
        if (name.equals("设置")) {
            settings(page, bad);
        } else if (name.equals("隐私政策")) {
            page.text(bad ? "页面建设中" : POLICY);
        } else if (step >= 0 && step < WAY.size() - 1) {
            page.button(WAY.get(step + 1), view -> open(this, WAY.get(step + 1)));
        } else {
            page.button("政策文本", view -> open(this, "隐私政策"));
            page.button("撤回同意", view -> withdraw());
        }
        ScrollView scroll = new ScrollView(this);
        scroll.addView(page.root);
        setContentView(scroll);
    }

    private void settings(Page page, boolean bad) {
        if (bad && !Conduct.is(this, "preset")) {
            Conduct.set(this, "preset", true);
            Conduct.set(this, "training", true);
        }
        if (bad && Conduct.is(this, "withdrawn")) {
            Conduct.set(this, "personalised", true);
        }
        page.toggle("个性化推荐", "personalised", () -> { });
        page.toggle("允许将对话用于模型训练", "training", () -> { });
        if (bad) {
            page.button("帮助", view -> open(this, "帮助"));
        } else {
            page.button("撤回同意", view -> withdraw());
        }
        page.button("注销账号", view -> cancel(bad));
        page.button("返回", view -> finish());
    }

    /** In the bad case things go on a minute later. */
    private void withdraw() {
        Conduct.set(this, "withdrawn", true);
        if (Conduct.bad(this)) {
            Later.after(63, () -> {
                Net.send(Net.OWN, "did", Reads.androidId(this));
                Reads.oaid(this, oaid -> Net.send(Net.ADS, "oaid", oaid));
            });
        }
    }

    private void cancel(boolean bad) {
        new AlertDialog.Builder(this)
                .setTitle("注销账号")
                .setMessage(bad ? "注销账号需上传手持身份证照片。" : "注销后将删除您的全部个人信息。")
                .setPositiveButton("确认注销", (dialog, which) -> finish())
                .setNegativeButton("取消", null)
                .show();
    }
}
