package android.app;

import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ActivityInfo;
import android.content.pm.ApplicationInfo;
import android.content.pm.ComponentInfo;
import android.content.pm.FeatureInfo;
import android.content.pm.InstallSourceInfo;
import android.content.pm.LauncherActivityInfo;
import android.content.pm.ModuleInfo;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.content.pm.PermissionInfo;
import android.content.pm.ProviderInfo;
import android.content.pm.ResolveInfo;
import android.content.pm.ServiceInfo;
import android.content.pm.Signature;
import android.content.pm.SigningInfo;
import android.content.pm.VersionedPackage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import standin.Device;
import standin.Read;

/** What every app's PackageManager really is. From target 30 it shows system apps, itself, and what it may query. */
public class ApplicationPackageManager extends PackageManager {
    private static final String CLS = "android.app.ApplicationPackageManager";
    private static final String[] FEATURES = {"android.hardware.camera", "android.hardware.location", "android.hardware.location.gps",
        "android.hardware.microphone", "android.hardware.telephony", "android.hardware.touchscreen", "android.hardware.wifi",
        "android.hardware.bluetooth", "android.hardware.sensor.accelerometer", "android.software.webview"};
    private final Context context;

    public ApplicationPackageManager(Context context) {
        this.context = context;
    }

    // --- what the device answers

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(String method, Map<String, ?> args) {
        Object answer = Device.call(method, args);
        return answer instanceof List ? (List<Map<String, Object>>) answer : List.of();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> row(String name) {
        Object answer = Device.call("packages.get", Map.of("name", name));
        return answer instanceof Map ? (Map<String, Object>) answer : null;
    }

    private static boolean own(String name) {
        return Device.packageName().equals(name);
    }

    private static String text(Map<String, Object> row, String key) {
        Object value = row.get(key);
        return value == null ? null : String.valueOf(value);
    }

    private static long whole(Map<String, Object> row, String key) {
        Object value = row.get(key);
        return value instanceof Number ? ((Number) value).longValue() : 0;
    }

    private static String name(Map<String, Object> row) {
        return text(row, row.containsKey("name") ? "name" : "package");
    }

    private static ApplicationInfo application(Map<String, Object> row) {
        ApplicationInfo info = new ApplicationInfo();
        info.packageName = name(row);
        info.nonLocalizedLabel = text(row, "label");
        info.className = text(row, "application");
        info.name = info.className;
        info.processName = info.packageName;
        info.uid = (int) whole(row, "uid");
        info.sourceDir = text(row, "apk");
        info.publicSourceDir = info.sourceDir;
        if (info.sourceDir != null) info.nativeLibraryDir = info.sourceDir.replace("base.apk", "lib/x86_64");
        info.dataDir = own(info.packageName) ? String.valueOf(Device.hello("data_dir")) : "/data/user/0/" + info.packageName;
        info.minSdkVersion = (int) whole(row, "min_sdk");
        info.targetSdkVersion = (int) whole(row, "target_sdk");
        info.flags = ApplicationInfo.FLAG_HAS_CODE | ApplicationInfo.FLAG_INSTALLED;
        if (Boolean.TRUE.equals(row.get("system"))) info.flags |= ApplicationInfo.FLAG_SYSTEM;
        if (Boolean.TRUE.equals(row.get("debuggable"))) info.flags |= ApplicationInfo.FLAG_DEBUGGABLE;
        return info;
    }

    private static PackageInfo info(Map<String, Object> row, long flags) {
        PackageInfo info = new PackageInfo();
        info.packageName = name(row);
        info.versionCode = (int) whole(row, "version_code");
        info.versionName = text(row, "version_name");
        info.firstInstallTime = whole(row, "first_install_ms");
        info.lastUpdateTime = whole(row, "last_update_ms");
        info.applicationInfo = application(row);
        if ((flags & GET_META_DATA) != 0) info.applicationInfo.metaData = LoadedApk.metaData(row.get("meta_data"));
        Object requested = row.get("requested");
        if ((flags & GET_PERMISSIONS) != 0 && requested instanceof List) {
            info.requestedPermissions = ((List<?>) requested).stream().map(String::valueOf).toArray(String[]::new);
            info.requestedPermissionsFlags = new int[info.requestedPermissions.length];
            if (own(info.packageName)) {
                for (int i = 0; i < info.requestedPermissions.length; i++) {
                    boolean granted = Device.hasPermission(info.requestedPermissions[i]);
                    info.requestedPermissionsFlags[i] = granted ? PackageInfo.REQUESTED_PERMISSION_GRANTED : 0;
                }
            }
        }
        if ((flags & (GET_SIGNATURES | GET_SIGNING_CERTIFICATES)) != 0) {
            Signature one = new Signature(java.util.Base64.getDecoder().decode(text(row, "signer")));
            info.signatures = new Signature[] {one};
            info.signingInfo = new SigningInfo(one);
        }
        components(row, info, flags);
        return info;
    }

    private static void components(Map<String, Object> row, PackageInfo info, long flags) {
        List<ActivityInfo> activities = new ArrayList<>();
        List<ActivityInfo> receivers = new ArrayList<>();
        List<ServiceInfo> services = new ArrayList<>();
        List<ProviderInfo> providers = new ArrayList<>();
        if (row.get("components") instanceof List) {
            for (Object item : (List<?>) row.get("components")) {
                @SuppressWarnings("unchecked")
                Map<String, Object> one = (Map<String, Object>) item;
                switch (Read.text(one.get("kind"))) {
                    case "activity": activities.add(fill(new ActivityInfo(), one, info.applicationInfo)); break;
                    case "receiver": receivers.add(fill(new ActivityInfo(), one, info.applicationInfo)); break;
                    case "service": services.add(fill(new ServiceInfo(), one, info.applicationInfo)); break;
                    case "provider": providers.add(fill(new ProviderInfo(), one, info.applicationInfo)); break;
                    default: break;
                }
            }
        }
        if ((flags & GET_ACTIVITIES) != 0) info.activities = activities.toArray(new ActivityInfo[0]);
        if ((flags & GET_RECEIVERS) != 0) info.receivers = receivers.toArray(new ActivityInfo[0]);
        if ((flags & GET_SERVICES) != 0) info.services = services.toArray(new ServiceInfo[0]);
        if ((flags & GET_PROVIDERS) != 0) info.providers = providers.toArray(new ProviderInfo[0]);
    }

    private static <T extends ComponentInfo> T fill(T info, Map<String, Object> one, ApplicationInfo app) {
        info.name = name(one);
        info.packageName = one.containsKey("package") && one.containsKey("name") ? text(one, "package") : app.packageName;
        info.applicationInfo = app;
        info.processName = text(one, "process");
        info.exported = Boolean.TRUE.equals(one.get("exported"));
        String label = text(one, "label");
        info.nonLocalizedLabel = label == null || label.isEmpty() ? null : label;
        if (info instanceof ProviderInfo && one.get("authorities") instanceof List) {
            List<String> all = new ArrayList<>();
            for (Object authority : (List<?>) one.get("authorities")) all.add(String.valueOf(authority));
            ((ProviderInfo) info).authority = String.join(";", all);
        }
        return info;
    }

    private static void truth(String method, String name, Object outcome) {
        if (!own(name)) Device.truth("apps", CLS, method, outcome == null ? "null" : "value");
    }

    // --- lists

    @Override
    public List<PackageInfo> getInstalledPackages(int flags) {
        return getInstalledPackages(PackageInfoFlags.of(flags));
    }

    @Override
    public List<PackageInfo> getInstalledPackages(PackageInfoFlags flags) {
        return getInstalledPackagesAsUser(flags, 0);
    }

    @Override
    public List<PackageInfo> getInstalledPackagesAsUser(int flags, int userId) {
        return getInstalledPackagesAsUser(PackageInfoFlags.of(flags), userId);
    }

    @Override
    public List<PackageInfo> getInstalledPackagesAsUser(PackageInfoFlags flags, int userId) {
        List<PackageInfo> found = new ArrayList<>();
        for (Map<String, Object> row : rows("packages.list", Map.of("flags", flags.getValue()))) found.add(info(row, flags.getValue()));
        return Read.give("apps", CLS, "getInstalledPackages", found);
    }

    @Override
    public List<ApplicationInfo> getInstalledApplications(int flags) {
        return getInstalledApplications(ApplicationInfoFlags.of(flags));
    }

    @Override
    public List<ApplicationInfo> getInstalledApplications(ApplicationInfoFlags flags) {
        return getInstalledApplicationsAsUser(flags, 0);
    }

    @Override
    public List<ApplicationInfo> getInstalledApplicationsAsUser(int flags, int userId) {
        return getInstalledApplicationsAsUser(ApplicationInfoFlags.of(flags), userId);
    }

    @Override
    public List<ApplicationInfo> getInstalledApplicationsAsUser(ApplicationInfoFlags flags, int userId) {
        List<ApplicationInfo> found = new ArrayList<>();
        for (Map<String, Object> row : rows("packages.list", Map.of("flags", flags.getValue()))) found.add(application(row));
        return Read.give("apps", CLS, "getInstalledApplications", found);
    }

    @Override
    public List<PackageInfo> getPackagesHoldingPermissions(String[] permissions, int flags) {
        return getPackagesHoldingPermissions(permissions, PackageInfoFlags.of(flags));
    }

    @Override
    public List<PackageInfo> getPackagesHoldingPermissions(String[] permissions, PackageInfoFlags flags) {
        List<PackageInfo> found = new ArrayList<>();
        for (Map<String, Object> row : rows("packages.list", Map.of("flags", flags.getValue()))) {
            Object requested = row.get("requested");
            for (String permission : permissions) {
                if (requested instanceof List && ((List<?>) requested).contains(permission)) {
                    found.add(info(row, flags.getValue()));
                    break;
                }
            }
        }
        return Read.give("apps", CLS, "getPackagesHoldingPermissions", found);
    }

    @Override
    public List<PackageInfo> getPreferredPackages(int flags) {
        return new ArrayList<>();
    }

    @Override
    public List<ModuleInfo> getInstalledModules(int flags) {
        return new ArrayList<>();
    }

    // --- one package

    @Override
    public PackageInfo getPackageInfo(String packageName, int flags) throws NameNotFoundException {
        return getPackageInfo(packageName, PackageInfoFlags.of(flags));
    }

    @Override
    public PackageInfo getPackageInfo(String packageName, PackageInfoFlags flags) throws NameNotFoundException {
        return getPackageInfoAsUser(packageName, flags, 0);
    }

    @Override
    public PackageInfo getPackageInfo(VersionedPackage versioned, int flags) throws NameNotFoundException {
        return getPackageInfo(versioned, PackageInfoFlags.of(flags));
    }

    @Override
    public PackageInfo getPackageInfo(VersionedPackage versioned, PackageInfoFlags flags) throws NameNotFoundException {
        return getPackageInfoAsUser(versioned.getPackageName(), flags, 0);
    }

    @Override
    public PackageInfo getPackageInfoAsUser(String packageName, int flags, int userId) throws NameNotFoundException {
        return getPackageInfoAsUser(packageName, PackageInfoFlags.of(flags), userId);
    }

    @Override
    public PackageInfo getPackageInfoAsUser(String packageName, PackageInfoFlags flags, int userId) throws NameNotFoundException {
        Map<String, Object> row = row(packageName);
        truth("getPackageInfo", packageName, row);
        if (row == null) throw new NameNotFoundException(packageName);
        return info(row, flags.getValue());
    }

    @Override
    public ApplicationInfo getApplicationInfo(String packageName, int flags) throws NameNotFoundException {
        return getApplicationInfo(packageName, ApplicationInfoFlags.of(flags));
    }

    @Override
    public ApplicationInfo getApplicationInfo(String packageName, ApplicationInfoFlags flags) throws NameNotFoundException {
        Map<String, Object> row = row(packageName);
        truth("getApplicationInfo", packageName, row);
        if (row == null) throw new NameNotFoundException(packageName);
        ApplicationInfo info = application(row);
        if ((flags.getValue() & GET_META_DATA) != 0) info.metaData = LoadedApk.metaData(row.get("meta_data"));
        return info;
    }

    @Override
    public int getPackageUid(String packageName, int flags) throws NameNotFoundException {
        return getPackageUid(packageName, PackageInfoFlags.of(flags));
    }

    @Override
    public int getPackageUid(String packageName, PackageInfoFlags flags) throws NameNotFoundException {
        Map<String, Object> row = row(packageName);
        truth("getPackageUid", packageName, row);
        if (row == null) throw new NameNotFoundException(packageName);
        return (int) whole(row, "uid");
    }

    @Override
    public String[] getPackagesForUid(int uid) {
        List<String> names = new ArrayList<>();
        for (Map<String, Object> row : rows("packages.list", Map.of("flags", 0))) if (whole(row, "uid") == uid) names.add(name(row));
        if (uid != Device.uid()) Device.truth("apps", CLS, "getPackagesForUid", names.isEmpty() ? "null" : "value");
        return names.isEmpty() ? null : names.toArray(new String[0]);
    }

    @Override
    public String getNameForUid(int uid) {
        String[] names = getPackagesForUid(uid);
        return names == null ? null : names[0];
    }

    @Override
    public PackageInfo getPackageArchiveInfo(String archiveFilePath, int flags) {
        return Read.give("apps", CLS, "getPackageArchiveInfo", null);
    }

    @Override
    public String getInstallerPackageName(String packageName) {
        Map<String, Object> row = row(packageName);
        truth("getInstallerPackageName", packageName, row);
        if (row == null) throw new IllegalArgumentException("Unknown package: " + packageName);
        return text(row, "installer");
    }

    @Override
    public InstallSourceInfo getInstallSourceInfo(String packageName) throws NameNotFoundException {
        Map<String, Object> row = row(packageName);
        truth("getInstallSourceInfo", packageName, row);
        if (row == null) throw new NameNotFoundException(packageName);
        return new InstallSourceInfo(text(row, "installer"));
    }

    @Override
    public Intent getLaunchIntentForPackage(String packageName) {
        Intent main = new Intent(Intent.ACTION_MAIN).addCategory(Intent.CATEGORY_LAUNCHER);
        for (LauncherActivityInfo one : launcherActivities(packageName)) {
            truth("getLaunchIntentForPackage", packageName, one);
            return main.setComponent(one.getComponentName()).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
        }
        truth("getLaunchIntentForPackage", packageName, null);
        return null;
    }

    /** Launcher activities of a package, null = of all. */
    public static List<LauncherActivityInfo> launcherActivities(String packageName) {
        List<LauncherActivityInfo> found = new ArrayList<>();
        for (ResolveInfo one : query(Intent.ACTION_MAIN, "activity")) {
            if (packageName == null || packageName.equals(one.activityInfo.packageName)) found.add(new LauncherActivityInfo(one.activityInfo));
        }
        return found;
    }

    // --- components

    private static List<ResolveInfo> query(String action, String kind) {
        List<ResolveInfo> found = new ArrayList<>();
        if (action == null) return found;
        for (Map<String, Object> one : rows("packages.query_intent", Map.of("action", action))) {
            if (!kind.equals(Read.text(one.getOrDefault("kind", "activity")))) continue;
            ApplicationInfo app = new ApplicationInfo();
            app.packageName = text(one, "package");
            app.nonLocalizedLabel = text(one, "label");
            ResolveInfo info = new ResolveInfo();
            if (kind.equals("service")) info.serviceInfo = fill(new ServiceInfo(), one, app);
            else if (kind.equals("provider")) info.providerInfo = fill(new ProviderInfo(), one, app);
            else info.activityInfo = fill(new ActivityInfo(), one, app);
            found.add(info);
        }
        return found;
    }

    private static List<ResolveInfo> query(Intent intent, String kind) {
        List<ResolveInfo> found = new ArrayList<>();
        ComponentName component = intent.getComponent();
        if (component != null) {
            Map<String, Object> row = row(component.getPackageName());
            if (row == null) return found;
            PackageInfo all = info(row, GET_ACTIVITIES | GET_RECEIVERS | GET_SERVICES | GET_PROVIDERS);
            ComponentInfo[] those = kind.equals("activity") ? all.activities : kind.equals("service") ? all.services
                    : kind.equals("receiver") ? all.receivers : all.providers;
            for (ComponentInfo one : those) if (one.name.equals(component.getClassName())) found.add(wrap(one));
            return found;
        }
        for (ResolveInfo one : query(intent.getAction(), kind)) {
            String owner = one.activityInfo != null ? one.activityInfo.packageName
                    : one.serviceInfo != null ? one.serviceInfo.packageName : one.providerInfo.packageName;
            if (intent.getPackage() == null || intent.getPackage().equals(owner)) found.add(one);
        }
        return found;
    }

    private static ResolveInfo wrap(ComponentInfo one) {
        ResolveInfo info = new ResolveInfo();
        if (one instanceof ActivityInfo) info.activityInfo = (ActivityInfo) one;
        else if (one instanceof ServiceInfo) info.serviceInfo = (ServiceInfo) one;
        else info.providerInfo = (ProviderInfo) one;
        return info;
    }

    private static List<ResolveInfo> logged(String method, List<ResolveInfo> found) {
        return Read.give("apps", CLS, method, found);
    }

    @Override
    public List<ResolveInfo> queryIntentActivities(Intent intent, int flags) {
        return queryIntentActivities(intent, ResolveInfoFlags.of(flags));
    }

    @Override
    public List<ResolveInfo> queryIntentActivities(Intent intent, ResolveInfoFlags flags) {
        return queryIntentActivitiesAsUser(intent, flags, 0);
    }

    @Override
    public List<ResolveInfo> queryIntentActivitiesAsUser(Intent intent, int flags, int userId) {
        return queryIntentActivitiesAsUser(intent, ResolveInfoFlags.of(flags), userId);
    }

    @Override
    public List<ResolveInfo> queryIntentActivitiesAsUser(Intent intent, ResolveInfoFlags flags, int userId) {
        return logged("queryIntentActivities", query(intent, "activity"));
    }

    @Override
    public List<ResolveInfo> queryIntentActivityOptions(ComponentName caller, Intent[] specifics, Intent intent, int flags) {
        return logged("queryIntentActivityOptions", query(intent, "activity"));
    }

    @Override
    public List<ResolveInfo> queryIntentActivityOptions(ComponentName caller, List<Intent> specifics, Intent intent, ResolveInfoFlags flags) {
        return logged("queryIntentActivityOptions", query(intent, "activity"));
    }

    @Override
    public List<ResolveInfo> queryBroadcastReceivers(Intent intent, int flags) {
        return queryBroadcastReceivers(intent, ResolveInfoFlags.of(flags));
    }

    @Override
    public List<ResolveInfo> queryBroadcastReceivers(Intent intent, ResolveInfoFlags flags) {
        return logged("queryBroadcastReceivers", query(intent, "receiver"));
    }

    @Override
    public List<ResolveInfo> queryIntentServices(Intent intent, int flags) {
        return queryIntentServices(intent, ResolveInfoFlags.of(flags));
    }

    @Override
    public List<ResolveInfo> queryIntentServices(Intent intent, ResolveInfoFlags flags) {
        return logged("queryIntentServices", query(intent, "service"));
    }

    @Override
    public List<ResolveInfo> queryIntentContentProviders(Intent intent, int flags) {
        return queryIntentContentProviders(intent, ResolveInfoFlags.of(flags));
    }

    @Override
    public List<ResolveInfo> queryIntentContentProviders(Intent intent, ResolveInfoFlags flags) {
        return logged("queryIntentContentProviders", query(intent, "provider"));
    }

    private static ResolveInfo first(List<ResolveInfo> found) {
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public ResolveInfo resolveActivity(Intent intent, int flags) {
        return resolveActivity(intent, ResolveInfoFlags.of(flags));
    }

    @Override
    public ResolveInfo resolveActivity(Intent intent, ResolveInfoFlags flags) {
        return Read.give("apps", CLS, "resolveActivity", first(query(intent, "activity")));
    }

    @Override
    public ResolveInfo resolveService(Intent intent, int flags) {
        return Read.give("apps", CLS, "resolveService", first(query(intent, "service")));
    }

    @Override
    public ProviderInfo resolveContentProvider(String authority, int flags) {
        for (Map<String, Object> row : rows("packages.list", Map.of("flags", GET_PROVIDERS))) {
            PackageInfo info = info(row, GET_PROVIDERS);
            for (ProviderInfo one : info.providers) {
                if (one.authority != null && List.of(one.authority.split(";")).contains(authority)) {
                    truth("resolveContentProvider", one.packageName, one);
                    return one;
                }
            }
        }
        return Read.give("apps", CLS, "resolveContentProvider", null);
    }

    private <T extends ComponentInfo> T find(ComponentName name, String method, T[] those) throws NameNotFoundException {
        for (T one : those) {
            if (one.name.equals(name.getClassName())) {
                truth(method, name.getPackageName(), one);
                return one;
            }
        }
        truth(method, name.getPackageName(), null);
        throw new NameNotFoundException(name.toString());
    }

    private PackageInfo all(ComponentName name) throws NameNotFoundException {
        Map<String, Object> row = row(name.getPackageName());
        if (row == null) throw new NameNotFoundException(name.toString());
        return info(row, GET_ACTIVITIES | GET_RECEIVERS | GET_SERVICES | GET_PROVIDERS);
    }

    @Override
    public ActivityInfo getActivityInfo(ComponentName component, int flags) throws NameNotFoundException {
        return find(component, "getActivityInfo", all(component).activities);
    }

    @Override
    public ActivityInfo getReceiverInfo(ComponentName component, int flags) throws NameNotFoundException {
        return find(component, "getReceiverInfo", all(component).receivers);
    }

    @Override
    public ServiceInfo getServiceInfo(ComponentName component, int flags) throws NameNotFoundException {
        return find(component, "getServiceInfo", all(component).services);
    }

    @Override
    public ProviderInfo getProviderInfo(ComponentName component, int flags) throws NameNotFoundException {
        return find(component, "getProviderInfo", all(component).providers);
    }

    // --- permissions and features

    @Override
    public int checkPermission(String permission, String packageName) {
        if (own(packageName)) return Device.hasPermission(permission) ? PERMISSION_GRANTED : PERMISSION_DENIED;
        Map<String, Object> row = row(packageName);
        Object requested = row == null ? null : row.get("requested");
        return requested instanceof List && ((List<?>) requested).contains(permission) ? PERMISSION_GRANTED : PERMISSION_DENIED;
    }

    @Override
    public PermissionInfo getPermissionInfo(String permission, int flags) throws NameNotFoundException {
        PermissionInfo info = new PermissionInfo();
        info.name = permission;
        info.packageName = "android";
        return info;
    }

    @Override
    public boolean shouldShowRequestPermissionRationale(String permission) {
        return false;
    }

    @Override
    public boolean canRequestPackageInstalls() {
        return Device.hasPermission("android.permission.REQUEST_INSTALL_PACKAGES");
    }

    @Override
    public boolean hasSystemFeature(String featureName) {
        return List.of(FEATURES).contains(featureName);
    }

    @Override
    public FeatureInfo[] getSystemAvailableFeatures() {
        FeatureInfo[] all = new FeatureInfo[FEATURES.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = new FeatureInfo();
            all[i].name = FEATURES[i];
        }
        return Read.give("hw_fp", CLS, "getSystemAvailableFeatures", all);
    }

    @Override
    public CharSequence getApplicationLabel(ApplicationInfo info) {
        return info.loadLabel(this);
    }

    private static final Map<String, Integer> ENABLED = new LinkedHashMap<>();

    @Override
    public void setComponentEnabledSetting(ComponentName componentName, int newState, int flags) {
        synchronized (ENABLED) {
            ENABLED.put(componentName.flattenToString(), newState);
        }
    }

    @Override
    public int getComponentEnabledSetting(ComponentName componentName) {
        synchronized (ENABLED) {
            return ENABLED.getOrDefault(componentName.flattenToString(), COMPONENT_ENABLED_STATE_DEFAULT);
        }
    }
}
