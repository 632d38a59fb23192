package android.content.pm;

import android.content.ComponentName;
import android.content.Intent;
import android.util.AndroidException;
import java.util.List;

public abstract class PackageManager {
    public static final int PERMISSION_GRANTED = 0;
    public static final int PERMISSION_DENIED = -1;
    public static final int GET_ACTIVITIES = 1;
    public static final int GET_RECEIVERS = 2;
    public static final int GET_SERVICES = 4;
    public static final int GET_PROVIDERS = 8;
    public static final int GET_SIGNATURES = 64;
    public static final int GET_RESOLVED_FILTER = 64;
    public static final int GET_META_DATA = 128;
    public static final int GET_PERMISSIONS = 4096;
    public static final int MATCH_UNINSTALLED_PACKAGES = 8192;
    public static final int MATCH_DEFAULT_ONLY = 0x10000;
    public static final int MATCH_ALL = 0x20000;
    public static final int MATCH_SYSTEM_ONLY = 0x100000;
    public static final int GET_SIGNING_CERTIFICATES = 0x8000000;
    public static final int SIGNATURE_MATCH = 0;
    public static final int COMPONENT_ENABLED_STATE_DEFAULT = 0;
    public static final int COMPONENT_ENABLED_STATE_ENABLED = 1;
    public static final int COMPONENT_ENABLED_STATE_DISABLED = 2;
    public static final int DONT_KILL_APP = 1;
    public static final String FEATURE_CAMERA = "android.hardware.camera";
    public static final String FEATURE_TELEPHONY = "android.hardware.telephony";
    public static final String FEATURE_WIFI = "android.hardware.wifi";
    public static final String FEATURE_BLUETOOTH_LE = "android.hardware.bluetooth_le";
    public static final String FEATURE_LOCATION_GPS = "android.hardware.location.gps";
    /** Hidden in the public API. */
    public static final String ACTION_REQUEST_PERMISSIONS = "android.content.pm.action.REQUEST_PERMISSIONS";
    /** Hidden in the public API. */
    public static final String EXTRA_REQUEST_PERMISSIONS_NAMES = "android.content.pm.extra.REQUEST_PERMISSIONS_NAMES";
    /** Hidden in the public API. */
    public static final String EXTRA_REQUEST_PERMISSIONS_RESULTS = "android.content.pm.extra.REQUEST_PERMISSIONS_RESULTS";

    public static class NameNotFoundException extends AndroidException {
        public NameNotFoundException() {}

        public NameNotFoundException(String name) {
            super(name);
        }
    }

    public static class Flags {
        final long value;

        Flags(long value) {
            this.value = value;
        }

        public long getValue() {
            return value;
        }
    }

    public static final class PackageInfoFlags extends Flags {
        private PackageInfoFlags(long value) {
            super(value);
        }

        public static PackageInfoFlags of(long value) {
            return new PackageInfoFlags(value);
        }
    }

    public static final class ApplicationInfoFlags extends Flags {
        private ApplicationInfoFlags(long value) {
            super(value);
        }

        public static ApplicationInfoFlags of(long value) {
            return new ApplicationInfoFlags(value);
        }
    }

    public static final class ComponentInfoFlags extends Flags {
        private ComponentInfoFlags(long value) {
            super(value);
        }

        public static ComponentInfoFlags of(long value) {
            return new ComponentInfoFlags(value);
        }
    }

    public static final class ResolveInfoFlags extends Flags {
        private ResolveInfoFlags(long value) {
            super(value);
        }

        public static ResolveInfoFlags of(long value) {
            return new ResolveInfoFlags(value);
        }
    }

    public abstract List<PackageInfo> getInstalledPackages(int flags);

    public abstract List<PackageInfo> getInstalledPackages(PackageInfoFlags flags);

    public abstract List<PackageInfo> getInstalledPackagesAsUser(int flags, int userId);

    public abstract List<PackageInfo> getInstalledPackagesAsUser(PackageInfoFlags flags, int userId);

    public abstract List<ApplicationInfo> getInstalledApplications(int flags);

    public abstract List<ApplicationInfo> getInstalledApplications(ApplicationInfoFlags flags);

    public abstract List<ApplicationInfo> getInstalledApplicationsAsUser(int flags, int userId);

