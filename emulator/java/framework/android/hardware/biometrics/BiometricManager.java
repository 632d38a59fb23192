package android.hardware.biometrics;

/** The device has no sensor and no lock. */
public class BiometricManager {
    public static final int BIOMETRIC_SUCCESS = 0;
    public static final int BIOMETRIC_ERROR_HW_UNAVAILABLE = 1;
    public static final int BIOMETRIC_ERROR_NONE_ENROLLED = 11;
    public static final int BIOMETRIC_ERROR_NO_HARDWARE = 12;

    public interface Authenticators {
        int BIOMETRIC_STRONG = 15;
        int BIOMETRIC_WEAK = 255;
        int DEVICE_CREDENTIAL = 1 << 15;
    }

    @Deprecated
    public int canAuthenticate() { return BIOMETRIC_ERROR_NO_HARDWARE; }
    public int canAuthenticate(int authenticators) { return BIOMETRIC_ERROR_NO_HARDWARE; }
}
