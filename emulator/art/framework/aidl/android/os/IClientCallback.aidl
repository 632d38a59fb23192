package android.os;

oneway interface IClientCallback {
    void onClients(IBinder registered, boolean hasClients);
}
