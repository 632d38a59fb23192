package android.app;

import android.net.Uri;

public final class NotificationChannel {
    private final String mId;
    private final int mImportance;
    private CharSequence mName;
    private String mDescription;
    private String mGroup;
    private Uri mSound;
    private boolean mLights;
    private boolean mVibrates;
    private boolean mBadge = true;

    public NotificationChannel(String id, CharSequence name, int importance) {
        mId = id;
        mName = name;
        mImportance = importance;
    }

    public String getId() { return mId; }
    public CharSequence getName() { return mName; }
    public void setName(CharSequence name) { mName = name; }
    public int getImportance() { return mImportance; }
    public String getDescription() { return mDescription; }
    public void setDescription(String d) { mDescription = d; }
    public String getGroup() { return mGroup; }
    public void setGroup(String group) { mGroup = group; }
    public Uri getSound() { return mSound; }
    public void setSound(Uri sound, android.media.AudioAttributes attributes) { mSound = sound; }
    public void enableLights(boolean on) { mLights = on; }
    public boolean shouldShowLights() { return mLights; }
    public void enableVibration(boolean on) { mVibrates = on; }
    public boolean shouldVibrate() { return mVibrates; }
    public void setShowBadge(boolean on) { mBadge = on; }
    public boolean canShowBadge() { return mBadge; }
}
