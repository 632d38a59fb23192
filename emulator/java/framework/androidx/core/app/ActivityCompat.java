package androidx.core.app;

import android.app.Activity;
import androidx.core.content.ContextCompat;

public class ActivityCompat extends ContextCompat {
    public interface OnRequestPermissionsResultCallback {
        void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults);
    }

    protected ActivityCompat() {}

    public static void requestPermissions(Activity activity, String[] permissions, int requestCode) { activity.requestPermissions(permissions, requestCode); }
    public static boolean shouldShowRequestPermissionRationale(Activity activity, String permission) {
        return activity.shouldShowRequestPermissionRationale(permission);
    }
    public static void finishAffinity(Activity activity) { activity.finishAffinity(); }
}
