package aosp;

import android.app.AppOpsManager;
import android.content.pm.PackageManager;

/** IPermissionManager and IAppOpsService: in a session the device says what the app holds. */
final class Permissions {
    public int checkPermission(String name, String owner, int user) {
        return Link.holds(name) ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED;
    }

    public int checkOperation(int code, int uid, String owner) {
        return AppOpsManager.MODE_ALLOWED;
    }

    public int checkOperationRaw(int code, int uid, String owner, String tag) {
        return AppOpsManager.MODE_ALLOWED;
    }

    public boolean shouldCollectNotes(int code) {
        return false;
    }
}
