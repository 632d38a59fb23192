package android.hardware.camera2.params;

import android.util.Size;

public final class StreamConfigurationMap {
    public int[] getOutputFormats() { return new int[] {35, 256}; }
    public Size[] getOutputSizes(int format) { return new Size[] {new Size(1280, 720), new Size(640, 480)}; }
    public <T> Size[] getOutputSizes(Class<T> type) { return getOutputSizes(35); }
    public Size[] getHighResolutionOutputSizes(int format) { return new Size[0]; }
    public boolean isOutputSupportedFor(int format) { return format == 35 || format == 256; }
    public long getOutputMinFrameDuration(int format, Size size) { return 33_333_333L; }
}
