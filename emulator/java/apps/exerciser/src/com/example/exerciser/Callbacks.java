package com.example.exerciser;

import android.hardware.camera2.CameraDevice;

/** Callbacks that do nothing. */
final class Callbacks {
    private Callbacks() {}

    static void none(Object nothing) {}

    static class Camera extends CameraDevice.StateCallback {
        @Override public void onOpened(CameraDevice camera) {}
        @Override public void onDisconnected(CameraDevice camera) {}
        @Override public void onError(CameraDevice camera, int error) {}
    }

    static class Life implements android.app.Application.ActivityLifecycleCallbacks {
        @Override public void onActivityCreated(android.app.Activity screen, android.os.Bundle saved) {}
        @Override public void onActivityStarted(android.app.Activity screen) {}
        @Override public void onActivityResumed(android.app.Activity screen) {}
        @Override public void onActivityPaused(android.app.Activity screen) {}
        @Override public void onActivityStopped(android.app.Activity screen) {}
        @Override public void onActivitySaveInstanceState(android.app.Activity screen, android.os.Bundle state) {}
        @Override public void onActivityDestroyed(android.app.Activity screen) {}
    }

    static class Sense implements android.hardware.SensorEventListener {
        @Override public void onSensorChanged(android.hardware.SensorEvent event) {}
        @Override public void onAccuracyChanged(android.hardware.Sensor sensor, int accuracy) {}
    }

    static class Towers extends android.telephony.TelephonyManager.CellInfoCallback {
        @Override public void onCellInfo(java.util.List cells) {}
    }

    static class Scans implements android.bluetooth.BluetoothAdapter.LeScanCallback {
        @Override public void onLeScan(android.bluetooth.BluetoothDevice device, int rssi, byte[] record) {}
    }

    static class Wifi extends android.net.wifi.WifiManager.ScanResultsCallback {
        @Override public void onScanResultsAvailable() {}
    }

    static class Calls implements okhttp3.Callback {
        @Override public void onFailure(okhttp3.Call call, java.io.IOException e) {}
        @Override public void onResponse(okhttp3.Call call, okhttp3.Response response) {}
    }

    static class Calls2 implements com.squareup.okhttp.Callback {
        @Override public void onFailure(com.squareup.okhttp.Request request, java.io.IOException e) {}
        @Override public void onResponse(com.squareup.okhttp.Response response) {}
    }

    static class Urls extends org.chromium.net.UrlRequest.Callback {
        @Override public void onSucceeded(org.chromium.net.UrlRequest request, int status) {}
        @Override public void onFailed(org.chromium.net.UrlRequest request, Exception error) {}
    }
}
