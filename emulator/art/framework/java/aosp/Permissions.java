package aosp;

import android.app.AppOpsManager;
import android.content.pm.PackageManager;

/** IPermissionManager and IAppOpsService: the app holds what it asks for. */
final class Permissions {
    public int checkPermission(String name, String owner, int user) {
        return PackageManager.PERMISSION_GRANTED;
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
