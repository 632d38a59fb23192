package android.media;

import android.os.Handler;
import android.view.Surface;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** Pictures without a picture: as many bytes as their size asks for. */
public class ImageReader implements AutoCloseable {
    private static final Map<Surface, ImageReader> BY_SURFACE = Collections.synchronizedMap(new WeakHashMap<>());
    private final int width;
    private final int height;
    private final int format;
    private final int most;
    private final Surface surface = new Surface();
    private final ArrayDeque<Image> waiting = new ArrayDeque<>();
    private OnImageAvailableListener listener;
    private Handler handler;

    public interface OnImageAvailableListener {
        void onImageAvailable(ImageReader reader);
    }

    private ImageReader(int width, int height, int format, int most) {
        this.width = width;
        this.height = height;
        this.format = format;
        this.most = most;
        BY_SURFACE.put(surface, this);
    }

    public static ImageReader newInstance(int width, int height, int format, int maxImages) {
        if (width < 1 || height < 1 || maxImages < 1) throw new IllegalArgumentException("The image dimensions must be positive");
        return new ImageReader(width, height, format, maxImages);
    }

    /** Of the stand-in: a picture for the reader of this surface, if there is one. */
    public static void standinFrame(Surface to) {
        ImageReader reader = BY_SURFACE.get(to);
        if (reader == null) return;
        synchronized (reader.waiting) {
            if (reader.waiting.size() >= reader.most) return;
            reader.waiting.add(reader.new Picture());
        }
        OnImageAvailableListener told = reader.listener;
        if (told != null) reader.handler.post(() -> told.onImageAvailable(reader));
    }

    public int getWidth() { return width; }
    public int getHeight() { return height; }
    public int getImageFormat() { return format; }
    public int getMaxImages() { return most; }
    public Surface getSurface() { return surface; }
    public void setOnImageAvailableListener(OnImageAvailableListener one, Handler on) {
        handler = standin.Later.on(on);
        listener = one;
    }
    public Image acquireNextImage() {
        synchronized (waiting) {
            return waiting.poll();
        }
    }
    public Image acquireLatestImage() {
        synchronized (waiting) {
            Image last = acquireNextImage();
            while (!waiting.isEmpty()) last = waiting.poll();
            return last;
        }
    }
    @Override public void close() { BY_SURFACE.remove(surface); }

    private final class Picture extends Image {
        private final long time = System.nanoTime();

        @Override public int getFormat() { return format; }
        @Override public int getWidth() { return width; }
        @Override public int getHeight() { return height; }
        @Override public long getTimestamp() { return time; }
        @Override public void close() {}
        @Override public Plane[] getPlanes() {
            boolean yuv = format == 35;
            Plane[] all = new Plane[yuv ? 3 : 1];
            for (int i = 0; i < all.length; i++) all[i] = plane(i == 0 ? 1 : 2);
            return all;
        }
        private Plane plane(int part) {
            ByteBuffer bytes = format == 256 ? ByteBuffer.wrap(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9}) : ByteBuffer.allocate(width / part * height / part);
            return new Plane() {
                @Override public int getRowStride() { return width / part; }
                @Override public int getPixelStride() { return 1; }
                @Override public ByteBuffer getBuffer() { return bytes; }
            };
        }
    }
}
