package android.graphics;

/** Draws nothing: bitmaps have no pixels here, and say so when asked for one. */
public class Canvas {
    private final Bitmap mBitmap;
    private int mSaved = 1;

    public Canvas() { this(null); }
    public Canvas(Bitmap bitmap) { mBitmap = bitmap; }
    public int getWidth() { return mBitmap == null ? 0 : mBitmap.getWidth(); }
    public int getHeight() { return mBitmap == null ? 0 : mBitmap.getHeight(); }
    public int save() { return mSaved++; }
    public int saveLayer(RectF bounds, Paint paint) { return mSaved++; }
    public int saveLayerAlpha(float l, float t, float r, float b, int alpha) { return mSaved++; }
    public void restore() {
        if (mSaved <= 1) throw new IllegalStateException("Underflow in restore - more restores than saves");
        mSaved--;
    }
    public void restoreToCount(int count) { mSaved = Math.max(1, count); }
    public int getSaveCount() { return mSaved; }
    public void translate(float dx, float dy) {}
    public void scale(float sx, float sy) {}
    public final void scale(float sx, float sy, float px, float py) {}
    public void rotate(float degrees) {}
    public final void rotate(float degrees, float px, float py) {}
    public void concat(Matrix matrix) {}
    public void setMatrix(Matrix matrix) {}
    public boolean clipRect(float l, float t, float r, float b) { return true; }
    public boolean clipRect(int l, int t, int r, int b) { return true; }
    public boolean clipRect(Rect rect) { return true; }
    public boolean clipRect(RectF rect) { return true; }
    public boolean clipPath(Path path) { return true; }
    public void drawColor(int color) {}
    public void drawColor(int color, PorterDuff.Mode mode) {}
    public void drawARGB(int a, int r, int g, int b) {}
    public void drawRGB(int r, int g, int b) {}
    public void drawPaint(Paint paint) {}
    public void drawPoint(float x, float y, Paint paint) {}
    public void drawLine(float startX, float startY, float stopX, float stopY, Paint paint) {}
    public void drawLines(float[] pts, Paint paint) {}
    public void drawRect(RectF rect, Paint paint) {}
    public void drawRect(Rect r, Paint paint) {}
    public void drawRect(float left, float top, float right, float bottom, Paint paint) {}
    public void drawRoundRect(RectF rect, float rx, float ry, Paint paint) {}
    public void drawRoundRect(float left, float top, float right, float bottom, float rx, float ry, Paint paint) {}
    public void drawOval(RectF oval, Paint paint) {}
    public void drawCircle(float cx, float cy, float radius, Paint paint) {}
    public void drawArc(RectF oval, float startAngle, float sweepAngle, boolean useCenter, Paint paint) {}
    public void drawPath(Path path, Paint paint) {}
    public void drawText(String text, float x, float y, Paint paint) {}
    public void drawText(CharSequence text, int start, int end, float x, float y, Paint paint) {}
    public void drawBitmap(Bitmap bitmap, float left, float top, Paint paint) {}
    public void drawBitmap(Bitmap bitmap, Rect src, RectF dst, Paint paint) {}
    public void drawBitmap(Bitmap bitmap, Rect src, Rect dst, Paint paint) {}
    public void drawBitmap(Bitmap bitmap, Matrix matrix, Paint paint) {}
}
