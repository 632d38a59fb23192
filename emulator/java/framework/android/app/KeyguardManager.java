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
}
