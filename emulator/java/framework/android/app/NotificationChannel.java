package android.app;

public final class NotificationChannel {
    private final String mId;

    public NotificationChannel(String id, CharSequence name, int importance) { mId = id; }
    public String getId() { return mId; }
    public void setDescription(String d) {}
}
