package com.example.shopclean;

import android.app.Activity;
import android.app.AlertDialog;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;

/** Home: asks for agreement once, and works without it. */
public final class HomeActivity extends Activity {
    private boolean asking;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        page.text("金丝雀商城 今日推荐");
        page.button("附近门店", view -> page.open(NearbyActivity.class));
        page.button("搜索", view -> page.open(SearchActivity.class));
        page.button("登录", view -> page.open(LoginActivity.class));
        page.button("扫一扫", view -> page.open(ScanActivity.class));
        page.button("设置", view -> page.open(SettingsActivity.class));
        setContentView(page.root);
    }

    @Override
    protected void onResume() {
        super.onResume();
        new Handler(Looper.getMainLooper()).post(() -> {
            if (!asking && !Consent.answered(this)) {
                showPolicy();
            }
        });
    }

    private void showPolicy() {
        asking = true;
        Page page = new Page(this);
        page.text("欢迎使用金丝雀商城。统计与推送、位置和广告共享会另行征得您的单独同意。不同意也可浏览商品。");
        page.link("《隐私政策》", Page.POLICY);
        page.link("《用户协议》", Page.TERMS);
        new AlertDialog.Builder(this)
                .setTitle("隐私政策提示")
                .setView(page.root)
                .setCancelable(false)
                .setPositiveButton("同意并继续", (dialog, which) -> answer(true))
                .setNegativeButton("不同意", (dialog, which) -> answer(false))
                .show();
        Trace.line("dialog", "policy");
    }

    private void answer(boolean yes) {
        asking = false;
        Consent.setAgreed(this, yes);
        Trace.line("policy", yes ? "agreed" : "refused");
        if (yes) {
            showStatistics();
        }
    }

    /** Asked once, by itself: nothing but statistics and push depends on it. */
    private void showStatistics() {
        new AlertDialog.Builder(this)
                .setTitle("单独同意：统计与推送")
                .setMessage("为统计使用情况和推送订单消息，需要读取设备标识（Android ID）和运营商信息。这是可选的，不同意不影响购物。")
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> statistics(true))
                .setNegativeButton("不同意", (dialog, which) -> statistics(false))
                .show();
        Trace.line("dialog", "statistics");
    }

    private void statistics(boolean yes) {
        Consent.setStatistics(this, yes);
        Trace.line("statistics", yes ? "agreed" : "refused");
        if (yes) {
            ShopApplication.startServices(this);
        }
    }
}
