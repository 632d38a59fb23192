package android.os;

/** Hidden in the public API: the names of the services, behind which there is nothing to call. */
public final class ServiceManager {
    private ServiceManager() {}

    public static IBinder getService(String name) { return standin.Device.application().getSystemService(name) == null ? null : new Binder(); }
    public static IBinder checkService(String name) { return getService(name); }
}
