package android.media;

public final class AudioFormat {
    public static final int CHANNEL_IN_MONO = 16;
    public static final int ENCODING_PCM_16BIT = 2;

    private int rate = 44100;
    private int encoding = ENCODING_PCM_16BIT;
    private int mask = CHANNEL_IN_MONO;

    private AudioFormat() {}

    public int getSampleRate() { return rate; }
    public int getEncoding() { return encoding; }
    public int getChannelMask() { return mask; }
    public int getChannelCount() { return Integer.bitCount(mask); }

    public static class Builder {
        private final AudioFormat made = new AudioFormat();

        public Builder setSampleRate(int v) { made.rate = v; return this; }
        public Builder setEncoding(int v) { made.encoding = v; return this; }
        public Builder setChannelMask(int v) { made.mask = v; return this; }
        public AudioFormat build() { return made; }
    }
}
