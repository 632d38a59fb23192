package android.app;

import android.content.ComponentName;
import android.content.Context;
import android.os.Parcel;
import android.os.Parcelable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import standin.Device;

public class ActivityManager {
    ActivityManager(Context context) {}

    public static class RunningAppProcessInfo implements Parcelable {
        public static final int IMPORTANCE_FOREGROUND = 100;
        public static final int IMPORTANCE_VISIBLE = 200;
        public static final int IMPORTANCE_SERVICE = 300;
        public static final int IMPORTANCE_CACHED = 400;
        public String processName;
        public int pid;
        public int uid;
        public String[] pkgList;
        public int importance = IMPORTANCE_CACHED;

        @Override public int describeContents() { return 0; }
        @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
    }

    public static class RunningServiceInfo implements Parcelable {
        public ComponentName service;
        public int pid;
        public int uid;
        public String process;
        public boolean foreground;
        public boolean started;

        @Override public int describeContents() { return 0; }
        @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
    }

    public static class RunningTaskInfo implements Parcelable {
        public int id;
        public int taskId;
        public ComponentName baseActivity;
        public ComponentName topActivity;
        public int numActivities;
        public int numRunning;

        @Override public int describeContents() { return 0; }
        @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
    }

    public static class RecentTaskInfo extends RunningTaskInfo {}

    public static class AppTask {
        private final RunningTaskInfo mInfo;

        AppTask(RunningTaskInfo info) { mInfo = info; }
        public RunningTaskInfo getTaskInfo() { return mInfo; }
        public void finishAndRemoveTask() {
            for (ActivityThread.ActivityClientRecord r : new ArrayList<>(ActivityThread.currentActivityThread().mActivities.values())) r.activity.finish();
        }
    }

    public static class ProcessErrorStateInfo {}

    public static class MemoryInfo {
        public long availMem;
        public long totalMem;
        public long threshold;
        public boolean lowMemory;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(String what, String method) {
        List<Map<String, Object>> out = new ArrayList<>();
        Object answer = Device.call("am.list", Map.of("what", what));
        if (answer instanceof List) for (Object one : (List<Object>) answer) out.add((Map<String, Object>) one);
        Device.truth("procs", "android.app.ActivityManager", method, out.isEmpty() ? "empty" : "value");
        return out;
    }

    private static int number(Map<String, Object> row, String key) {
        return row.get(key) instanceof Number ? ((Number) row.get(key)).intValue() : 0;
    }

    /** Own processes only, as from level 22. */
    public List<RunningAppProcessInfo> getRunningAppProcesses() {
        List<RunningAppProcessInfo> out = new ArrayList<>();
        for (Map<String, Object> row : rows("processes", "getRunningAppProcesses")) {
            RunningAppProcessInfo i = new RunningAppProcessInfo();
            i.processName = String.valueOf(row.get("process"));
            i.pid = number(row, "pid");
            i.uid = number(row, "uid");
            i.pkgList = new String[] {String.valueOf(row.get("package"))};
            i.importance = Boolean.TRUE.equals(row.get("top")) ? RunningAppProcessInfo.IMPORTANCE_FOREGROUND : RunningAppProcessInfo.IMPORTANCE_CACHED;
            out.add(i);
        }
        return out;
    }

    public List<RunningTaskInfo> getRunningTasks(int maxNum) {
        List<RunningTaskInfo> out = new ArrayList<>();
        for (Map<String, Object> row : rows("tasks", "getRunningTasks")) if (out.size() < maxNum) out.add(task(row, new RunningTaskInfo()));
        return out;
    }

    public List<RecentTaskInfo> getRecentTasks(int maxNum, int flags) {
        List<RecentTaskInfo> out = new ArrayList<>();
        for (Map<String, Object> row : rows("tasks", "getRecentTasks")) if (out.size() < maxNum) out.add(task(row, new RecentTaskInfo()));
        return out;
    }

    private static <T extends RunningTaskInfo> T task(Map<String, Object> row, T i) {
        i.id = i.taskId = number(row, "task");
        i.baseActivity = ComponentName.unflattenFromString(String.valueOf(row.get("base")));
        i.topActivity = ComponentName.unflattenFromString(String.valueOf(row.get("top")));
        i.numActivities = i.numRunning = number(row, "count");
        return i;
    }

    public List<RunningServiceInfo> getRunningServices(int maxNum) {
        List<RunningServiceInfo> out = new ArrayList<>();
        for (Map<String, Object> row : rows("services", "getRunningServices")) {
            if (out.size() >= maxNum) break;
            RunningServiceInfo i = new RunningServiceInfo();
            i.service = ComponentName.unflattenFromString(String.valueOf(row.get("component")));
            i.pid = number(row, "pid");
            i.uid = number(row, "uid");
            i.process = String.valueOf(row.get("process"));
            i.started = true;
            out.add(i);
        }
        return out;
    }

    public List<AppTask> getAppTasks() {
        List<AppTask> out = new ArrayList<>();
        for (RunningTaskInfo i : getRunningTasks(100)) out.add(new AppTask(i));
        return out;
    }

    public List<ProcessErrorStateInfo> getProcessesInErrorState() { return null; }
    public void killBackgroundProcesses(String packageName) {}
    public int getMemoryClass() { return 256; }
    public boolean isLowRamDevice() { return false; }
    public void getMemoryInfo(MemoryInfo out) {
        out.totalMem = 8L << 30;
        out.availMem = 3L << 30;
        Device.truth("hw_fp", "android.app.ActivityManager", "getMemoryInfo", "value");
    }
    public static void getMyMemoryState(RunningAppProcessInfo out) {
        out.pid = android.os.Process.myPid();
        out.uid = android.os.Process.myUid();
        out.importance = RunningAppProcessInfo.IMPORTANCE_FOREGROUND;
    }

    public android.content.pm.ConfigurationInfo getDeviceConfigurationInfo() { return standin.Canary.give("activity_manager.get_device_configuration_info", "hw_fp", "android.app.ActivityManager", "getDeviceConfigurationInfo", android.content.pm.ConfigurationInfo.class); }
    public static class TaskDescription {
        public TaskDescription() {}
        public TaskDescription(String label) {}
        public TaskDescription(String label, android.graphics.Bitmap icon) {}
        public TaskDescription(String label, android.graphics.Bitmap icon, int colorPrimary) {}
    }

    public int getLargeMemoryClass() { return 512; }
    public boolean clearApplicationUserData() { return false; }
    public static boolean isUserAMonkey() { return false; }
    public static boolean isRunningInTestHarness() { return false; }
    public boolean isBackgroundRestricted() { return false; }
    public boolean isInLockTaskMode() { return false; }
    public int getLockTaskModeState() { return 0; }
    public int getLauncherLargeIconSize() { return 198; }
    public int getLauncherLargeIconDensity() { return 480; }
    public android.os.Debug.MemoryInfo[] getProcessMemoryInfo(int[] pids) {
        android.os.Debug.MemoryInfo[] all = new android.os.Debug.MemoryInfo[pids.length];
        for (int i = 0; i < all.length; i++) android.os.Debug.getMemoryInfo(all[i] = new android.os.Debug.MemoryInfo());
        return all;
    }
    public void moveTaskToFront(int taskId, int flags) {}
    public void setProcessStateSummary(byte[] state) {}
    public java.util.List<ApplicationExitInfo> getHistoricalProcessExitReasons(String packageName, int pid, int max) { return new ArrayList<>(); }
}
