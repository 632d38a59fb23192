package android.app;

import android.content.Context;
import android.graphics.Bitmap;
import android.net.Uri;
import android.os.Bundle;
import android.os.Parcel;
import android.os.Parcelable;
import android.widget.RemoteViews;

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

    public PendingIntent fullScreenIntent;
    public Notification publicVersion;
    public Action[] actions;
    public RemoteViews contentView;
    public RemoteViews bigContentView;
    public RemoteViews headsUpContentView;
    public android.media.AudioAttributes audioAttributes;
    public int audioStreamType = -1;
    public int color;
    public int visibility;
    public String category;
    public int iconLevel;

    public interface Extender {
        Builder extend(Builder builder);
    }

    public static class MessagingStyle extends Style {
        public MessagingStyle(CharSequence user) {}
        public MessagingStyle(Person user) {}
        public MessagingStyle setConversationTitle(CharSequence title) { mKept.putCharSequence("android.conversationTitle", title); return this; }
        public MessagingStyle setGroupConversation(boolean v) { return this; }
        public MessagingStyle addMessage(CharSequence text, long at, CharSequence sender) { return this; }
        public MessagingStyle addMessage(CharSequence text, long at, Person sender) { return this; }
    }

    public static class MediaStyle extends Style {
        public MediaStyle setShowActionsInCompactView(int... actions) { return this; }
        public MediaStyle setMediaSession(android.os.Parcelable token) { return this; }
    }

    public static class DecoratedCustomViewStyle extends Style {
    }

    public Notification() {}
    @Deprecated
    public Notification(int icon, CharSequence tickerText, long when) {
        this.icon = icon;
        this.tickerText = tickerText;
        this.when = when;
    }

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
        public BigPictureStyle bigLargeIcon(Bitmap icon) { return this; }
        public BigPictureStyle setSummaryText(CharSequence text) { return this; }
        public BigPictureStyle setBigContentTitle(CharSequence text) { return this; }
    }

    public static class InboxStyle extends Style {
        public InboxStyle addLine(CharSequence text) { return this; }
        public InboxStyle setSummaryText(CharSequence text) { return this; }
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
        public Builder setSmallIcon(android.graphics.drawable.Icon icon) { mN.icon = icon.getType() == android.graphics.drawable.Icon.TYPE_RESOURCE ? icon.getResId() : 0; return this; }
        public Builder setSmallIcon(int icon, int level) { return setSmallIcon(icon); }
        public Builder setLargeIcon(android.graphics.drawable.Icon icon) { return this; }
        public Builder setFullScreenIntent(PendingIntent i, boolean high) { mN.fullScreenIntent = i; return this; }
        public Builder setSound(Uri v, android.media.AudioAttributes a) { return setSound(v); }
        public Builder setLights(int argb, int onMs, int offMs) {
            mN.ledARGB = argb;
            mN.ledOnMS = onMs;
            mN.ledOffMS = offMs;
            return this;
        }
        public Builder setProgress(int max, int progress, boolean indeterminate) {
            mN.extras.putInt("android.progress", progress);
            mN.extras.putInt("android.progressMax", max);
            mN.extras.putBoolean("android.progressIndeterminate", indeterminate);
            return this;
        }
        public Builder setExtras(Bundle extras) { mN.extras = extras == null ? new Bundle() : extras; return this; }
        public Builder addExtras(Bundle extras) { mN.extras.putAll(extras); return this; }
        public Bundle getExtras() { return mN.extras; }
        public Builder setPublicVersion(Notification n) { mN.publicVersion = n; return this; }
        public Builder setTicker(CharSequence t, RemoteViews views) { return setTicker(t); }
        public Builder addPerson(String uri) { return this; }
        public Builder addPerson(Person person) { return this; }
        public Builder setBubbleMetadata(Object data) { return this; }
        public Builder setRemoteInputHistory(CharSequence[] text) { return this; }
        @Deprecated
        public Builder addAction(int icon, CharSequence title, PendingIntent intent) { return addAction(new Action(icon, title, intent)); }
        public Builder addAction(Action action) {
            int had = mN.actions == null ? 0 : mN.actions.length;
            mN.actions = had == 0 ? new Action[1] : java.util.Arrays.copyOf(mN.actions, had + 1);
            mN.actions[had] = action;
            return this;
        }
        public Builder setActions(Action... all) { mN.actions = all; return this; }
        public Builder extend(Extender extender) { return extender.extend(this); }
        public RemoteViews createContentView() { return mN.contentView; }
        public RemoteViews createBigContentView() { return mN.bigContentView; }
        public static Builder recoverBuilder(Context context, Notification n) { return new Builder(context, n.mChannel).setExtras(n.extras); }
        public Notification getNotification() { return build(); }
        public Notification build() { return mN; }

        private Builder flag(int bit, boolean on) {
            mN.flags = on ? mN.flags | bit : mN.flags & ~bit;
            return this;
        }
    }

    public static class Action {
        public int icon;
        public CharSequence title;
        public PendingIntent actionIntent;

        public Action(int icon, CharSequence title, PendingIntent intent) {
            this.icon = icon;
            this.title = title;
            actionIntent = intent;
        }

        public Bundle getExtras() { return new Bundle(); }

        public static final class Builder {
            private final Action made;

            public Builder(int icon, CharSequence title, PendingIntent intent) { made = new Action(icon, title, intent); }
            public Builder(android.graphics.drawable.Icon icon, CharSequence title, PendingIntent intent) { this(icon == null ? 0 : icon.getResId(), title, intent); }
            public Builder addRemoteInput(RemoteInput input) { return this; }
            public Builder addExtras(Bundle extras) { return this; }
            public Builder setAllowGeneratedReplies(boolean v) { return this; }
            public Builder setSemanticAction(int v) { return this; }
            public Action build() { return made; }
        }
    }
}
