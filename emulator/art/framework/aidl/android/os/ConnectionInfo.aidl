package android.os;

parcelable ConnectionInfo {
    String ipAddress;
    int port;
}
