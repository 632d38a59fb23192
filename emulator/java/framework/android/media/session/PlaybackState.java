package android.media.session;

public final class PlaybackState {
    public static final int STATE_NONE = 0;
    public static final int STATE_STOPPED = 1;
    public static final int STATE_PAUSED = 2;
    public static final int STATE_PLAYING = 3;
    public static final int STATE_BUFFERING = 6;
    public static final int STATE_ERROR = 7;
    public static final long ACTION_STOP = 1;
    public static final long ACTION_PAUSE = 2;
    public static final long ACTION_PLAY = 4;
    public static final long ACTION_SKIP_TO_PREVIOUS = 16;
    public static final long ACTION_SKIP_TO_NEXT = 32;
    public static final long ACTION_SEEK_TO = 256;
    public static final long ACTION_PLAY_PAUSE = 512;
    private int state;
    private long position;
    private float speed;

    private PlaybackState() {}

    public int getState() { return state; }
    public long getPosition() { return position; }
    public float getPlaybackSpeed() { return speed; }

    public static final class Builder {
        private final PlaybackState made = new PlaybackState();

        public Builder setState(int state, long position, float speed) {
            made.state = state;
            made.position = position;
            made.speed = speed;
            return this;
        }
        public Builder setState(int state, long position, float speed, long time) { return setState(state, position, speed); }
        public Builder setActions(long actions) { return this; }
        public Builder setBufferedPosition(long v) { return this; }
        public Builder setErrorMessage(CharSequence v) { return this; }
        public PlaybackState build() { return made; }
    }
}
