package android.media.projection;

import android.hardware.display.VirtualDisplay;
import android.os.Handler;
import android.view.Surface;
import standin.Device;

public final class MediaProjection {
    MediaProjection() {}

    public VirtualDisplay createVirtualDisplay(
            String name, int width, int height, int dpi, int flags, Surface surface, VirtualDisplay.Callback callback, Handler handler) {
        Device.truth("screen", "android.media.projection.MediaProjection", "createVirtualDisplay", "value");
        return new VirtualDisplay();
    }

    public void stop() {}
}
