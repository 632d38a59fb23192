package android.app;

import android.content.Context;

public class KeyguardManager {
    KeyguardManager(Context context) {}

    public boolean isKeyguardLocked() { return false; }
    public boolean isKeyguardSecure() { return false; }
    public boolean isDeviceSecure() { return isDeviceSecure(0); }
    /** Hidden in the public API. */
    public boolean isDeviceSecure(int userId) { return false; }
    public boolean inKeyguardRestrictedInputMode() { return false; }
    public boolean isDeviceLocked() { return false; }
    public android.content.Intent createConfirmDeviceCredentialIntent(CharSequence title, CharSequence description) { return null; }
    public void requestDismissKeyguard(Activity activity, KeyguardDismissCallback callback) { if (callback != null) standin.Later.on(null).post(callback::onDismissSucceeded); }
    @Deprecated
    public KeyguardLock newKeyguardLock(String tag) { return new KeyguardLock(); }

    public static class KeyguardDismissCallback {
        public void onDismissError() {}
        public void onDismissSucceeded() {}
        public void onDismissCancelled() {}
    }

    @Deprecated
    public class KeyguardLock {
        public void disableKeyguard() {}
        public void reenableKeyguard() {}
    }
}