    public abstract List<ApplicationInfo> getInstalledApplicationsAsUser(ApplicationInfoFlags flags, int userId);

    public abstract List<PackageInfo> getPackagesHoldingPermissions(String[] permissions, int flags);

    public abstract List<PackageInfo> getPackagesHoldingPermissions(String[] permissions, PackageInfoFlags flags);

    public abstract List<PackageInfo> getPreferredPackages(int flags);

    public abstract List<ModuleInfo> getInstalledModules(int flags);

    public abstract PackageInfo getPackageInfo(String packageName, int flags) throws NameNotFoundException;

    public abstract PackageInfo getPackageInfo(String packageName, PackageInfoFlags flags) throws NameNotFoundException;

    public abstract PackageInfo getPackageInfo(VersionedPackage versioned, int flags) throws NameNotFoundException;

    public abstract PackageInfo getPackageInfo(VersionedPackage versioned, PackageInfoFlags flags) throws NameNotFoundException;

    public abstract PackageInfo getPackageInfoAsUser(String packageName, int flags, int userId) throws NameNotFoundException;

    public abstract PackageInfo getPackageInfoAsUser(String packageName, PackageInfoFlags flags, int userId) throws NameNotFoundException;

    public abstract ApplicationInfo getApplicationInfo(String packageName, int flags) throws NameNotFoundException;

    public abstract ApplicationInfo getApplicationInfo(String packageName, ApplicationInfoFlags flags) throws NameNotFoundException;

    public abstract int getPackageUid(String packageName, int flags) throws NameNotFoundException;

    public abstract int getPackageUid(String packageName, PackageInfoFlags flags) throws NameNotFoundException;

    public abstract String[] getPackagesForUid(int uid);

    public abstract String getNameForUid(int uid);

    public abstract PackageInfo getPackageArchiveInfo(String archiveFilePath, int flags);

    public abstract String getInstallerPackageName(String packageName);

    public abstract InstallSourceInfo getInstallSourceInfo(String packageName) throws NameNotFoundException;

    public abstract Intent getLaunchIntentForPackage(String packageName);

    public abstract List<ResolveInfo> queryIntentActivities(Intent intent, int flags);

    public abstract List<ResolveInfo> queryIntentActivities(Intent intent, ResolveInfoFlags flags);

    public abstract List<ResolveInfo> queryIntentActivitiesAsUser(Intent intent, int flags, int userId);

    public abstract List<ResolveInfo> queryIntentActivitiesAsUser(Intent intent, ResolveInfoFlags flags, int userId);

    public abstract List<ResolveInfo> queryIntentActivityOptions(ComponentName caller, Intent[] specifics, Intent intent, int flags);

    public abstract List<ResolveInfo> queryIntentActivityOptions(
            ComponentName caller, List<Intent> specifics, Intent intent, ResolveInfoFlags flags);

    public abstract List<ResolveInfo> queryBroadcastReceivers(Intent intent, int flags);

    public abstract List<ResolveInfo> queryBroadcastReceivers(Intent intent, ResolveInfoFlags flags);

    public abstract List<ResolveInfo> queryIntentServices(Intent intent, int flags);

    public abstract List<ResolveInfo> queryIntentServices(Intent intent, ResolveInfoFlags flags);

    public abstract List<ResolveInfo> queryIntentContentProviders(Intent intent, int flags);

    public abstract List<ResolveInfo> queryIntentContentProviders(Intent intent, ResolveInfoFlags flags);

    public abstract ResolveInfo resolveActivity(Intent intent, int flags);

    public abstract ResolveInfo resolveActivity(Intent intent, ResolveInfoFlags flags);

    public abstract ResolveInfo resolveService(Intent intent, int flags);

    public abstract ProviderInfo resolveContentProvider(String authority, int flags);

    public abstract ActivityInfo getActivityInfo(ComponentName component, int flags) throws NameNotFoundException;

    public abstract ActivityInfo getReceiverInfo(ComponentName component, int flags) throws NameNotFoundException;

    public abstract ServiceInfo getServiceInfo(ComponentName component, int flags) throws NameNotFoundException;

    public abstract ProviderInfo getProviderInfo(ComponentName component, int flags) throws NameNotFoundException;

