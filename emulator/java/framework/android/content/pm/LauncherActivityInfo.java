package android.content.pm;

import android.content.ComponentName;

public class LauncherActivityInfo {
    private final ActivityInfo info;

    public LauncherActivityInfo(ActivityInfo info) {
        this.info = info;
    }

    public ComponentName getComponentName() {
        return new ComponentName(info.packageName, info.name);
    }

    public CharSequence getLabel() {
        return info.loadLabel(null);
    }

    public ApplicationInfo getApplicationInfo() {
        return info.applicationInfo;
    }
}
