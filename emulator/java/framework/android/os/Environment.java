package android.os;

import java.io.File;
import java.util.Map;
import standin.Device;

public class Environment {
    public static final String MEDIA_MOUNTED = "mounted";
    public static String DIRECTORY_MUSIC = "Music";
    public static String DIRECTORY_PICTURES = "Pictures";
    public static String DIRECTORY_MOVIES = "Movies";
    public static String DIRECTORY_DOWNLOADS = "Download";
    public static String DIRECTORY_DCIM = "DCIM";
    public static String DIRECTORY_DOCUMENTS = "Documents";

    public static File getExternalStorageDirectory() {
        return file("/storage/emulated/0");
    }

    public static File getExternalStoragePublicDirectory(String type) {
        return file("/storage/emulated/0/" + type);
    }

    public static String getExternalStorageState() { return MEDIA_MOUNTED; }
    public static String getExternalStorageState(File path) { return MEDIA_MOUNTED; }
    public static boolean isExternalStorageEmulated() { return true; }
    public static boolean isExternalStorageManager() { return Device.hasPermission("android.permission.MANAGE_EXTERNAL_STORAGE"); }
    public static File getDataDirectory() { return file("/data"); }
    public static File getRootDirectory() { return file("/system"); }
    public static File getDownloadCacheDirectory() { return file("/cache"); }

    /** The real directory that stands for a path of the device. */
    private static File file(String path) {
        Object real = Device.call("fs.path", Map.of("path", path));
        return new File(String.valueOf(real));
    }
    public static File getStorageDirectory() { return file("/storage"); }
    public static boolean isExternalStorageLegacy() { return false; }
    public static boolean isExternalStorageLegacy(File path) { return false; }
    public static boolean isExternalStorageRemovable() { return false; }
    public static boolean isExternalStorageRemovable(File path) { return false; }
    public static boolean isExternalStorageEmulated(File path) { return true; }
}
