package com.example.shopclean;

import android.Manifest;
import android.app.Activity;
import android.app.AlertDialog;
import android.content.pm.PackageManager;
import android.location.Location;
import android.location.LocationManager;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.widget.TextView;
import java.util.Locale;

/** Shops near by: separate consent, then the permission, then one approximate position. */
public final class NearbyActivity extends Activity {
    private TextView result;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        result = page.text("附近门店");
        page.button("返回", view -> finish());
        setContentView(page.root);
        if (!Consent.agreed(this) || Consent.locationRefused(this)) {
            byHand();
        } else if (!Consent.location(this)) {
            new Handler(Looper.getMainLooper()).post(this::ask);
        } else {
            permission();
        }
    }

    private void byHand() {
        Trace.line("nearby", "by hand");
        result.setText("请手动选择城市：北京 上海 深圳");
    }

    private void ask() {
        new AlertDialog.Builder(this)
                .setTitle("位置信息单独同意")
                .setMessage("查找附近门店需要您的大致位置信息。必要性：没有位置无法排序门店。"
                        + "对您的影响：位置仅用于本次查找，不保存，不提供给他人。您可以不同意并手动选择城市。")
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> {
                    Consent.setLocation(this, true);
                    Trace.line("location consent", "agreed");
                    permission();
                })
                .setNegativeButton("不同意", (dialog, which) -> {
                    Consent.setLocationRefused(this);
                    Trace.line("location consent", "refused");
                    byHand();
                })
                .show();
        Trace.line("dialog", "location");
    }

    private void permission() {
        if (checkSelfPermission(Manifest.permission.ACCESS_COARSE_LOCATION) == PackageManager.PERMISSION_GRANTED) {
            locate();
        } else {
            requestPermissions(new String[] {Manifest.permission.ACCESS_COARSE_LOCATION}, 1);
        }
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {
        super.onRequestPermissionsResult(code, permissions, results);
        if (results.length > 0 && results[0] == PackageManager.PERMISSION_GRANTED) {
            Trace.line("permission", "granted");
            locate();
        } else {
            Trace.line("permission", "denied");
            Consent.setLocationRefused(this);
            byHand();
        }
    }

    private void locate() {
        LocationManager manager = (LocationManager) getSystemService(LOCATION_SERVICE);
        manager.getCurrentLocation(LocationManager.NETWORK_PROVIDER, null, getMainExecutor(), this::found);
    }

    private void found(Location fix) {
        if (fix == null) {
            byHand();
            return;
        }
        String json = String.format(Locale.ROOT, "{\"lat\":%.2f,\"lon\":%.2f}", fix.getLatitude(), fix.getLongitude());
        Trace.value("nearby position", json);
        Api.send(Api.OWN + "/v1/stores", "application/json", json);
        result.setText("附近有 3 家门店");
    }
}
