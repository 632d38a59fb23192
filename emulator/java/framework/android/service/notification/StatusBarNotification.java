package android.service.notification;

public class StatusBarNotification {
    private final String tag;
    private final int id;
    private final android.app.Notification notification;

    /** Of the stand-in. */
    public StatusBarNotification(String tag, int id, android.app.Notification notification) {
        this.tag = tag;
        this.id = id;
        this.notification = notification;
    }

    public int getId() { return id; }
    public String getTag() { return tag; }
    public String getKey() { return "0|" + getPackageName() + "|" + id + "|" + tag; }
    public String getPackageName() { return standin.Device.packageName(); }
    public android.app.Notification getNotification() { return notification; }
    public boolean isClearable() { return (notification.flags & android.app.Notification.FLAG_ONGOING_EVENT) == 0; }
    public boolean isOngoing() { return !isClearable(); }
    public long getPostTime() { return notification.when; }
}
