package android.os;

parcelable ServiceDebugInfo {
    String name;
    int debugPid;
}
