package android.content.pm;

public final class VersionedPackage {
    private final String name;
    private final long version;

    public VersionedPackage(String packageName, long versionCode) {
        name = packageName;
        version = versionCode;
    }

    public VersionedPackage(String packageName, int versionCode) {
        this(packageName, (long) versionCode);
    }

    public String getPackageName() {
        return name;
    }

    public long getLongVersionCode() {
        return version;
    }
}
