package android.app;

import android.content.Context;
import android.graphics.Bitmap;
import android.net.Uri;
import android.os.Bundle;
import android.os.Parcel;
import android.os.Parcelable;

public class Notification implements Parcelable {
    public static final int DEFAULT_ALL = -1;
    public static final int DEFAULT_SOUND = 1;
    public static final int DEFAULT_VIBRATE = 2;
    public static final int DEFAULT_LIGHTS = 4;
    public static final int FLAG_AUTO_CANCEL = 16;
    public static final int FLAG_ONGOING_EVENT = 2;
    public Bundle extras = new Bundle();
    public PendingIntent contentIntent;
    public PendingIntent deleteIntent;
    public CharSequence tickerText;
    public Uri sound;
    public long[] vibrate;
    public long when;
    public int icon;
    public int flags;
    public int defaults;
    public int number;
    public int priority;
    public int ledARGB;
    public int ledOnMS;
    public int ledOffMS;
    private String mChannel = "";
    private String mGroup;

    public Notification() {}

    public String getChannelId() { return mChannel; }
    public String getGroup() { return mGroup; }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel out, int flags) { out.writeValue(this); }

    /** How it looks when opened. */
    public abstract static class Style {
        final Bundle mKept = new Bundle();

        public Notification build() { return new Notification(); }
    }

    public static class BigTextStyle extends Style {
        public BigTextStyle bigText(CharSequence text) { mKept.putCharSequence("android.bigText", text); return this; }
        public BigTextStyle setBigContentTitle(CharSequence text) { mKept.putCharSequence("android.title.big", text); return this; }
        public BigTextStyle setSummaryText(CharSequence text) { mKept.putCharSequence("android.summaryText", text); return this; }
    }

    public static class BigPictureStyle extends Style {
        public BigPictureStyle bigPicture(Bitmap picture) { return this; }
        public BigPictureStyle setBigContentTitle(CharSequence text) { return this; }
    }

    public static class InboxStyle extends Style {
        public InboxStyle addLine(CharSequence text) { return this; }
        public InboxStyle setBigContentTitle(CharSequence text) { return this; }
    }

    public static class Builder {
        private final Notification mN = new Notification();

        public Builder(Context context) {}
        public Builder(Context context, String channelId) { mN.mChannel = channelId; }
        public Builder setContentTitle(CharSequence t) { mN.extras.putCharSequence("android.title", t); return this; }
        public Builder setContentText(CharSequence t) { mN.extras.putCharSequence("android.text", t); return this; }
        public Builder setSubText(CharSequence t) { mN.extras.putCharSequence("android.subText", t); return this; }
        public Builder setTicker(CharSequence t) { mN.tickerText = t; return this; }
        public Builder setSmallIcon(int icon) { mN.icon = icon; return this; }
        public Builder setLargeIcon(Bitmap icon) { return this; }
        public Builder setContentIntent(PendingIntent i) { mN.contentIntent = i; return this; }
        public Builder setDeleteIntent(PendingIntent i) { mN.deleteIntent = i; return this; }
        public Builder setChannelId(String id) { mN.mChannel = id; return this; }
        public Builder setCategory(String name) { return this; }
        public Builder setGroup(String name) { mN.mGroup = name; return this; }
        public Builder setGroupSummary(boolean v) { return this; }
        public Builder setStyle(Style style) { if (style != null) mN.extras.putAll(style.mKept); return this; }
        public Builder setDefaults(int v) { mN.defaults = v; return this; }
        public Builder setSound(Uri v) { mN.sound = v; return this; }
        public Builder setVibrate(long[] v) { mN.vibrate = v; return this; }
        public Builder setWhen(long v) { mN.when = v; return this; }
        public Builder setShowWhen(boolean v) { return this; }
        public Builder setNumber(int v) { mN.number = v; return this; }
        public Builder setColor(int v) { return this; }
        public Builder setAutoCancel(boolean v) { return flag(FLAG_AUTO_CANCEL, v); }
        public Builder setOngoing(boolean v) { return flag(FLAG_ONGOING_EVENT, v); }
        public Builder setPriority(int p) { mN.priority = p; return this; }
        public Notification getNotification() { return build(); }
        public Notification build() { return mN; }

        private Builder flag(int bit, boolean on) {
            mN.flags = on ? mN.flags | bit : mN.flags & ~bit;
            return this;
        }
    }
}
