package android.text.format;

import android.content.Context;
import java.util.Locale;

public final class Formatter {
    private Formatter() {}

    public static String formatFileSize(Context context, long sizeBytes) { return size(sizeBytes, false); }
    public static String formatShortFileSize(Context context, long sizeBytes) { return size(sizeBytes, true); }
    private static String size(long bytes, boolean shorter) {
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
        double left = bytes;
        int unit = 0;
        while (Math.abs(left) > 900 && unit < units.length - 1) {
            left /= 1000;
            unit++;
        }
        int digits = unit == 0 || left >= 100 ? 0 : left < 1 ? 2 : left < 10 && !shorter ? 2 : left < 10 ? 1 : shorter ? 0 : 2;
        return String.format(Locale.getDefault(), "%." + digits + "f %s", left, units[unit]);
    }
    public static String formatIpAddress(int address) {
        return (address & 255) + "." + (address >> 8 & 255) + "." + (address >> 16 & 255) + "." + (address >>> 24);
    }
}
