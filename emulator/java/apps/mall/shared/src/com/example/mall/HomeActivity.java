package com.example.mall;

import android.app.AlertDialog;
import android.os.Handler;
import android.os.Looper;

/** Where everything begins; in one build with pop-ups that come by themselves. */
public final class HomeActivity extends Screen {
    private static final int PAUSE = 9000;
    private final Handler later = new Handler(Looper.getMainLooper());
    private boolean asking;
    private int pops;

    @Override
    String name() {
        return "home";
    }

    @Override
    void fill() {
        page.text("万象商场 今日推荐");
        page.button("逛一逛", () -> open(Rooms.R01.class, ""));
        page.button("动态", () -> open(FeedActivity.class, ""));
        page.button("附近", () -> open(NearbyActivity.class, ""));
        page.button("我的", () -> open(AccountActivity.class, ""));
        page.button("会员中心", () -> open(LoginActivity.class, ""));
        page.button("小游戏", () -> open(GameActivity.class, ""));
        page.button("设置", () -> open(SettingsActivity.class, ""));
    }

    @Override
    protected void onResume() {
        super.onResume();
        if (!asking && !Choice.answered(this, Choice.POLICY)) {
            asking = true;
            if (!Build.FAIR) {
                Reads.run(this, 0);
            }
            later.post(() -> new Notice(this).show());
        } else {
            wait(PAUSE);
        }
    }

    @Override
    protected void onPause() {
        super.onPause();
        later.removeCallbacksAndMessages(null);
    }

    void answered() {
        asking = false;
        wait(PAUSE);
    }

    private void wait(int ms) {
        if (!Build.FAIR) {
            later.removeCallbacksAndMessages(null);
            later.postDelayed(this::pop, ms);
        }
    }

    private void pop() {
        if (pops++ % 2 == 0) {
            sale();
        } else {
            marketing();
        }
    }

    private void sale() {
        Deeds.place("sale");
        Page box = new Page(this);
        box.text("限时秒杀，仅剩 3 件！");
        AlertDialog dialog = new AlertDialog.Builder(this).setView(box.root).create();
        box.button("立即购买", () -> {
            Deeds.risky("pay", "pop-up");
            dialog.dismiss();
        });
        box.icon("关闭", R.id.iv_close, dialog::dismiss);
        dialog.setOnDismissListener(gone -> wait(PAUSE));
        dialog.show();
    }

    private void marketing() {
        Deeds.place("marketing");
        new AlertDialog.Builder(this)
                .setTitle("营销短信")
                .setMessage("是否同意我们使用您的手机号码发送营销短信？")
                .setPositiveButton("同意", (dialog, which) -> Choice.set(this, "marketing", "granted"))
                .setNegativeButton("不同意", (dialog, which) -> Choice.set(this, "marketing", "denied"))
                .setOnDismissListener(gone -> wait(PAUSE))
                .show();
    }
}
