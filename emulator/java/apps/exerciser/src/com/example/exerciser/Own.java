package com.example.exerciser;

import android.accessibilityservice.AccessibilityService;
import android.bluetooth.le.ScanCallback;
import android.bluetooth.le.ScanResult;
import android.location.GnssStatus;
import android.location.Location;
import android.location.LocationListener;
import android.location.OnNmeaMessageListener;
import android.service.notification.NotificationListenerService;
import android.service.notification.StatusBarNotification;
import android.telephony.CellLocation;
import android.telephony.PhoneStateListener;
import android.telephony.TelephonyCallback;
import android.text.style.ClickableSpan;
import android.view.View;
import android.view.accessibility.AccessibilityEvent;
import android.webkit.GeolocationPermissions;
import android.webkit.PermissionRequest;
import android.webkit.WebChromeClient;
import android.webkit.WebResourceRequest;
import android.webkit.WebResourceResponse;
import android.webkit.WebView;
import android.webkit.WebViewClient;
import com.google.android.gms.appset.AppSet;
import com.google.android.gms.location.LocationServices;
import com.google.android.gms.tasks.Tasks;
import java.util.List;

/** What the app overrides of the platform: deliveries come in here. */
final class Own {
    private Own() {}

    static void load() {
        Make.keep("android.accessibilityservice.AccessibilityService", new Watcher());
        Make.keep("android.service.notification.NotificationListenerService", new Notices());
        Make.keep("android.bluetooth.le.ScanCallback", new Found());
        Make.keep("android.telephony.PhoneStateListener", new Phone());
        Make.keep("android.telephony.TelephonyCallback$CellInfoListener", new Cells());
        Make.keep("android.telephony.TelephonyManager$CellInfoCallback", new Callbacks.Towers());
        Make.keep("com.google.android.gms.location.FusedLocationProviderClient", LocationServices.getFusedLocationProviderClient(null));
        Make.keep("com.google.android.gms.appset.AppSetIdClient", AppSet.getClient(null));
        Make.keep("com.google.android.gms.tasks.Task", Tasks.forResult("canary"));
        Make.keep("android.location.GnssStatus$Callback", new Satellites());
        Make.keep("android.location.OnNmeaMessageListener", new Nmea());
        Make.keep("android.telephony.TelephonyCallback$CallStateListener", new Calls());
        Make.keep("android.location.LocationListener", new Places());
        Make.keep("android.webkit.WebChromeClient", new Chrome());
        Make.keep("android.webkit.WebViewClient", new Pages());
        Make.keep("androidx.fragment.app.Fragment", new Part());
        Make.keep("android.text.style.ClickableSpan", new Link());
        for (String name : All.LOADED) {
            try {
                Out.type(name);
            } catch (ClassNotFoundException absent) {
                throw new IllegalStateException(absent);
            }
        }
        try {
            Class.forName("android.widget.ListView");
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException(absent);
        }
    }

    static class Watcher extends AccessibilityService {
        @Override public void onAccessibilityEvent(AccessibilityEvent event) {}
    }

    static class Notices extends NotificationListenerService {
        @Override public void onNotificationPosted(StatusBarNotification notice) {}
    }

    static class Found extends ScanCallback {
        @Override public void onScanResult(int type, ScanResult result) {}
        @Override public void onBatchScanResults(java.util.List<ScanResult> results) {}
    }

    static class Phone extends PhoneStateListener {
        @Override public void onCallStateChanged(int state, String number) {}
        @Override public void onCellInfoChanged(List cells) {}
        @Override public void onCellLocationChanged(CellLocation location) {}
    }

    static class Cells implements TelephonyCallback.CellInfoListener {
        @Override public void onCellInfoChanged(List cells) {}
    }

    static class Satellites extends GnssStatus.Callback {
        @Override public void onSatelliteStatusChanged(GnssStatus status) {}
    }

    static class Calls extends android.telephony.TelephonyCallback implements android.telephony.TelephonyCallback.CallStateListener {
        @Override public void onCallStateChanged(int state) {}
    }

    static class Nmea implements OnNmeaMessageListener {
        @Override public void onNmeaMessage(String message, long time) {}
    }

    static class Places implements LocationListener {
        @Override public void onLocationChanged(Location location) {}
    }

    static class Chrome extends WebChromeClient {
        @Override public void onGeolocationPermissionsShowPrompt(String origin, GeolocationPermissions.Callback callback) {}
        @Override public void onPermissionRequest(PermissionRequest request) {}
    }

    static class Pages extends WebViewClient {
        @Override public WebResourceResponse shouldInterceptRequest(WebView view, WebResourceRequest request) { return null; }
    }

    static class Part extends androidx.fragment.app.Fragment {
        @Override public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {}
    }

    static class Link extends ClickableSpan {
        @Override public void onClick(View view) {}
    }

    /** A digest that is its own implementation, as libraries bring them. */
    static class Sum extends java.security.MessageDigest implements Cloneable {
        private byte sum;
        Sum() { super("SUM"); }
        @Override protected void engineUpdate(byte one) { sum += one; }
        @Override protected void engineUpdate(byte[] data, int at, int size) { for (int i = 0; i < size; i++) sum += data[at + i]; }
        @Override protected byte[] engineDigest() { return new byte[] {sum}; }
        @Override protected void engineReset() { sum = 0; }
    }

    static class Asked extends com.android.volley.Request<String> {
        Asked(String address) {
            super(1, address);
        }

        @Override protected java.util.Map<String, String> getParams() {
            return java.util.Map.of("a", "b");
        }

        @Override protected void deliverResponse(int status) {}
    }
}
