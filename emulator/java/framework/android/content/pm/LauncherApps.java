package android.content.pm;

import android.app.ApplicationPackageManager;
import android.content.Context;
import android.os.UserHandle;
import java.util.List;

public class LauncherApps {
    private final Context context;

    public LauncherApps(Context context) {
        this.context = context;
    }

    public List<LauncherActivityInfo> getActivityList(String packageName, UserHandle user) {
        return ApplicationPackageManager.launcherActivities(packageName);
    }
}
