package aosp;

import android.os.ConnectionInfo;
import android.os.IBinder;
import android.os.IServiceCallback;
import android.os.IServiceManager;
import android.os.ServiceDebugInfo;
import android.util.Log;
import java.util.Map;

/** The service manager: knows the services of the floor, and says which others were asked for. */
final class Manager extends IServiceManager.Stub {
    private final Map<String, IBinder> services;

    Manager(Map<String, IBinder> services) {
        this.services = services;
    }

    @Override public IBinder getService(String name) {
        return checkService(name);
    }

    @Override public IBinder checkService(String name) {
        IBinder found = services.get(name);
        if (found == null) Log.w(Answers.TAG, "no service: " + name);
        return found;
    }

    @Override public void addService(String name, IBinder service, boolean allowIsolated, int priority) {
        services.put(name, service);
    }

    @Override public String[] listServices(int priority) {
        return services.keySet().toArray(new String[0]);
    }

    @Override public void registerForNotifications(String name, IServiceCallback callback) {}

    @Override public boolean isDeclared(String name) {
        return services.containsKey(name);
    }

    @Override public String[] getDeclaredInstances(String iface) {
        return new String[0];
    }

    @Override public String updatableViaApex(String name) {
        return null;
    }

    @Override public String[] getUpdatableNames(String apex) {
        return new String[0];
    }

    @Override public ConnectionInfo getConnectionInfo(String name) {
        return null;
    }

    @Override public ServiceDebugInfo[] getServiceDebugInfo() {
        return new ServiceDebugInfo[0];
    }
}
