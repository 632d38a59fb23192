package com.example.conduct;

import android.Manifest;
import android.app.AlertDialog;

/** How permissions are asked for, and what follows a refusal. */
final class Permissions implements Behaviour {
    private static final String VOICE = "用于语音搜索，需要麦克风权限";
    private static final String DATES = "用于把预约写进日历，需要日历权限";

    @Override
    public void violate(MainActivity at, String rule) {
        switch (rule) {
            case "PRM-03" -> at.request(
                    new String[] {Manifest.permission.READ_CALENDAR, Manifest.permission.READ_CONTACTS}, () -> { });
            case "PRM-05" -> at.explain(VOICE, Manifest.permission.RECORD_AUDIO, () -> Later.after(1, () -> leave(at)));
            case "PRM-06" -> at.request(Manifest.permission.READ_SMS, () -> { });
            default -> { }
        }
    }

    @Override
    public void comply(MainActivity at, String rule) {
        switch (rule) {
            case "PRM-02" -> at.explain("用于查找附近门店，需要位置权限", Manifest.permission.ACCESS_COARSE_LOCATION, () -> { });
            case "PRM-03" -> at.explain(DATES, Manifest.permission.READ_CALENDAR, () -> { });
            case "PRM-05", "PRM-06" -> at.explain(VOICE, Manifest.permission.RECORD_AUDIO, () -> { });
            default -> { }
        }
    }

    /** Asks once more without being asked to, and then points at the settings. */
    static void again(MainActivity at, String permission) {
        at.request(permission, () -> new AlertDialog.Builder(at)
                .setTitle("开启电话权限")
                .setMessage("请到设置中开启读取手机状态的权限")
                .setPositiveButton("去开启", null)
                .setNegativeButton("取消", null)
                .show());
    }

    private static void leave(MainActivity at) {
        at.finishAffinity();
        System.exit(0);
    }
}
