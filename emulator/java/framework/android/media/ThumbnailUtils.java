package android.media;

import android.graphics.Bitmap;
import android.os.CancellationSignal;
import android.util.Size;
import java.io.File;
import java.io.IOException;

public class ThumbnailUtils {
    public static final int OPTIONS_RECYCLE_INPUT = 2;

    public static Bitmap extractThumbnail(Bitmap source, int width, int height) { return source == null ? null : Bitmap.createScaledBitmap(source, width, height, true); }
    public static Bitmap extractThumbnail(Bitmap source, int width, int height, int options) { return extractThumbnail(source, width, height); }
    @Deprecated
    public static Bitmap createVideoThumbnail(String path, int kind) { return Bitmap.createBitmap(96, 96, Bitmap.Config.ARGB_8888); }
    public static Bitmap createVideoThumbnail(File file, Size size, CancellationSignal signal) throws IOException { return createImageThumbnail(file, size, signal); }
    public static Bitmap createImageThumbnail(File file, Size size, CancellationSignal signal) throws IOException {
        if (!file.exists()) throw new java.io.FileNotFoundException(file.getPath());
        return Bitmap.createBitmap(size.getWidth(), size.getHeight(), Bitmap.Config.ARGB_8888);
    }
}
