package android.content.pm;

/** Nobody is there to confirm an installation: a session cannot be made. */
public class PackageInstaller {
    public static final String EXTRA_STATUS = "android.content.pm.extra.STATUS";
    public static final String EXTRA_STATUS_MESSAGE = "android.content.pm.extra.STATUS_MESSAGE";
    public static final int STATUS_SUCCESS = 0;
    public static final int STATUS_FAILURE = 1;
    public static final int STATUS_PENDING_USER_ACTION = -1;

    public static class SessionParams {
        public static final int MODE_FULL_INSTALL = 1;
        public static final int MODE_INHERIT_EXISTING = 2;

        public SessionParams(int mode) {}

        public void setAppPackageName(String name) {}
        public void setSize(long bytes) {}
        public void setInstallReason(int reason) {}
    }

    public static class SessionInfo {
        public int getSessionId() { return 0; }
        public String getAppPackageName() { return null; }
    }

    public int createSession(SessionParams params) throws java.io.IOException { throw new SecurityException("Not allowed to install packages"); }
    public java.util.List<SessionInfo> getMySessions() { return new java.util.ArrayList<>(); }
    public java.util.List<SessionInfo> getAllSessions() { return new java.util.ArrayList<>(); }
    public void abandonSession(int id) {}
    public void uninstall(String packageName, android.content.IntentSender result) {}
}
