package android.media;

public final class AudioAttributes {
    private int mUsage;
    private int mContentType;
    private int mFlags;

    private AudioAttributes() {}

    public int getUsage() { return mUsage; }
    public int getContentType() { return mContentType; }
    public int getFlags() { return mFlags; }

    public static class Builder {
        private final AudioAttributes mMade = new AudioAttributes();

        public Builder setUsage(int usage) { mMade.mUsage = usage; return this; }
        public Builder setContentType(int contentType) { mMade.mContentType = contentType; return this; }
        public Builder setFlags(int flags) { mMade.mFlags |= flags; return this; }
        public Builder setLegacyStreamType(int streamType) { return this; }
        public AudioAttributes build() { return mMade; }
    }
}
