package android.os;

import standin.Device;

public class Process {
    public static final int SIGNAL_QUIT = 3;
    public static final int SIGNAL_KILL = 9;
    public static final int SIGNAL_USR1 = 10;
    public static final int ROOT_UID = 0;
    public static final int SYSTEM_UID = 1000;
    public static final int PHONE_UID = 1001;
    public static final int SHELL_UID = 2000;
    public static final int FIRST_APPLICATION_UID = 10000;
    public static final int LAST_APPLICATION_UID = 19999;
    public static final int THREAD_PRIORITY_BACKGROUND = 10;
    public static final int THREAD_PRIORITY_DEFAULT = 0;

    public static int myPid() { return (int) ProcessHandle.current().pid(); }
    public static int myTid() { return (int) Thread.currentThread().getId(); }
    public static int myUid() { return Device.uid(); }
    public static UserHandle myUserHandle() { return UserHandle.of(UserHandle.getUserId(myUid())); }
    public static String myProcessName() { return String.valueOf(Device.hello("process")); }
    public static boolean is64Bit() { return true; }
    public static boolean isIsolated() { return false; }
    public static void setThreadPriority(int priority) {}
    public static void setThreadPriority(int tid, int priority) {}
    public static int getThreadPriority(int tid) { return 0; }
    public static long getElapsedCpuTime() { return SystemClock.uptimeMillis(); }
    public static long getStartElapsedRealtime() { return standin.Launcher.startedAt(); }
    public static long getStartUptimeMillis() { return standin.Launcher.startedAt(); }

    public static final void killProcess(int pid) {
        sendSignal(pid, SIGNAL_KILL);
    }

    public static final void sendSignal(int pid, int signal) {
        if (pid == myPid() && signal == SIGNAL_KILL) {
            Device.note("exit", "how", "Process.killProcess", "caller", Device.caller());
            Device.call("process.exiting", java.util.Map.of("how", "signal 9"));
            Runtime.getRuntime().halt(137);
        }
    }
}
