package android.content.pm;

public final class ModuleInfo {
    private final String packageName;

    public ModuleInfo(String packageName) {
        this.packageName = packageName;
    }

    public String getPackageName() {
        return packageName;
    }
}
