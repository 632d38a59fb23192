package com.example.conduct;

import android.Manifest;
import android.content.Context;
import android.hardware.camera2.CameraAccessException;
import android.hardware.camera2.CameraDevice;
import android.hardware.camera2.CameraManager;

/** What is read, when, how often, and with whose consent. */
final class Collecting implements Behaviour {
    @Override
    public void violate(MainActivity at, String rule) {
        switch (rule) {
            case "COL-06" -> at.explain("用于识别来电时暂停播放，需要电话权限", Manifest.permission.READ_PHONE_STATE, () -> {
                Reads.drmId();
                Later.after(1.5, () -> Permissions.again(at, Manifest.permission.READ_PHONE_STATE));
            });
            case "COL-07" -> {
                Later.after(13, () -> Reads.androidId(at));
                Later.after(15, () -> Reads.androidId(at));
                Later.after(16, () -> Reads.location(at));
            }
            case "COL-08" -> again(at);
            case "COL-09" -> Reads.simOperator(at);
            case "COL-10" -> {
                Reads.contacts(at);
                at.request(new String[] {Manifest.permission.ACCESS_FINE_LOCATION,
                    Manifest.permission.ACCESS_COARSE_LOCATION}, () -> Reads.fineLocation(at));
            }
            case "COL-11" -> {
                String[] place = Reads.location(at);
                Net.send(Net.OWN, "lat", place[0], "lon", place[1]);
                Later.after(0.5, () -> Reads.location(at));
            }
            case "COL-13" -> Reads.oaid(at, oaid -> Net.send(Net.OWN, "drm", Reads.drmId(), "oaid", oaid));
            case "COL-14" -> Later.after(9, () -> camera(at));
            case "POL-04" -> Libraries.push(at);
            case "POL-05" -> Reads.location(at);
            default -> { }
        }
    }

    @Override
    public void comply(MainActivity at, String rule) {
        switch (rule) {
            case "COL-06" -> at.explain("用于识别来电时暂停播放，需要电话权限", Manifest.permission.READ_PHONE_STATE, () -> { });
            case "COL-07", "COL-08", "COL-09" -> Reads.androidId(at);
            case "COL-10" -> ask(at, "通讯录", () -> Reads.oneContact(at));
            case "COL-11" -> ask(at, "位置", () -> {
                String[] place = Reads.location(at);
                Net.send(Net.OWN, "lat", place[0], "lon", place[1]);
            });
            case "COL-12" -> Reads.clipboard(at);
            case "COL-13" -> Reads.oaid(at, oaid -> Net.send(Net.OWN, "oaid", oaid));
            case "COL-14" -> camera(at);
            case "POL-04" -> Libraries.statistics(at.getApplicationContext());
            case "POL-05" -> Page.ask(at, "未成年人保护", "您的孩子未满十四周岁，需要监护人决定。", "监护人同意",
                    () -> Reads.location(at), () -> { });
            default -> { }
        }
    }

    private static void ask(MainActivity at, String what, Runnable yes) {
        Page.ask(at, what + "信息单独同意", what + "信息用于本功能。必要性：没有它无法完成。对您的影响：仅本次使用，不保存。", "同意", yes,
                () -> { });
    }

    /** The same number seven times in less than a second. */
    private static void again(Context context) {
        for (int i = 0; i < 7; i++) {
            Later.after(0.1 * i, () -> Reads.androidId(context));
        }
    }

    private static void camera(Context context) {
        CameraManager manager = (CameraManager) context.getSystemService(Context.CAMERA_SERVICE);
        try {
            manager.openCamera(manager.getCameraIdList()[0], new CameraDevice.StateCallback() {
                @Override
                public void onOpened(CameraDevice camera) {
                    Later.after(0.5, camera::close);
                }

                @Override
                public void onDisconnected(CameraDevice camera) {
                    camera.close();
                }

                @Override
                public void onError(CameraDevice camera, int error) {
                    camera.close();
                }
            }, null);
        } catch (CameraAccessException | SecurityException refused) {
            // no picture
        }
    }
}
