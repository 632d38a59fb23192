package android.os;

import java.util.concurrent.Executor;

/** Policies are kept and nothing is punished. */
public final class StrictMode {
    private static ThreadPolicy thread = ThreadPolicy.LAX;
    private static VmPolicy vm = VmPolicy.LAX;

    private StrictMode() {}

    public interface OnThreadViolationListener {
        void onThreadViolation(Throwable v);
    }

    public interface OnVmViolationListener {
        void onVmViolation(Throwable v);
    }

    public static void setThreadPolicy(ThreadPolicy policy) { thread = policy; }
    public static ThreadPolicy getThreadPolicy() { return thread; }
    public static void setVmPolicy(VmPolicy policy) { vm = policy; }
    public static VmPolicy getVmPolicy() { return vm; }
    public static ThreadPolicy allowThreadDiskReads() { return thread; }
    public static ThreadPolicy allowThreadDiskWrites() { return thread; }
    public static void enableDefaults() {}
    public static void noteSlowCall(String name) {}

    public static final class ThreadPolicy {
        public static final ThreadPolicy LAX = new ThreadPolicy();

        private ThreadPolicy() {}

        public static final class Builder {
            public Builder() {}
            public Builder(ThreadPolicy policy) {}
            public Builder detectAll() { return this; }
            public Builder permitAll() { return this; }
            public Builder detectNetwork() { return this; }
            public Builder permitNetwork() { return this; }
            public Builder detectDiskReads() { return this; }
            public Builder permitDiskReads() { return this; }
            public Builder detectDiskWrites() { return this; }
            public Builder permitDiskWrites() { return this; }
            public Builder detectCustomSlowCalls() { return this; }
            public Builder permitCustomSlowCalls() { return this; }
            public Builder detectResourceMismatches() { return this; }
            public Builder permitResourceMismatches() { return this; }
            public Builder detectUnbufferedIo() { return this; }
            public Builder permitUnbufferedIo() { return this; }
            public Builder penaltyLog() { return this; }
            public Builder penaltyDialog() { return this; }
            public Builder penaltyDeath() { return this; }
            public Builder penaltyDeathOnNetwork() { return this; }
            public Builder penaltyFlashScreen() { return this; }
            public Builder penaltyDropBox() { return this; }
            public Builder penaltyListener(Executor executor, OnThreadViolationListener listener) { return this; }
            public ThreadPolicy build() { return new ThreadPolicy(); }
        }
    }

    public static final class VmPolicy {
        public static final VmPolicy LAX = new VmPolicy();

        private VmPolicy() {}

        public static final class Builder {
            public Builder() {}
            public Builder(VmPolicy policy) {}
            public Builder detectAll() { return this; }
            public Builder detectActivityLeaks() { return this; }
            public Builder detectCleartextNetwork() { return this; }
            public Builder detectContentUriWithoutPermission() { return this; }
            public Builder detectFileUriExposure() { return this; }
            public Builder detectImplicitDirectBoot() { return this; }
            public Builder detectCredentialProtectedWhileLocked() { return this; }
            public Builder detectIncorrectContextUse() { return this; }
            public Builder detectLeakedClosableObjects() { return this; }
            public Builder detectLeakedRegistrationObjects() { return this; }
            public Builder detectLeakedSqlLiteObjects() { return this; }
            public Builder detectNonSdkApiUsage() { return this; }
            public Builder permitNonSdkApiUsage() { return this; }
            public Builder detectUnsafeIntentLaunch() { return this; }
            public Builder permitUnsafeIntentLaunch() { return this; }
            public Builder detectUntaggedSockets() { return this; }
            public Builder setClassInstanceLimit(Class<?> type, int limit) { return this; }
            public Builder penaltyLog() { return this; }
            public Builder penaltyDeath() { return this; }
            public Builder penaltyDropBox() { return this; }
            public Builder penaltyDeathOnCleartextNetwork() { return this; }
            public Builder penaltyDeathOnFileUriExposure() { return this; }
            public Builder penaltyListener(Executor executor, OnVmViolationListener listener) { return this; }
            public VmPolicy build() { return new VmPolicy(); }
        }
    }
}
