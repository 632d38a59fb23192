package android.os;

/** One user, the owner. */
public class UserManager {
    public boolean isUserUnlocked() { return true; }
    public boolean isUserUnlocked(UserHandle user) { return true; }
    public boolean isUserRunning(UserHandle user) { return true; }
    public boolean isSystemUser() { return true; }
    public boolean isManagedProfile() { return false; }
    public boolean isProfile() { return false; }
    public boolean isDemoUser() { return false; }
    public boolean isUserAGoat() { return false; }
    public boolean isUserForeground() { return true; }
    public boolean isQuietModeEnabled(UserHandle user) { return false; }
    public boolean hasUserRestriction(String key) { return false; }
    public Bundle getUserRestrictions() { return new Bundle(); }
    public Bundle getApplicationRestrictions(String packageName) { return new Bundle(); }
    public java.util.List<UserHandle> getUserProfiles() { return new java.util.ArrayList<>(java.util.List.of(Process.myUserHandle())); }
    public int getUserCount() { return 1; }
    public long getSerialNumberForUser(UserHandle user) { return 0; }
    public UserHandle getUserForSerialNumber(long serial) { return serial == 0 ? Process.myUserHandle() : null; }
    public static boolean supportsMultipleUsers() { return false; }
}
