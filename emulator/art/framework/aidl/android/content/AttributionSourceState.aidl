package android.content;

parcelable AttributionSourceState {
    int pid = -1;
    int uid = -1;
    @nullable String packageName;
    @nullable String attributionTag;
    @nullable IBinder token;
    @nullable String[] renouncedPermissions;
    AttributionSourceState[] next;
}
