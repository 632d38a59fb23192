package android.os;

import java.io.File;

/** Of the disk below the device's folder. */
public class StatFs {
    private static final long BLOCK = 4096;
    private File mFile;

    public StatFs(String path) {
        standin.Canary.done("stat_fs.init", "hw_fp", "android.os.StatFs", "$init");
        restat(path);
    }

    public void restat(String path) {
        Object real = standin.Device.call("fs.path", java.util.Map.of("path", path));
        mFile = new File(real == null ? path : real.toString());
        while (!mFile.exists() && mFile.getParentFile() != null) mFile = mFile.getParentFile();
    }
    public long getTotalBytes() { return mFile.getTotalSpace(); }
    public long getFreeBytes() { return mFile.getFreeSpace(); }
    public long getAvailableBytes() { return mFile.getUsableSpace(); }
    public long getBlockSizeLong() { return BLOCK; }
    public long getBlockCountLong() { return getTotalBytes() / BLOCK; }
    public long getFreeBlocksLong() { return getFreeBytes() / BLOCK; }
    public long getAvailableBlocksLong() { return getAvailableBytes() / BLOCK; }
    public int getBlockSize() { return (int) BLOCK; }
    public int getBlockCount() { return (int) getBlockCountLong(); }
    public int getFreeBlocks() { return (int) getFreeBlocksLong(); }
    public int getAvailableBlocks() { return (int) getAvailableBlocksLong(); }
}
