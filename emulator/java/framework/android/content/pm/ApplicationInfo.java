package android.content.pm;

import android.os.Parcelable;

public class ApplicationInfo extends PackageItemInfo implements Parcelable {
    public static final int FLAG_SYSTEM = 1;
    public static final int FLAG_DEBUGGABLE = 2;
    public static final int FLAG_HAS_CODE = 4;
    public static final int FLAG_ALLOW_BACKUP = 1 << 15;
    public static final int FLAG_UPDATED_SYSTEM_APP = 1 << 7;
    public static final int FLAG_INSTALLED = 1 << 23;
    public static final int FLAG_STOPPED = 1 << 21;
    public String taskAffinity;
    public String permission;
    public String processName;
    public String className;
    public int flags;
    public String sourceDir;
    public String publicSourceDir;
    public String[] splitSourceDirs;
    public String[] sharedLibraryFiles;
    public String dataDir;
    public String deviceProtectedDataDir;
    public String nativeLibraryDir;
    public int uid;
    public int minSdkVersion = 1;
    public int targetSdkVersion;
    public boolean enabled = true;
    public int theme;
    public int category = -1;

    public ApplicationInfo() {}

    public ApplicationInfo(ApplicationInfo orig) {
        super(orig);
        processName = orig.processName;
        className = orig.className;
        flags = orig.flags;
        sourceDir = orig.sourceDir;
        publicSourceDir = orig.publicSourceDir;
        dataDir = orig.dataDir;
        uid = orig.uid;
        minSdkVersion = orig.minSdkVersion;
        targetSdkVersion = orig.targetSdkVersion;
    }

    public CharSequence loadDescription(PackageManager pm) {
        return null;
    }

    @Override
    public String toString() {
        return "ApplicationInfo{" + Integer.toHexString(System.identityHashCode(this)) + " " + packageName + "}";
    }

    @Override
    public int describeContents() {
        return 0;
    }
}
