package com.example.mall;

import android.Manifest;
import android.app.AlertDialog;
import android.content.pm.PackageManager;
import android.location.LocationManager;
import android.os.Looper;

/** Asks for the location where the customer wants to see what is near. */
public final class NearbyActivity extends Screen {
    private static final String[] WANTED = {
        Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION
    };

    @Override
    String name() {
        return "nearby";
    }

    @Override
    void fill() {
        page.text("附近门店：需要位置权限，用于按距离排序。");
        page.button("查找附近门店", this::find);
        page.button("返回", this::finish);
    }

    private void find() {
        if (Build.FAIR && !Choice.granted(this, Choice.POLICY)) {
            page.text("请手动选择城市");
        } else if (Build.FAIR && !Choice.answered(this, "location")) {
            ask();
        } else if (Build.FAIR && !Choice.granted(this, "location")) {
            page.text("请手动选择城市");
        } else if (checkSelfPermission(WANTED[0]) == PackageManager.PERMISSION_GRANTED) {
            locate();
        } else {
            requestPermissions(WANTED, 1);
        }
    }

    private void ask() {
        new AlertDialog.Builder(this)
                .setTitle("单独同意：位置信息")
                .setMessage("为按距离排序附近门店，需要收集您的位置信息（敏感个人信息）。不同意不影响其他功能。")
                .setPositiveButton("同意", (dialog, which) -> located("granted"))
                .setNegativeButton("不同意", (dialog, which) -> located("denied"))
                .show();
    }

    private void located(String decision) {
        Choice.set(this, "location", decision);
        find();
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {
        super.onRequestPermissionsResult(code, permissions, results);
        boolean yes = results.length > 0 && results[0] == PackageManager.PERMISSION_GRANTED;
        Deeds.answer("permission", yes ? "granted" : "denied");
        if (yes) {
            locate();
        } else {
            page.text("请手动选择城市");
        }
    }

    private void locate() {
        LocationManager manager = (LocationManager) getSystemService(LOCATION_SERVICE);
        manager.requestSingleUpdate(LocationManager.GPS_PROVIDER, fix -> page.text("附近有 3 家门店"), Looper.getMainLooper());
    }
}
