package android.media;

public final class AudioDeviceInfo {
    public static final int TYPE_BUILTIN_SPEAKER = 2;

    AudioDeviceInfo() {}

    public int getType() {
        return TYPE_BUILTIN_SPEAKER;
    }

    public CharSequence getProductName() {
        return "Stand-in";
    }
}
