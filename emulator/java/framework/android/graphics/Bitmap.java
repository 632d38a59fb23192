package android.graphics;

import java.io.OutputStream;

public final class Bitmap {
    public enum Config { ALPHA_8, RGB_565, ARGB_8888 }
    public enum CompressFormat { JPEG, PNG, WEBP }

    private final int mWidth;
    private final int mHeight;

    private Bitmap(int width, int height) { mWidth = width; mHeight = height; }
    public static Bitmap createBitmap(int width, int height, Config config) { return new Bitmap(width, height); }
    public int getWidth() { return mWidth; }
    public int getHeight() { return mHeight; }
    public int getByteCount() { return mWidth * mHeight * 4; }
    public void recycle() {}
    public boolean compress(CompressFormat format, int quality, OutputStream stream) {
        try {
            stream.write(("standin-bitmap " + mWidth + "x" + mHeight).getBytes());
            return true;
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
