package aosp;

import android.app.ActivityManager.MemoryInfo;
import android.app.ActivityManager.RunningAppProcessInfo;
import android.app.ActivityManager.RunningServiceInfo;
import android.app.ApplicationErrorReport;
import android.app.ContentProviderHolder;
import android.app.IApplicationThread;
import android.app.IServiceConnection;
import android.app.Notification;
import android.content.ComponentName;
import android.content.IIntentReceiver;
import android.content.IIntentSender;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.pm.PackageManager;
import android.content.pm.ProviderInfo;
import android.content.pm.UserInfo;
import android.os.Bundle;
import android.os.IBinder;
import android.os.Process;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** IActivityManager: providers, permissions, services, broadcasts. */
final class Activities {
    public ContentProviderHolder getContentProvider(IApplicationThread caller, String owner, String authority, int user, boolean stable) {
        Provider provider = Provider.of(authority);
        if (provider == null) return null;
        ProviderInfo info = new ProviderInfo();
        info.authority = authority;
        info.name = authority;
        info.packageName = "android";
        info.applicationInfo = Packages.own();
        info.exported = true;
        ContentProviderHolder holder = new ContentProviderHolder(info);
        holder.provider = provider;
        holder.noReleaseNeeded = true;
        return holder;
    }

    public boolean refContentProvider(android.os.IBinder connection, int stable, int unstable) {
        return true;
    }

    public void removeContentProvider(android.os.IBinder connection, boolean stable) {}

    public int checkPermission(String name, int pid, int uid) {
        return Link.holds(name) ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED;
    }

    public UserInfo getCurrentUser() {
        return new Users().getUserInfo(0);
    }

    public int getCurrentUserId() {
        return 0;
    }

    public int broadcastIntentWithFeature(IApplicationThread caller, String feature, Intent intent, String type, IIntentReceiver to,
            int code, String data, Bundle map, String[] required, String[] excluded, String[] packages, int op, Bundle options,
            boolean serialized, boolean sticky, int user) {
        if (Link.there()) Link.ask("broadcast.send", words(intent));
        return 0;
    }

    public Intent registerReceiverWithFeature(IApplicationThread caller, String owner, String feature, String id, IIntentReceiver receiver,
            IntentFilter filter, String permission, int user, int flags) {
        return null;  // nothing is sticky
    }

    public void unregisterReceiver(IIntentReceiver receiver) {}

    public ComponentName startService(IApplicationThread caller, Intent service, String type, boolean foreground, String owner, String feature, int user) {
        boolean started = Link.there() && Boolean.TRUE.equals(Link.ask("service.start", words(service)));
        return started ? service.getComponent() : null;
    }

    public int stopService(IApplicationThread caller, Intent service, String type, int user) {
        return Link.there() && Boolean.TRUE.equals(Link.ask("service.stop", words(service))) ? 1 : 0;
    }

    public int bindServiceInstance(IApplicationThread caller, IBinder token, Intent service, String type, IServiceConnection connection, int flags,
            String instance, String owner, int user) {
        return 0;  // no such service
    }

    public boolean unbindService(IServiceConnection connection) {
        return true;
    }

    public void setServiceForeground(ComponentName name, IBinder token, int id, Notification notification, int flags, int type) {}

    public IIntentSender getIntentSenderWithFeature(int type, String owner, String feature, IBinder token, String who, int code, Intent[] intents,
            String[] types, int flags, Bundle options, int user) {
        return new IIntentSender.Stub() {
            @Override public void send(int code, Intent intent, String type, IBinder allowed, IIntentReceiver done, String permission, Bundle options) {}
        };
    }

    public boolean handleApplicationWtf(IBinder app, String tag, boolean system, ApplicationErrorReport.ParcelableCrashInfo crash, int pid) {
        return false;
    }

    public List<RunningServiceInfo> getServices(int most, int flags) {
        return new ArrayList<>();
    }

    public void getMemoryInfo(MemoryInfo out) {
        out.totalMem = 4L << 30;
        out.availMem = 2L << 30;
    }

    private static Map<String, Object> words(Intent intent) {
        Map<String, Object> words = new HashMap<>();
        words.put("action", intent.getAction());
        words.put("package", intent.getPackage());
        words.put("component", intent.getComponent() == null ? null : intent.getComponent().flattenToString());
        return words;
    }

    public List<RunningAppProcessInfo> getRunningAppProcesses() {
        List<RunningAppProcessInfo> found = new ArrayList<>();
        found.add(new RunningAppProcessInfo(Packages.own().packageName, Process.myPid(), new String[] {Packages.own().packageName}));
        return found;
    }
}
