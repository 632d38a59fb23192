package android.content;

public final class UriPermission {
    private final android.net.Uri uri;

    UriPermission(android.net.Uri uri) { this.uri = uri; }

    public android.net.Uri getUri() { return uri; }
    public boolean isReadPermission() { return true; }
    public boolean isWritePermission() { return false; }
    public long getPersistedTime() { return 0; }
}
