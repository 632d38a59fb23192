package aosp;

import android.app.ActivityManager.RunningAppProcessInfo;
import android.app.ContentProviderHolder;
import android.app.IApplicationThread;
import android.content.pm.PackageManager;
import android.content.pm.ProviderInfo;
import android.content.pm.UserInfo;
import android.os.Process;
import java.util.ArrayList;
import java.util.List;

/** IActivityManager: providers and permissions. */
final class Activities {
    public ContentProviderHolder getContentProvider(IApplicationThread caller, String owner, String authority, int user, boolean stable) {
        Provider provider = Provider.of(authority);
        if (provider == null) return null;
        ProviderInfo info = new ProviderInfo();
        info.authority = authority;
        info.name = authority;
        info.packageName = "android";
        info.applicationInfo = Packages.own();
        info.exported = true;
        ContentProviderHolder holder = new ContentProviderHolder(info);
        holder.provider = provider;
        holder.noReleaseNeeded = true;
        return holder;
    }

    public boolean refContentProvider(android.os.IBinder connection, int stable, int unstable) {
        return true;
    }

    public void removeContentProvider(android.os.IBinder connection, boolean stable) {}

    public int checkPermission(String name, int pid, int uid) {
        return Link.holds(name) ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED;
    }

    public UserInfo getCurrentUser() {
        return new Users().getUserInfo(0);
    }

    public int getCurrentUserId() {
        return 0;
    }

    public List<RunningAppProcessInfo> getRunningAppProcesses() {
        List<RunningAppProcessInfo> found = new ArrayList<>();
        found.add(new RunningAppProcessInfo(Packages.own().packageName, Process.myPid(), new String[] {Packages.own().packageName}));
        return found;
    }
}
