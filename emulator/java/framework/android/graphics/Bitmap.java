package android.graphics;

import android.os.Parcel;
import android.os.Parcelable;
import java.io.OutputStream;

/** A size without pixels: who asks for one hears that there is none. */
public final class Bitmap implements Parcelable {
    public enum Config { ALPHA_8, RGB_565, ARGB_4444, ARGB_8888, RGBA_F16, HARDWARE }
    public enum CompressFormat { JPEG, PNG, WEBP, WEBP_LOSSY, WEBP_LOSSLESS }

    public static final Parcelable.Creator<Bitmap> CREATOR = new Parcelable.Creator<Bitmap>() {
        @Override public Bitmap createFromParcel(Parcel p) { return new Bitmap(p.readInt(), p.readInt(), Config.ARGB_8888); }
        @Override public Bitmap[] newArray(int size) { return new Bitmap[size]; }
    };
    private final int mWidth;
    private final int mHeight;
    private final Config mConfig;
    private boolean mRecycled;

    private Bitmap(int width, int height, Config config) {
        if (width <= 0 || height <= 0) throw new IllegalArgumentException("width and height must be > 0");
        mWidth = width;
        mHeight = height;
        mConfig = config;
    }
    public static Bitmap createBitmap(int width, int height, Config config) { return new Bitmap(width, height, config); }
    public static Bitmap createBitmap(Bitmap src) { return src; }
    public static Bitmap createBitmap(Bitmap source, int x, int y, int width, int height) { return new Bitmap(width, height, source.mConfig); }
    public static Bitmap createBitmap(Bitmap source, int x, int y, int width, int height, Matrix m, boolean filter) {
        float[] corner = {width, 0, 0, height, 0, 0};
        m.mapPoints(corner);
        int w = Math.round(Math.abs(corner[0] - corner[4]) + Math.abs(corner[2] - corner[4]));
        int h = Math.round(Math.abs(corner[1] - corner[5]) + Math.abs(corner[3] - corner[5]));
        return new Bitmap(w, h, source.mConfig);
    }
    public static Bitmap createBitmap(int[] colors, int width, int height, Config config) { return new Bitmap(width, height, config); }
    public static Bitmap createScaledBitmap(Bitmap src, int dstWidth, int dstHeight, boolean filter) { return new Bitmap(dstWidth, dstHeight, src.mConfig); }
    public Bitmap copy(Config config, boolean isMutable) { return new Bitmap(mWidth, mHeight, config); }
    public int getWidth() { return mWidth; }
    public int getHeight() { return mHeight; }
    public Config getConfig() { return mConfig; }
    public int getRowBytes() { return mWidth * 4; }
    public int getByteCount() { return mWidth * mHeight * 4; }
    public int getAllocationByteCount() { return getByteCount(); }
    public boolean isMutable() { return true; }
    public boolean hasAlpha() { return mConfig != Config.RGB_565; }
    public void recycle() { mRecycled = true; }
    public boolean isRecycled() { return mRecycled; }
    public void eraseColor(int color) {}
    public int getPixel(int x, int y) { throw new UnsupportedOperationException("Bitmap.getPixel"); }
    public void getPixels(int[] pixels, int offset, int stride, int x, int y, int width, int height) { throw new UnsupportedOperationException("Bitmap.getPixels"); }
    public void setPixel(int x, int y, int color) {}
    public void setPixels(int[] pixels, int offset, int stride, int x, int y, int width, int height) {}
    public boolean compress(CompressFormat format, int quality, OutputStream stream) {
        try {
            stream.write(("standin-bitmap " + mWidth + "x" + mHeight).getBytes());
            return true;
        } catch (java.io.IOException e) {
            return false;
        }
    }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel p, int flags) {
        p.writeInt(mWidth);
        p.writeInt(mHeight);
    }
}
