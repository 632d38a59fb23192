package android.os;

oneway interface IServiceCallback {
    void onRegistration(String name, IBinder binder);
}
