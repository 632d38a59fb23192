package android.content.pm;

public class ComponentInfo extends PackageItemInfo {
    public ApplicationInfo applicationInfo;
    public String processName;
    public String splitName;
    public int descriptionRes;
    public boolean enabled = true;
    public boolean exported;
    public boolean directBootAware;

    public ComponentInfo() {}

    public ComponentInfo(ComponentInfo orig) {
        super(orig);
        applicationInfo = orig.applicationInfo;
        processName = orig.processName;
        exported = orig.exported;
        enabled = orig.enabled;
    }

    @Override
    public CharSequence loadLabel(PackageManager pm) {
        if (nonLocalizedLabel != null) return nonLocalizedLabel;
        return applicationInfo != null ? applicationInfo.loadLabel(pm) : name;
    }

    public boolean isEnabled() {
        return enabled;
    }
}
