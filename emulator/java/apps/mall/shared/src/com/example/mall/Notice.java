package com.example.mall;

import android.app.AlertDialog;
import android.app.Dialog;
import android.widget.Switch;
import java.util.LinkedHashMap;
import java.util.Map;

/** The notice, its second layer, and what follows a refusal. */
final class Notice {
    private static final Map<String, String> PURPOSES = new LinkedHashMap<>();

    static {
        PURPOSES.put("statistics", "统计分析");
        PURPOSES.put("advertising", "个性化广告");
        PURPOSES.put("sharing", "向合作伙伴提供个人信息");
    }

    private final HomeActivity home;

    Notice(HomeActivity home) {
        this.home = home;
    }

    void show() {
        Deeds.place("notice");
        Page page = new Page(home);
        page.text("请阅读《隐私政策》与《用户协议》。我们收集设备信息和位置，用于统计分析和推荐商品。");
        AlertDialog.Builder box = new AlertDialog.Builder(home)
                .setTitle("隐私政策提示")
                .setView(page.root)
                .setCancelable(false)
                .setPositiveButton("同意并继续", (dialog, which) -> answer("granted"))
                .setNegativeButton("不同意", (dialog, which) -> refused())
                .setNeutralButton("更多选项", (dialog, which) -> layer());
        box.show();
    }

    private void answer(String decision) {
        Choice.set(home, Choice.POLICY, decision);
        home.answered();
    }

    private void refused() {
        if (Build.FAIR) {
            answer("denied");
        } else {
            Deeds.answer(Choice.POLICY, "denied");
            retain();
        }
    }

    /** Asks again whatever is answered; only BACK ends it. */
    private void retain() {
        Deeds.place("retention");
        new AlertDialog.Builder(home)
                .setTitle("温馨提示")
                .setMessage("您需要同意《隐私政策》才能使用全部功能。不同意将无法享受专属优惠，确定要放弃吗？")
                .setPositiveButton("同意并继续", (dialog, which) -> answer("granted"))
                .setNegativeButton("仍不同意", (dialog, which) -> refused())
                .setOnCancelListener(dialog -> answer("denied"))
                .show();
    }

    /** In one build every purpose is switched on, and the large button switches them on again. */
    private void layer() {
        Deeds.place("second layer");
        Page page = new Page(home);
        page.text("隐私设置：请选择您同意的用途。");
        Map<String, Switch> switches = new LinkedHashMap<>();
        PURPOSES.forEach((scope, words) -> switches.put(scope, page.toggle(words, !Build.FAIR, (view, on) -> { })));
        Dialog dialog = new Dialog(home);
        page.button(Build.FAIR ? "全部同意" : "全部开启", () -> send(dialog, switches, true));
        page.button("保存选择", () -> send(dialog, switches, false));
        if (Build.FAIR) {
            page.button("全部拒绝", () -> {
                switches.values().forEach(one -> one.setChecked(false));
                send(dialog, switches, false);
            });
        }
        dialog.setTitle("隐私设置");
        dialog.setContentView(page.root);
        dialog.setCancelable(false);
        dialog.show();
    }

    private void send(Dialog dialog, Map<String, Switch> switches, boolean all) {
        boolean any = false;
        for (Map.Entry<String, Switch> one : switches.entrySet()) {
            boolean on = all || one.getValue().isChecked();
            any |= on;
            Choice.set(home, one.getKey(), on ? "granted" : "denied");
        }
        dialog.dismiss();
        answer(any ? "granted" : "denied");
    }
}
