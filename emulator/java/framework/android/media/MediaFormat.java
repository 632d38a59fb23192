package android.media;

public final class MediaFormat {
    public static final String KEY_MIME = "mime";
    public static final String KEY_WIDTH = "width";
    public static final String KEY_HEIGHT = "height";
    public static final String KEY_SAMPLE_RATE = "sample-rate";
    public static final String KEY_CHANNEL_COUNT = "channel-count";
    public static final String KEY_BIT_RATE = "bitrate";
    public static final String KEY_DURATION = "durationUs";
    public static final String MIMETYPE_VIDEO_AVC = "video/avc";
    public static final String MIMETYPE_AUDIO_AAC = "audio/mp4a-latm";
    private final java.util.Map<String, Object> values = new java.util.HashMap<>();

    public static MediaFormat createVideoFormat(String mime, int width, int height) {
        MediaFormat made = new MediaFormat();
        made.setString(KEY_MIME, mime);
        made.setInteger(KEY_WIDTH, width);
        made.setInteger(KEY_HEIGHT, height);
        return made;
    }
    public static MediaFormat createAudioFormat(String mime, int rate, int channels) {
        MediaFormat made = new MediaFormat();
        made.setString(KEY_MIME, mime);
        made.setInteger(KEY_SAMPLE_RATE, rate);
        made.setInteger(KEY_CHANNEL_COUNT, channels);
        return made;
    }
    public boolean containsKey(String name) { return values.containsKey(name); }
    public void setInteger(String name, int v) { values.put(name, v); }
    public int getInteger(String name) { return (Integer) values.get(name); }
    public void setLong(String name, long v) { values.put(name, v); }
    public long getLong(String name) { return (Long) values.get(name); }
    public void setFloat(String name, float v) { values.put(name, v); }
    public float getFloat(String name) { return (Float) values.get(name); }
    public void setString(String name, String v) { values.put(name, v); }
    public String getString(String name) { return (String) values.get(name); }
}
