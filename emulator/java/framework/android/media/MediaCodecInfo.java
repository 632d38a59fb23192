package android.media;

public final class MediaCodecInfo {
    private MediaCodecInfo() {}

    public String getName() { return ""; }
    public boolean isEncoder() { return false; }
    public String[] getSupportedTypes() { return new String[0]; }
}
