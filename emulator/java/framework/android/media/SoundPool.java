package android.media;

public class SoundPool {
    private int last;
    private OnLoadCompleteListener listener;
    private final android.os.Handler events = standin.Later.on(null);

    public interface OnLoadCompleteListener {
        void onLoadComplete(SoundPool soundPool, int sampleId, int status);
    }

    public static class Builder {
        public Builder setMaxStreams(int maxStreams) { return this; }
        public Builder setAudioAttributes(AudioAttributes attributes) { return this; }
        public SoundPool build() { return new SoundPool(1, 3, 0); }
    }

    @Deprecated
    public SoundPool(int maxStreams, int streamType, int srcQuality) {}

    public int load(String path, int priority) {
        int id = ++last;
        events.post(() -> { if (listener != null) listener.onLoadComplete(this, id, 0); });
        return id;
    }

    public int load(android.content.Context context, int resId, int priority) { return load("", priority); }
    public int load(android.content.res.AssetFileDescriptor afd, int priority) { return load("", priority); }
    public int load(java.io.FileDescriptor fd, long offset, long length, int priority) { return load("", priority); }
    public final int play(int soundID, float left, float right, int priority, int loop, float rate) { return soundID > 0 && soundID <= last ? soundID : 0; }
    public final boolean unload(int soundID) { return true; }
    public final void pause(int streamID) {}
    public final void resume(int streamID) {}
    public final void stop(int streamID) {}
    public final void autoPause() {}
    public final void autoResume() {}
    public final void setVolume(int streamID, float left, float right) {}
    public final void setRate(int streamID, float rate) {}
    public final void setLoop(int streamID, int loop) {}
    public void setOnLoadCompleteListener(OnLoadCompleteListener one) { listener = one; }
    public final void release() {}
}
