package com.example.shop;

import android.Manifest;
import android.app.Activity;
import android.content.pm.PackageManager;
import android.location.Location;
import android.location.LocationListener;
import android.location.LocationManager;
import android.os.Bundle;
import android.os.Looper;
import android.widget.TextView;
import java.util.Locale;

/** Shops near by; the position updates are never ended. */
public final class NearbyActivity extends Activity {
    private TextView result;
    private boolean first = true;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        result = page.text("正在查找附近门店");
        page.button("返回", view -> finish());
        setContentView(page.root);
        if (checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) == PackageManager.PERMISSION_GRANTED) {
            locate();
        } else {
            requestPermissions(new String[] {Manifest.permission.ACCESS_FINE_LOCATION,
                Manifest.permission.ACCESS_COARSE_LOCATION}, 1);
        }
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {
        super.onRequestPermissionsResult(code, permissions, results);
        if (results.length > 0 && results[0] == PackageManager.PERMISSION_GRANTED) {
            locate();
        } else {
            Trace.line("nearby", "denied");
            result.setText("没有定位权限，请手动选择城市");
        }
    }

    private void locate() {
        LocationManager manager = (LocationManager) getSystemService(LOCATION_SERVICE);
        LocationListener listener = this::found;
        manager.requestLocationUpdates(LocationManager.GPS_PROVIDER, 5000, 0, listener, Looper.getMainLooper());
        Trace.line("nearby", "waiting for position");
    }

    private void found(Location fix) {
        String place = String.format(Locale.ROOT, "%.6f,%.6f", fix.getLatitude(), fix.getLongitude());
        if (first) {
            first = false;
            Trace.value("nearby position", place);
            result.setText("附近有 3 家门店");
            String json = "{\"lat\":" + fix.getLatitude() + ",\"lon\":" + fix.getLongitude()
                    + ",\"did\":\"" + Device.androidId(this) + "\"}";
            Api.send(Api.OWN + "/v1/stores", "application/json", json);
            Partner.match(this, "");
        }
    }
}
