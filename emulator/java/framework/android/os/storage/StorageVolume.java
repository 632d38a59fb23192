package android.os.storage;

public final class StorageVolume {
    public boolean isPrimary() { return true; }
    public boolean isRemovable() { return false; }
    public boolean isEmulated() { return true; }
    public String getUuid() { return null; }
    public String getState() { return "mounted"; }
    public java.io.File getDirectory() { return android.os.Environment.getExternalStorageDirectory(); }
    public String getDescription(android.content.Context context) { return "内部存储"; }
    /** Hidden in the public API. */
    public String getPath() { return getDirectory().getPath(); }
}