    public abstract int checkPermission(String permission, String packageName);

    public abstract PermissionInfo getPermissionInfo(String permission, int flags) throws NameNotFoundException;

    public abstract boolean shouldShowRequestPermissionRationale(String permission);

    public abstract boolean canRequestPackageInstalls();

    public abstract boolean hasSystemFeature(String featureName);

    public abstract FeatureInfo[] getSystemAvailableFeatures();

    public abstract CharSequence getApplicationLabel(ApplicationInfo info);

    public abstract void setComponentEnabledSetting(ComponentName componentName, int newState, int flags);

    public abstract int getComponentEnabledSetting(ComponentName componentName);

    /** Hidden: the one way every runtime permission request goes. */
    public Intent buildRequestPermissionsIntent(String[] permissions) {
        if (permissions == null || permissions.length == 0) throw new IllegalArgumentException("permission cannot be null or empty");
        Intent intent = new Intent(ACTION_REQUEST_PERMISSIONS);
        intent.putExtra(EXTRA_REQUEST_PERMISSIONS_NAMES, permissions);
        intent.setPackage(getPermissionControllerPackageName());
        return intent;
    }

    /** Hidden in the public API. */
    public String getPermissionControllerPackageName() {
        return "com.android.permissioncontroller";
    }
    public int checkSignatures(String one, String other) { return one.equals(other) ? SIGNATURE_MATCH : SIGNATURE_NO_MATCH; }
    public int checkSignatures(int uid, int other) { return uid == other ? SIGNATURE_MATCH : SIGNATURE_NO_MATCH; }
    public boolean hasSystemFeature(String name, int version) { return hasSystemFeature(name); }
    public android.graphics.drawable.Drawable getDefaultActivityIcon() { return new android.graphics.drawable.ColorDrawable(); }
    public android.graphics.drawable.Drawable getActivityIcon(android.content.ComponentName name) throws NameNotFoundException { return getDefaultActivityIcon(); }
    public android.graphics.drawable.Drawable getApplicationIcon(ApplicationInfo info) { return getDefaultActivityIcon(); }
    public android.graphics.drawable.Drawable getApplicationIcon(String packageName) throws NameNotFoundException {
        getApplicationInfo(packageName, 0);
        return getDefaultActivityIcon();
    }
    public android.graphics.drawable.Drawable getApplicationLogo(ApplicationInfo info) { return null; }
    public android.graphics.drawable.Drawable getUserBadgedIcon(android.graphics.drawable.Drawable icon, android.os.UserHandle user) { return icon; }
    public CharSequence getUserBadgedLabel(CharSequence label, android.os.UserHandle user) { return label; }
    public android.graphics.drawable.Drawable getDrawable(String packageName, int id, ApplicationInfo info) { return null; }
    public CharSequence getText(String packageName, int id, ApplicationInfo info) { return null; }
    public android.content.res.Resources getResourcesForApplication(ApplicationInfo info) throws NameNotFoundException { return getResourcesForApplication(info.packageName); }
    public android.content.res.Resources getResourcesForApplication(String packageName) throws NameNotFoundException {
        if (!packageName.equals(standin.Device.packageName())) throw new NameNotFoundException(packageName);
        return standin.Device.application().getResources();
    }
    public int getApplicationEnabledSetting(String packageName) { return 0; }
    public void setApplicationEnabledSetting(String packageName, int state, int flags) {}
    public String[] getSystemSharedLibraryNames() { return new String[] {"android.test.base", "org.apache.http.legacy"}; }
    public boolean isSafeMode() { return false; }
    public boolean isInstantApp() { return false; }
    public boolean isInstantApp(String packageName) { return false; }
    public boolean isPermissionRevokedByPolicy(String permission, String packageName) { return false; }
    public boolean isAutoRevokeWhitelisted() { return false; }
    public boolean isPackageSuspended() { return false; }
    public boolean isDeviceUpgrading() { return false; }
    public int[] getPackageGids(String packageName) throws NameNotFoundException { return new int[] {3003}; }
    public void setInstallerPackageName(String target, String installer) {}
    public PackageInstaller getPackageInstaller() { return new PackageInstaller(); }
}
