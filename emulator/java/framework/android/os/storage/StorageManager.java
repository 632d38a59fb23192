package android.os.storage;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One volume, the emulated one. */
public class StorageManager {
    public static final String ACTION_MANAGE_STORAGE = "android.os.storage.action.MANAGE_STORAGE";
    public static final UUID UUID_DEFAULT = UUID.fromString("41217664-9172-527a-b3d5-edabb50a7d69");

    public List<StorageVolume> getStorageVolumes() { return new ArrayList<>(List.of(getPrimaryStorageVolume())); }
    public StorageVolume getPrimaryStorageVolume() { return new StorageVolume(); }
    public StorageVolume getStorageVolume(File file) { return getPrimaryStorageVolume(); }
    public UUID getUuidForPath(File path) throws IOException { return UUID_DEFAULT; }
    public long getAllocatableBytes(UUID storageUuid) throws IOException { return android.os.Environment.getDataDirectory().getUsableSpace(); }
    public void allocateBytes(UUID storageUuid, long bytes) throws IOException {}
    public long getCacheQuotaBytes(UUID storageUuid) throws IOException { return 64L << 20; }
    public long getCacheSizeBytes(UUID storageUuid) throws IOException { return 0; }
    public boolean isEncrypted(File file) { return true; }
    public boolean isAllocationSupported(java.io.FileDescriptor fd) { return true; }
    /** Hidden in the public API. */
    public StorageVolume[] getVolumeList() { return new StorageVolume[] {getPrimaryStorageVolume()}; }
    /** Hidden in the public API. */
    public String[] getVolumePaths() { return new String[] {getPrimaryStorageVolume().getPath()}; }
}
