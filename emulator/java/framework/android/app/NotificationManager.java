package android.app;

import android.content.Context;
import android.service.notification.StatusBarNotification;
import standin.Device;

public class NotificationManager {
    public static final int IMPORTANCE_LOW = 2;
    public static final int IMPORTANCE_DEFAULT = 3;
    public static final int IMPORTANCE_HIGH = 4;

    private static final java.util.Map<String, NotificationChannel> CHANNELS = new java.util.LinkedHashMap<>();

    private static final java.util.Map<String, NotificationChannelGroup> GROUPS = new java.util.LinkedHashMap<>();

    private static final java.util.Map<String, StatusBarNotification> SHOWN = new java.util.LinkedHashMap<>();

    NotificationManager(Context context) {}

    public void notify(int id, Notification n) { notify(null, id, n); }
    public void notify(String tag, int id, Notification n) {
        boolean shown = Device.sdk() < 33 || Device.hasPermission("android.permission.POST_NOTIFICATIONS");
        Device.note("notification", "id", id, "shown", shown);
        synchronized (CHANNELS) {
            if (shown) SHOWN.put(tag + "/" + id, new StatusBarNotification(tag, id, n));
        }
    }
    public void cancel(int id) { cancel(null, id); }
    public void cancel(String tag, int id) {
        synchronized (CHANNELS) {
            SHOWN.remove(tag + "/" + id);
        }
    }
    public void cancelAll() {
        synchronized (CHANNELS) {
            SHOWN.clear();
        }
    }
    public StatusBarNotification[] getActiveNotifications() {
        synchronized (CHANNELS) {
            return SHOWN.values().toArray(new StatusBarNotification[0]);
        }
    }
    public void createNotificationChannelGroups(java.util.List<NotificationChannelGroup> groups) { groups.forEach(this::createNotificationChannelGroup); }
    public NotificationChannelGroup getNotificationChannelGroup(String id) {
        synchronized (CHANNELS) {
            return GROUPS.get(id);
        }
    }
    public void deleteNotificationChannelGroup(String id) {
        synchronized (CHANNELS) {
            GROUPS.remove(id);
        }
    }
    public boolean areBubblesAllowed() { return false; }
    public boolean areNotificationsPaused() { return false; }
    public boolean isNotificationListenerAccessGranted(android.content.ComponentName listener) { return false; }
    public final void setInterruptionFilter(int filter) { throw new SecurityException("Notification policy access denied"); }
    public void createNotificationChannels(java.util.List<NotificationChannel> channels) { channels.forEach(this::createNotificationChannel); }
    public void createNotificationChannelGroup(NotificationChannelGroup group) {
        synchronized (CHANNELS) {
            GROUPS.put(group.getId(), group);
        }
    }
    public java.util.List<NotificationChannelGroup> getNotificationChannelGroups() {
        synchronized (CHANNELS) {
            return new java.util.ArrayList<>(GROUPS.values());
        }
    }
    public int getImportance() { return areNotificationsEnabled() ? IMPORTANCE_DEFAULT : IMPORTANCE_NONE; }
    public int getCurrentInterruptionFilter() { return INTERRUPTION_FILTER_ALL; }
    public boolean isNotificationPolicyAccessGranted() { return false; }
    public void createNotificationChannel(NotificationChannel channel) {
        synchronized (CHANNELS) {
            CHANNELS.putIfAbsent(channel.getId(), channel);
        }
    }
    public NotificationChannel getNotificationChannel(String id) {
        synchronized (CHANNELS) {
            return CHANNELS.get(id);
        }
    }
    public java.util.List<NotificationChannel> getNotificationChannels() {
        synchronized (CHANNELS) {
            return new java.util.ArrayList<>(CHANNELS.values());
        }
    }
    public void deleteNotificationChannel(String id) {
        synchronized (CHANNELS) {
            CHANNELS.remove(id);
        }
    }
    public boolean areNotificationsEnabled() { return Device.sdk() < 33 || Device.hasPermission("android.permission.POST_NOTIFICATIONS"); }
}
