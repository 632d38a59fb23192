package com.example.conduct;

import android.app.Activity;
import android.app.AlertDialog;
import android.widget.CheckBox;

/** The notice of the privacy policy: a good one, and one with a ticked box for everything and no way to refuse. */
final class Notice {
    private Notice() {}

    static void show(Activity activity, Runnable agreed, Runnable refused) {
        Page page = new Page(activity).text("请阅读并同意《隐私政策》。不同意也可以浏览。");
        new AlertDialog.Builder(activity)
                .setTitle("隐私政策提示")
                .setView(page.root)
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> agreed.run())
                .setNegativeButton("不同意", (dialog, which) -> refused.run())
                .show();
    }

    static void unfair(Activity activity, Runnable agreed) {
        Page page = new Page(activity).text("请阅读并同意《隐私政策》。");
        CheckBox box = new CheckBox(activity);
        box.setText("我已阅读并同意《隐私政策》，并同意接收营销信息、与合作伙伴共享个人信息");
        box.setChecked(true);
        page.root.addView(box);
        new AlertDialog.Builder(activity)
                .setTitle("隐私政策提示")
                .setView(page.root)
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> agreed.run())
                .show();
    }
}
