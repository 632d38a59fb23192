package android.hardware.biometrics;

import android.os.CancellationSignal;
import java.util.concurrent.Executor;

public class BiometricPrompt {
    public static final int BIOMETRIC_ERROR_HW_NOT_PRESENT = 12;
    public static final int BIOMETRIC_ERROR_CANCELED = 5;
    public static final int BIOMETRIC_ERROR_USER_CANCELED = 10;
    public static final int BIOMETRIC_ERROR_LOCKOUT = 7;
    public static final int BIOMETRIC_ERROR_NO_BIOMETRICS = 11;

    private BiometricPrompt() {}

    public static class AuthenticationResult {
        public CryptoObject getCryptoObject() { return null; }
        public int getAuthenticationType() { return 2; }
    }

    public abstract static class AuthenticationCallback {
        public void onAuthenticationError(int errorCode, CharSequence errString) {}
        public void onAuthenticationHelp(int helpCode, CharSequence helpString) {}
        public void onAuthenticationSucceeded(AuthenticationResult result) {}
        public void onAuthenticationFailed() {}
    }

    public static final class CryptoObject {
        private final javax.crypto.Cipher cipher;

        public CryptoObject(javax.crypto.Cipher cipher) { this.cipher = cipher; }

        public javax.crypto.Cipher getCipher() { return cipher; }
    }

    public static class Builder {
        public Builder(android.content.Context context) {}

        public Builder setTitle(CharSequence v) { return this; }
        public Builder setSubtitle(CharSequence v) { return this; }
        public Builder setDescription(CharSequence v) { return this; }
        public Builder setNegativeButton(CharSequence text, Executor executor, android.content.DialogInterface.OnClickListener listener) { return this; }
        public Builder setConfirmationRequired(boolean v) { return this; }
        public Builder setDeviceCredentialAllowed(boolean v) { return this; }
        public Builder setAllowedAuthenticators(int v) { return this; }
        public BiometricPrompt build() { return new BiometricPrompt(); }
    }

    public void authenticate(CancellationSignal cancel, Executor executor, AuthenticationCallback callback) {
        standin.Later.binder(() -> executor.execute(() -> callback.onAuthenticationError(BIOMETRIC_ERROR_HW_NOT_PRESENT, "此设备没有生物识别硬件")));
    }

    public void authenticate(CryptoObject crypto, CancellationSignal cancel, Executor executor, AuthenticationCallback callback) {
        authenticate(cancel, executor, callback);
    }
}
