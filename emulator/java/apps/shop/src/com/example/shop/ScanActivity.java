package com.example.shop;

import android.Manifest;
import android.app.Activity;
import android.content.Context;
import android.content.pm.PackageManager;
import android.hardware.camera2.CameraAccessException;
import android.hardware.camera2.CameraDevice;
import android.hardware.camera2.CameraManager;
import android.os.Bundle;
import android.widget.TextView;

/** Code scanner; the camera stays open after the page was left. */
public final class ScanActivity extends Activity {
    private TextView result;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        result = page.text("将二维码放入框内，需要使用相机权限");
        page.button("返回", view -> finish());
        setContentView(page.root);
        if (checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED) {
            open();
        } else {
            requestPermissions(new String[] {Manifest.permission.CAMERA}, 1);
        }
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {
        super.onRequestPermissionsResult(code, permissions, results);
        if (results.length > 0 && results[0] == PackageManager.PERMISSION_GRANTED) {
            open();
        } else {
            Trace.line("camera", "denied");
            result.setText("没有相机权限");
        }
    }

    private void open() {
        CameraManager manager = (CameraManager) getSystemService(Context.CAMERA_SERVICE);
        try {
            manager.openCamera(manager.getCameraIdList()[0], new CameraDevice.StateCallback() {
                @Override
                public void onOpened(CameraDevice camera) {
                    Trace.line("camera", "opened");
                }

                @Override
                public void onDisconnected(CameraDevice camera) {
                    Trace.line("camera", "disconnected");
                }

                @Override
                public void onError(CameraDevice camera, int error) {
                    Trace.line("camera", "error " + error);
                }
            }, null);
        } catch (CameraAccessException | SecurityException refused) {
            Trace.line("camera", refused.getClass().getSimpleName());
        }
    }
}
