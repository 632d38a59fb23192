package aosp;

import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageInfo;
import android.content.pm.ParceledListSlice;
import android.content.pm.ResolveInfo;
import android.os.Process;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;

/** IPackageManager. */
final class Packages {
    private static ApplicationInfo own;

    /** The app that runs in this process. */
    static ApplicationInfo own() {
        if (own == null) {
            own = application("com.example.app", Process.myUid());
            own.targetSdkVersion = 34;
        }
        return own;
    }

    /** As the device of a session says. */
    static void own(ApplicationInfo info) {
        own = info;
    }

    static ApplicationInfo application(String name, int uid) {
        ApplicationInfo info = new ApplicationInfo();
        info.packageName = name;
        info.processName = name;
        info.uid = uid;
        info.sourceDir = "/data/app/" + name + "/base.apk";
        info.publicSourceDir = info.sourceDir;
        info.dataDir = "/data/user/0/" + name;
        info.credentialProtectedDataDir = info.dataDir;
        info.deviceProtectedDataDir = "/data/user_de/0/" + name;
        info.enabled = true;
        return info;
    }

    private static List<PackageInfo> all() {
        List<PackageInfo> found = new ArrayList<>();
        JSONArray state = Link.there() ? (JSONArray) Link.ask("packages.list", java.util.Collections.emptyMap()) : State.array("packages");
        for (int at = 0; at < state.length(); at++) {
            JSONObject one = state.optJSONObject(at);
            PackageInfo info = new PackageInfo();
            info.packageName = one.optString("name");
            info.versionCode = one.optInt("version_code", 33);
            info.versionName = one.optString("version_name", "13");
            info.applicationInfo = application(info.packageName, one.optInt("uid"));
            info.applicationInfo.nonLocalizedLabel = one.optString("label");
            if (one.optBoolean("system", true)) info.applicationInfo.flags |= ApplicationInfo.FLAG_SYSTEM;
            found.add(info);
        }
        if (Link.there()) return found;  // it is among them
        PackageInfo mine = new PackageInfo();
        mine.packageName = own().packageName;
        mine.applicationInfo = own();
        found.add(mine);
        return found;
    }

    public ParceledListSlice getInstalledPackages(long flags, int user) {
        return new ParceledListSlice<>(all());
    }

    public ParceledListSlice getInstalledApplications(long flags, int user) {
        List<ApplicationInfo> found = new ArrayList<>();
        for (PackageInfo one : all()) found.add(one.applicationInfo);
        return new ParceledListSlice<>(found);
    }

    public PackageInfo getPackageInfo(String name, long flags, int user) {
        for (PackageInfo one : all()) {
            if (one.packageName.equals(name)) return one;
        }
        return null;
    }

    public ApplicationInfo getApplicationInfo(String name, long flags, int user) {
        PackageInfo found = getPackageInfo(name, flags, user);
        return found == null ? null : found.applicationInfo;
    }

    public ParceledListSlice queryIntentActivities(Intent intent, String type, long flags, int user) {
        List<ResolveInfo> found = new ArrayList<>();
        for (PackageInfo one : all()) {
            if ((one.applicationInfo.flags & ApplicationInfo.FLAG_SYSTEM) != 0) continue;
            ResolveInfo info = new ResolveInfo();
            info.activityInfo = new ActivityInfo();
            info.activityInfo.packageName = one.packageName;
            info.activityInfo.name = one.packageName + ".MainActivity";
            info.activityInfo.applicationInfo = one.applicationInfo;
            found.add(info);
        }
        return new ParceledListSlice<>(found);
    }

    public ResolveInfo resolveIntent(Intent intent, String type, long flags, int user) {
        return (ResolveInfo) queryIntentActivities(intent, type, flags, user).getList().get(0);
    }

    public String[] getPackagesForUid(int uid) {
        List<String> found = new ArrayList<>();
        for (PackageInfo one : all()) {
            if (one.applicationInfo.uid == uid) found.add(one.packageName);
        }
        return found.isEmpty() ? null : found.toArray(new String[0]);
    }

    public String getNameForUid(int uid) {
        String[] found = getPackagesForUid(uid);
        return found == null ? null : found[0];
    }

    public int checkPermission(String name, String owner, int user) {
        return Link.holds(name) ? 0 : -1;
    }

    public boolean hasSystemFeature(String name, int version) {
        return true;
    }

    public String getInstallerPackageName(String name) {
        return "com.android.packageinstaller";
    }

    public String getPermissionControllerPackageName() {
        return "com.android.permissioncontroller";
    }
}
