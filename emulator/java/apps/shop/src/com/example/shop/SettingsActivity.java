package com.example.shop;

import android.app.Activity;
import android.app.AlertDialog;
import android.os.Bundle;
import android.widget.Switch;
import android.widget.Toast;
import cn.beacon.analytics.Beacon;
import com.adnova.sdk.AdNova;

/** Settings that change what is stored, and nothing else. */
public final class SettingsActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        Switch personal = new Switch(this);
        personal.setText("个性化推荐");
        personal.setChecked(Consent.personalised(this));
        personal.setOnCheckedChangeListener((button, on) -> {
            Consent.setPersonalised(this, on);
            Trace.line("personalised", String.valueOf(on));
            AdNova.loadAd("settings");
        });
        page.root.addView(personal);
        page.button("撤回同意", view -> withdraw());
        page.link("隐私政策", Page.POLICY);
        page.button("注销账号", view -> cancelAccount());
        page.button("返回", view -> finish());
        setContentView(page.root);
    }

    /** The stored choice is reset; the libraries are not informed. */
    private void withdraw() {
        Consent.setAgreed(this, false);
        Trace.line("withdraw", "stored");
        Toast.makeText(this, "已撤回同意", Toast.LENGTH_SHORT).show();
        Beacon.event("withdraw");
        AdNova.loadAd("settings");
        Api.send(Api.OWN + "/v1/profile", "application/json", "{\"device_id\":\"" + Device.androidId(this) + "\"}");
    }

    private void cancelAccount() {
        Trace.line("cancel account", "asked for ID card");
        new AlertDialog.Builder(this)
                .setTitle("注销账号")
                .setMessage("注销账号需上传手持身份证照片并进行人脸识别，由人工在 30 个工作日内审核。")
                .setPositiveButton("上传身份证", (dialog, which) -> Trace.line("cancel account", "went on"))
                .setNegativeButton("取消", null)
                .show();
    }
}
