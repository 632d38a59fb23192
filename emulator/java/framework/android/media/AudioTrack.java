package android.media;

/** Swallows what is written to it, as fast as it would sound. */
public class AudioTrack {
    public static final int MODE_STATIC = 0;
    public static final int MODE_STREAM = 1;
    public static final int STATE_UNINITIALIZED = 0;
    public static final int STATE_INITIALIZED = 1;
    public static final int PLAYSTATE_STOPPED = 1;
    public static final int PLAYSTATE_PAUSED = 2;
    public static final int PLAYSTATE_PLAYING = 3;
    public static final int SUCCESS = 0;
    public static final int ERROR = -1;
    public static final int WRITE_BLOCKING = 0;
    public static final int WRITE_NON_BLOCKING = 1;
    private final int rate;
    private int play = PLAYSTATE_STOPPED;
    private int frames;

    public static class Builder {
        public Builder setAudioAttributes(AudioAttributes v) { return this; }
        public Builder setAudioFormat(AudioFormat v) { return this; }
        public Builder setBufferSizeInBytes(int v) { return this; }
        public Builder setTransferMode(int v) { return this; }
        public Builder setSessionId(int v) { return this; }
        public Builder setPerformanceMode(int v) { return this; }
        public AudioTrack build() { return new AudioTrack(3, 44100, 4, 2, 1280, MODE_STREAM); }
    }

    public AudioTrack(int streamType, int sampleRateInHz, int channelConfig, int audioFormat, int bufferSizeInBytes, int mode) { rate = sampleRateInHz; }
    public AudioTrack(AudioAttributes attributes, AudioFormat format, int bufferSizeInBytes, int mode, int sessionId) { this(3, 44100, 4, 2, bufferSizeInBytes, mode); }

    public static int getMinBufferSize(int sampleRateInHz, int channelConfig, int audioFormat) { return 3528; }
    public static int getNativeOutputSampleRate(int streamType) { return 48000; }
    public int getState() { return STATE_INITIALIZED; }
    public int getPlayState() { return play; }
    public int getSampleRate() { return rate; }
    public int getAudioSessionId() { return 1; }
    public int getPlaybackHeadPosition() { return frames; }
    public void play() { play = PLAYSTATE_PLAYING; }
    public void pause() { play = PLAYSTATE_PAUSED; }
    public void stop() { play = PLAYSTATE_STOPPED; }
    public void flush() {}
    public void release() { stop(); }
    public int setVolume(float gain) { return SUCCESS; }
    public int setStereoVolume(float left, float right) { return SUCCESS; }
    public int setPlaybackRate(int rate) { return SUCCESS; }
    public int setNotificationMarkerPosition(int frame) { return SUCCESS; }
    private int wrote(int size, int samples) {
        if (play == PLAYSTATE_PLAYING) android.os.SystemClock.sleep(Math.min(200, 1000L * samples / rate));
        frames += samples;
        return size;
    }
    public int write(byte[] data, int offset, int size) { return wrote(size, size / 2); }
    public int write(byte[] data, int offset, int size, int mode) { return wrote(size, size / 2); }
    public int write(short[] data, int offset, int size) { return wrote(size, size); }
    public int write(float[] data, int offset, int size, int mode) { return wrote(size, size); }
    public int write(java.nio.ByteBuffer data, int size, int mode) {
        data.position(data.position() + size);
        return wrote(size, size / 2);
    }
}
