package android.app;

public final class NotificationChannelGroup {
    private final String mId;
    private final CharSequence mName;

    public NotificationChannelGroup(String id, CharSequence name) {
        mId = id;
        mName = name;
    }
    public String getId() { return mId; }
    public CharSequence getName() { return mName; }
}
