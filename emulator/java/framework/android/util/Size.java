package android.util;

public final class Size {
    private final int mWidth;
    private final int mHeight;

    public Size(int width, int height) {
        mWidth = width;
        mHeight = height;
    }

    public int getWidth() { return mWidth; }
    public int getHeight() { return mHeight; }
    @Override public String toString() { return mWidth + "x" + mHeight; }
}
