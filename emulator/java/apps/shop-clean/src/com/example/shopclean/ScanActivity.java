package com.example.shopclean;

import android.Manifest;
import android.app.Activity;
import android.content.Context;
import android.content.pm.PackageManager;
import android.hardware.camera2.CameraAccessException;
import android.hardware.camera2.CameraDevice;
import android.hardware.camera2.CameraManager;
import android.os.Bundle;
import android.widget.TextView;

/** Code scanner; the camera is closed with the page. */
public final class ScanActivity extends Activity {
    private TextView result;
    private CameraDevice camera;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        result = page.text("扫描商品二维码需要使用相机，画面不会保存或上传");
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
                public void onOpened(CameraDevice opened) {
                    camera = opened;
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

    @Override
    protected void onStop() {
        super.onStop();
        if (camera != null) {
            camera.close();
            camera = null;
            Trace.line("camera", "closed");
        }
    }
}
