package com.example.shopclean;

import android.app.Activity;
import android.app.AlertDialog;
import android.os.Bundle;
import android.widget.Switch;
import android.widget.Toast;
import com.adnova.sdk.AdNova;

/** Settings that do what they say. */
public final class SettingsActivity extends Activity {
    private Switch personal;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        personal = new Switch(this);
        personal.setText("个性化推荐");
        personal.setChecked(Consent.personalised(this));
        personal.setOnCheckedChangeListener((button, on) -> change(on));
        page.root.addView(personal);
        page.button("撤回同意", view -> withdraw());
        page.button("同意隐私政策", view -> agree());
        page.link("隐私政策", Page.POLICY);
        page.button("注销账号", view -> cancelAccount());
        page.button("返回", view -> finish());
        setContentView(page.root);
    }

    private void change(boolean on) {
        if (on && !Consent.personalised(this)) {
            askSharing();
        } else if (!on && Consent.personalised(this)) {
            Consent.setPersonalised(this, false);
            AdNova.shutdown();
            Trace.line("personalised", "off");
        }
    }

    private void askSharing() {
        new AlertDialog.Builder(this)
                .setTitle("广告共享单独同意")
                .setMessage("开启后，我们会向 AdNova（演示广告公司）提供您的 OAID 和广告 ID，用于个性化广告。"
                        + "必要性：仅用于选择广告。对您的影响：您可能看到与兴趣相关的广告。随时可以关闭。")
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> sharing(true))
                .setNegativeButton("不同意", (dialog, which) -> sharing(false))
                .show();
        Trace.line("dialog", "sharing");
    }

    private void sharing(boolean yes) {
        boolean allowed = yes && Consent.agreed(this);
        Consent.setPersonalised(this, allowed);
        Trace.line("sharing", yes ? "agreed" : "refused");
        if (allowed) {
            ShopApplication.startAds(this);
        } else {
            personal.setChecked(false);
        }
    }

    private void agree() {
        if (!Consent.agreed(this)) {
            Consent.setAgreed(this, true);
            Trace.line("policy", "agreed in settings");
            ShopApplication.startServices(this);
        }
    }

    private void withdraw() {
        Consent.withdraw(this);
        ShopApplication.stopServices(this);
        personal.setChecked(false);
        Trace.line("withdraw", "done");
        Toast.makeText(this, "已撤回同意", Toast.LENGTH_SHORT).show();
    }

    private void cancelAccount() {
        new AlertDialog.Builder(this)
                .setTitle("注销账号")
                .setMessage("注销后将删除您的全部个人信息，是否继续？")
                .setPositiveButton("确认注销", (dialog, which) -> {
                    withdraw();
                    Trace.line("cancel account", "done");
                })
                .setNegativeButton("取消", null)
                .show();
    }
}
