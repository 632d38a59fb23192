package android.media;

public final class AudioFocusRequest {
    private final int gain;
    private AudioManager.OnAudioFocusChangeListener listener;
    private AudioAttributes attributes;

    private AudioFocusRequest(int gain) { this.gain = gain; }

    public int getFocusGain() { return gain; }
    public AudioAttributes getAudioAttributes() { return attributes; }

    public static final class Builder {
        private final AudioFocusRequest made;

        public Builder(int focusGain) { made = new AudioFocusRequest(focusGain); }

        public Builder setAudioAttributes(AudioAttributes v) { made.attributes = v; return this; }
        public Builder setOnAudioFocusChangeListener(AudioManager.OnAudioFocusChangeListener v) { made.listener = v; return this; }
        public Builder setOnAudioFocusChangeListener(AudioManager.OnAudioFocusChangeListener v, android.os.Handler handler) { return setOnAudioFocusChangeListener(v); }
        public Builder setWillPauseWhenDucked(boolean v) { return this; }
        public Builder setAcceptsDelayedFocusGain(boolean v) { return this; }
        public AudioFocusRequest build() { return made; }
    }
}
