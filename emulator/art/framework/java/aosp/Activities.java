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
import android.os.RemoteException;
import java.util.ArrayList;
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
        Link.ask("broadcast.send", words(intent));
        return 0;
    }

    public Intent registerReceiverWithFeature(IApplicationThread caller, String owner, String feature, String id, IIntentReceiver receiver,
            IntentFilter filter, String permission, int user, int flags) {
        if (receiver != null) Receivers.add(receiver, filter);
        return null;  // nothing is sticky
    }

    public void unregisterReceiver(IIntentReceiver receiver) {
        Receivers.remove(receiver);
    }

    public void finishReceiver(IBinder receiver, int code, String data, Bundle map, boolean abort, int flags) {}

    public void publishContentProviders(IApplicationThread caller, List<ContentProviderHolder> providers) {}

    public ComponentName startService(IApplicationThread caller, Intent service, String type, boolean foreground, String owner, String feature, int user) {
        return Boolean.TRUE.equals(Link.ask("service.start", words(service))) ? service.getComponent() : null;
    }

    public int stopService(IApplicationThread caller, Intent service, String type, int user) {
        return Boolean.TRUE.equals(Link.ask("service.stop", words(service))) ? 1 : 0;
    }

    public boolean stopServiceToken(ComponentName name, IBinder token, int start) {
        return stopService(null, new Intent().setComponent(name), null, 0) == 1;
    }

    public void serviceDoneExecuting(IBinder token, int type, int start, int result) {}

    public int bindServiceInstance(IApplicationThread caller, IBinder token, Intent service, String type, IServiceConnection connection, int flags,
            String instance, String owner, int user) {
        return Bindings.bind(service, connection) ? 1 : 0;
    }

    public boolean unbindService(IServiceConnection connection) {
        Bindings.unbind(connection);
        return true;
    }

    /** The token has the service's name for a descriptor. */
    public void publishService(IBinder token, Intent intent, IBinder service) throws RemoteException {
        Bindings.publish(ComponentName.unflattenFromString(token.getInterfaceDescriptor()), service);
    }

    public void setServiceForeground(ComponentName name, IBinder token, int id, Notification notification, int flags, int type) {
        Link.tell("service.foreground", Map.of("component", name.flattenToString(), "id", id));
    }

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

    static Map<String, Object> words(Intent intent) {
        intent.setExtrasClassLoader(Thread.currentThread().getContextClassLoader());
        return standin.Intents.write(intent);
    }

    public List<RunningAppProcessInfo> getRunningAppProcesses() {
        List<RunningAppProcessInfo> found = new ArrayList<>();
        found.add(new RunningAppProcessInfo(Packages.own().packageName, Process.myPid(), new String[] {Packages.own().packageName}));
        return found;
    }
}
