package com.example.mall;

import android.app.AlertDialog;

/** Switches, and the way to take the agreement back. */
public final class SettingsActivity extends Screen {
    @Override
    String name() {
        return what().isEmpty() ? "settings" : "privacy";
    }

    @Override
    void fill() {
        if (what().isEmpty()) {
            page.text("设置");
            page.button("隐私与权限", () -> open(SettingsActivity.class, "privacy"));
            page.button("关于我们", () -> page.text("万象商场 3.0"));
        } else {
            page.text("隐私与权限");
            page.toggle("个性化广告", Choice.granted(this, "advertising"), (view, on) -> Choice.set(this, "advertising", on ? "granted" : "denied"));
            page.button("撤回同意", this::ask);
        }
        page.button("返回", this::finish);
    }

    private void ask() {
        new AlertDialog.Builder(this)
                .setTitle("撤回同意")
                .setMessage("撤回后我们将停止收集您的个人信息。")
                .setPositiveButton("确认撤回", (dialog, which) -> Choice.set(this, Choice.POLICY, "withdrawn"))
                .setNegativeButton("取消", null)
                .show();
    }
}
