package android.media.projection;

import android.app.Activity;
import android.content.Context;
import android.content.Intent;
import standin.Device;
import standin.Read;

/** The system's question is not drawn: only a positive result code gives a projection. */
public final class MediaProjectionManager {
    private static final String CLS = "android.media.projection.MediaProjectionManager";

    public MediaProjectionManager(Context context) {}

    public Intent createScreenCaptureIntent() {
        Device.truth("screen", CLS, "createScreenCaptureIntent", "value");
        return new Intent("android.media.projection.action.CREATE_SCREEN_CAPTURE").setPackage("com.android.systemui");
    }

    public MediaProjection getMediaProjection(int resultCode, Intent resultData) {
        boolean allowed = resultCode == Activity.RESULT_OK && resultData != null;
        return Read.give("screen", CLS, "getMediaProjection", allowed ? new MediaProjection() : null);
    }
}
