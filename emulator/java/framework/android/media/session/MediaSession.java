package android.media.session;

public final class MediaSession {
    public static final int FLAG_HANDLES_MEDIA_BUTTONS = 1;
    public static final int FLAG_HANDLES_TRANSPORT_CONTROLS = 2;
    private final Token token = new Token();
    private boolean active;

    public static final class Token implements android.os.Parcelable {
        @Override public int describeContents() { return 0; }
        @Override public void writeToParcel(android.os.Parcel out, int flags) {}
    }

    public abstract static class Callback {
        public void onPlay() {}
        public void onPause() {}
        public void onStop() {}
        public void onSkipToNext() {}
        public void onSkipToPrevious() {}
        public void onSeekTo(long pos) {}
        public void onCustomAction(String action, android.os.Bundle extras) {}
        public boolean onMediaButtonEvent(android.content.Intent intent) { return false; }
    }

    public MediaSession(android.content.Context context, String tag) {}
    public MediaSession(android.content.Context context, String tag, android.os.Bundle info) {}

    public void setCallback(Callback callback) {}
    public void setCallback(Callback callback, android.os.Handler handler) {}
    public void setFlags(int flags) {}
    public void setActive(boolean on) { active = on; }
    public boolean isActive() { return active; }
    public void setPlaybackState(PlaybackState state) {}
    public void setMetadata(android.media.MediaMetadata metadata) {}
    public void setSessionActivity(android.app.PendingIntent intent) {}
    public void setMediaButtonReceiver(android.app.PendingIntent intent) {}
    public Token getSessionToken() { return token; }
    public void release() { active = false; }
}
