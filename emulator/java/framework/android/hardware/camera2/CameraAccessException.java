package android.hardware.camera2;

import android.util.AndroidException;

public class CameraAccessException extends AndroidException {
    public static final int CAMERA_DISABLED = 1;
    private final int reason;

    public CameraAccessException(int problem) {
        super("CAMERA_DISABLED (1): The camera is disabled");
        reason = problem;
    }

    public final int getReason() {
        return reason;
    }
}
