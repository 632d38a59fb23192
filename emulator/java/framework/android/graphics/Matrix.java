package android.graphics;

public class Matrix {
    private float[] v = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    public Matrix() {}

    public Matrix(Matrix src) { set(src); }

    private static float[] times(float[] a, float[] b) {
        float[] out = new float[9];
        for (int i = 0; i < 9; i++) for (int k = 0; k < 3; k++) out[i] += a[i / 3 * 3 + k] * b[k * 3 + i % 3];
        return out;
    }
    private static float[] moved(float dx, float dy) { return new float[] {1, 0, dx, 0, 1, dy, 0, 0, 1}; }
    private static float[] scaled(float sx, float sy) { return new float[] {sx, 0, 0, 0, sy, 0, 0, 0, 1}; }
    private static float[] turned(float degrees) {
        float sin = (float) Math.sin(Math.toRadians(degrees));
        float cos = (float) Math.cos(Math.toRadians(degrees));
        return new float[] {cos, -sin, 0, sin, cos, 0, 0, 0, 1};
    }
    private static float[] about(float[] m, float px, float py) { return times(moved(px, py), times(m, moved(-px, -py))); }
    private boolean pre(float[] m) {
        v = times(v, m);
        return true;
    }
    private boolean post(float[] m) {
        v = times(m, v);
        return true;
    }
    public void set(Matrix src) { v = src == null ? new Matrix().v : src.v.clone(); }
    public void reset() { set(null); }
    public boolean isIdentity() { return java.util.Arrays.equals(v, new Matrix().v); }
    public void setTranslate(float dx, float dy) { v = moved(dx, dy); }
    public void setScale(float sx, float sy) { v = scaled(sx, sy); }
    public void setScale(float sx, float sy, float px, float py) { v = about(scaled(sx, sy), px, py); }
    public void setRotate(float degrees) { v = turned(degrees); }
    public void setRotate(float degrees, float px, float py) { v = about(turned(degrees), px, py); }
    public boolean preTranslate(float dx, float dy) { return pre(moved(dx, dy)); }
    public boolean preScale(float sx, float sy) { return pre(scaled(sx, sy)); }
    public boolean preRotate(float degrees) { return pre(turned(degrees)); }
    public boolean postTranslate(float dx, float dy) { return post(moved(dx, dy)); }
    public boolean postScale(float sx, float sy) { return post(scaled(sx, sy)); }
    public boolean postScale(float sx, float sy, float px, float py) { return post(about(scaled(sx, sy), px, py)); }
    public boolean postRotate(float degrees) { return post(turned(degrees)); }
    public boolean postRotate(float degrees, float px, float py) { return post(about(turned(degrees), px, py)); }
    public boolean preConcat(Matrix other) { return pre(other.v); }
    public boolean postConcat(Matrix other) { return post(other.v); }
    public void getValues(float[] values) { System.arraycopy(v, 0, values, 0, 9); }
    public void setValues(float[] values) { v = java.util.Arrays.copyOf(values, 9); }
    public void mapPoints(float[] pts) {
        for (int i = 0; i + 1 < pts.length; i += 2) {
            float x = pts[i];
            float y = pts[i + 1];
            pts[i] = v[0] * x + v[1] * y + v[2];
            pts[i + 1] = v[3] * x + v[4] * y + v[5];
        }
    }
    public enum ScaleToFit { FILL, START, CENTER, END }

    public boolean setRectToRect(RectF src, RectF dst, ScaleToFit fit) {
        if (src.isEmpty()) return false;
        float sx = dst.width() / src.width();
        float sy = dst.height() / src.height();
        if (fit != ScaleToFit.FILL) sx = sy = Math.min(sx, sy);
        float part = fit == ScaleToFit.CENTER ? 0.5f : fit == ScaleToFit.END ? 1f : 0f;
        v = times(moved(dst.left + part * (dst.width() - sx * src.width()), dst.top + part * (dst.height() - sy * src.height())), times(scaled(sx, sy), moved(-src.left, -src.top)));
        return true;
    }
    public boolean mapRect(RectF rect) {
        float[] p = {rect.left, rect.top, rect.right, rect.top, rect.right, rect.bottom, rect.left, rect.bottom};
        mapPoints(p);
        rect.set(Math.min(Math.min(p[0], p[2]), Math.min(p[4], p[6])), Math.min(Math.min(p[1], p[3]), Math.min(p[5], p[7])),
                Math.max(Math.max(p[0], p[2]), Math.max(p[4], p[6])), Math.max(Math.max(p[1], p[3]), Math.max(p[5], p[7])));
        return true;
    }
    public boolean mapRect(RectF dst, RectF src) {
        dst.set(src.left, src.top, src.right, src.bottom);
        return mapRect(dst);
    }
    public float mapRadius(float radius) { return radius * (float) Math.sqrt(Math.abs(v[0] * v[4] - v[1] * v[3])); }
    public boolean invert(Matrix inverse) {
        float d = v[0] * v[4] - v[1] * v[3];
        if (d == 0) return false;
        inverse.v = new float[] {v[4] / d, -v[1] / d, (v[1] * v[5] - v[2] * v[4]) / d, -v[3] / d, v[0] / d, (v[2] * v[3] - v[0] * v[5]) / d, 0, 0, 1};
        return true;
    }
    public boolean setConcat(Matrix a, Matrix b) {
        v = times(a.v, b.v);
        return true;
    }
    public boolean preRotate(float degrees, float px, float py) { return pre(about(turned(degrees), px, py)); }
    public boolean preScale(float sx, float sy, float px, float py) { return pre(about(scaled(sx, sy), px, py)); }
}
