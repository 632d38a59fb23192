package android.app;

import android.content.Context;

public class KeyguardManager {
    KeyguardManager(Context context) {}

    public boolean isKeyguardLocked() { return false; }
    public boolean isKeyguardSecure() { return false; }
    public boolean isDeviceSecure() { return false; }
    public boolean inKeyguardRestrictedInputMode() { return false; }
}
