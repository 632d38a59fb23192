package com.example.shop;

import android.Manifest;
import android.app.Activity;
import android.app.AlertDialog;
import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.widget.CheckBox;
import com.adnova.sdk.AdNova;

/** Home: asks for agreement and permissions, again and again. */
public final class HomeActivity extends Activity {
    private static final int ALL = 1;
    private static final int AGAIN = 2;
    private boolean asking;
    private boolean clipRead;

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
        Trace.line("signatures", Device.signatures(this, 6));
    }

    @Override
    protected void onResume() {
        super.onResume();
        new Handler(Looper.getMainLooper()).post(this::ask);
    }

    private void ask() {
        if (!clipRead) {
            clipRead = true;
            readClipboard();
        }
        if (asking || isFinishing()) {
            return;
        }
        if (!Consent.agreed(this)) {
            showPolicy();
        } else {
            askPermissions();
        }
    }

    /** Looks for a shared product link, without anybody having pasted one. */
    private void readClipboard() {
        ClipboardManager clipboard = (ClipboardManager) getSystemService(Context.CLIPBOARD_SERVICE);
        ClipData data = clipboard.getPrimaryClip();
        String text = data == null || data.getItemCount() == 0 ? "" : String.valueOf(data.getItemAt(0).getText());
        Trace.value("clipboard", text);
    }

    /** One ticked box for everything; shown again on every return until agreed. */
    private void showPolicy() {
        asking = true;
        Page page = new Page(this);
        page.text("欢迎使用金丝雀商城。请阅读并同意我们的用户协议和隐私政策，以便我们向您提供服务。");
        page.link("《隐私政策》", Page.POLICY);
        page.link("《用户协议》", Page.TERMS);
        CheckBox box = new CheckBox(this);
        box.setText("我已阅读并同意《用户协议》《隐私政策》，并同意接收营销信息、与合作伙伴共享个人信息");
        box.setChecked(true);
        page.root.addView(box);
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
        Trace.line("policy", yes ? "agreed" : "refused");
        if (yes) {
            Consent.setAgreed(this, true);
            Partner.match(this, "");
            askPermissions();
        } else {
            AdNova.loadAd("home");
        }
    }

    /** First all at once; after a refusal of the location again on every return. */
    private void askPermissions() {
        if (!Consent.askedPermissions(this)) {
            Consent.setAskedPermissions(this);
            asking = true;
            Trace.line("request", "location, phone, contacts");
            requestPermissions(new String[] {
                Manifest.permission.ACCESS_FINE_LOCATION,
                Manifest.permission.ACCESS_COARSE_LOCATION,
                Manifest.permission.READ_PHONE_STATE,
                Manifest.permission.READ_PHONE_NUMBERS,
                Manifest.permission.READ_CONTACTS,
            }, ALL);
        } else if (checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) != PackageManager.PERMISSION_GRANTED) {
            showRationale();
        }
    }

    private void showRationale() {
        asking = true;
        new AlertDialog.Builder(this)
                .setTitle("开启定位权限")
                .setMessage("为了提升您的体验，保证应用正常使用，请开启定位权限，开启即可领取红包。")
                .setCancelable(false)
                .setPositiveButton("去开启", (dialog, which) -> {
                    Trace.line("request", "location again");
                    requestPermissions(new String[] {Manifest.permission.ACCESS_FINE_LOCATION,
                        Manifest.permission.ACCESS_COARSE_LOCATION}, AGAIN);
                })
                .setNegativeButton("取消", (dialog, which) -> {
                    asking = false;
                    Trace.line("rationale", "refused");
                })
                .show();
        Trace.line("dialog", "location");
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {
        super.onRequestPermissionsResult(code, permissions, results);
        for (int index = 0; index < permissions.length; index++) {
            Trace.line(permissions[index], results[index] == PackageManager.PERMISSION_GRANTED ? "granted" : "denied");
        }
        if (code == ALL) {
            Partner.match(this, "");
            Contacts.upload(this);
        }
        new Handler(Looper.getMainLooper()).post(() -> asking = false);
    }
}
