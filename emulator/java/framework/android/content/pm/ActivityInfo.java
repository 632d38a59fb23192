package android.content.pm;

import android.os.Parcelable;

public class ActivityInfo extends ComponentInfo implements Parcelable {
    public static final int LAUNCH_MULTIPLE = 0;
    public static final int LAUNCH_SINGLE_TOP = 1;
    public static final int LAUNCH_SINGLE_TASK = 2;
    public static final int SCREEN_ORIENTATION_UNSPECIFIED = -1;
    public static final int SCREEN_ORIENTATION_LANDSCAPE = 0;
    public static final int SCREEN_ORIENTATION_PORTRAIT = 1;
    public int theme;
    public int launchMode;
    public String permission;
    public String taskAffinity;
    public String targetActivity;
    public int flags;
    public int screenOrientation = SCREEN_ORIENTATION_UNSPECIFIED;
    public int configChanges;
    public int softInputMode;

    public ActivityInfo() {}

    public ActivityInfo(ActivityInfo orig) {
        super(orig);
    }

    @Override
    public int describeContents() {
        return 0;
    }
}
