package android.os;

import android.os.ConnectionInfo;
import android.os.IServiceCallback;
import android.os.ServiceDebugInfo;

// What the framework's ServiceManager asks; the file of that name lies in another repository.
interface IServiceManager {
    const int DUMP_FLAG_PRIORITY_CRITICAL = 1;
    const int DUMP_FLAG_PRIORITY_HIGH = 2;
    const int DUMP_FLAG_PRIORITY_NORMAL = 4;
    const int DUMP_FLAG_PRIORITY_DEFAULT = 8;
    const int DUMP_FLAG_PRIORITY_ALL = 15;
    const int DUMP_FLAG_PROTO = 16;
    IBinder getService(String name);
    IBinder checkService(String name);
    void addService(String name, IBinder service, boolean allowIsolated, int dumpPriority);
    String[] listServices(int dumpPriority);
    void registerForNotifications(String name, IServiceCallback callback);
    boolean isDeclared(String name);
    String[] getDeclaredInstances(String iface);
    String updatableViaApex(String name);
    String[] getUpdatableNames(String apexName);
    ConnectionInfo getConnectionInfo(String name);
    ServiceDebugInfo[] getServiceDebugInfo();
}
