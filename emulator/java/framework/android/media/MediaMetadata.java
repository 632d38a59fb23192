package android.media;

public final class MediaMetadata {
    public static final String METADATA_KEY_TITLE = "android.media.metadata.TITLE";
    public static final String METADATA_KEY_ARTIST = "android.media.metadata.ARTIST";
    public static final String METADATA_KEY_ALBUM = "android.media.metadata.ALBUM";
    public static final String METADATA_KEY_DURATION = "android.media.metadata.DURATION";
    public static final String METADATA_KEY_ART = "android.media.metadata.ART";
    public static final String METADATA_KEY_ALBUM_ART = "android.media.metadata.ALBUM_ART";
    private final android.os.Bundle values = new android.os.Bundle();

    private MediaMetadata() {}

    public String getString(String key) { return values.getString(key); }
    public long getLong(String key) { return values.getLong(key, 0); }
    public boolean containsKey(String key) { return values.containsKey(key); }

    public static final class Builder {
        private final MediaMetadata made = new MediaMetadata();

        public Builder putString(String key, String v) { made.values.putString(key, v); return this; }
        public Builder putText(String key, CharSequence v) { made.values.putCharSequence(key, v); return this; }
        public Builder putLong(String key, long v) { made.values.putLong(key, v); return this; }
        public Builder putBitmap(String key, android.graphics.Bitmap v) { made.values.putParcelable(key, v); return this; }
        public MediaMetadata build() { return made; }
    }
}
