package android.media;

/** There are no codecs. */
public final class MediaCodecList {
    public static final int REGULAR_CODECS = 0;
    public static final int ALL_CODECS = 1;

    public MediaCodecList(int kind) {}

    public static int getCodecCount() { return 0; }
    public MediaCodecInfo[] getCodecInfos() { return new MediaCodecInfo[0]; }
    public String findDecoderForFormat(MediaFormat format) { return null; }
    public String findEncoderForFormat(MediaFormat format) { return null; }
}
