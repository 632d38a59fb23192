package android.graphics;

public final class Outline {
    private float mRadius = -1;

    public void setRect(int left, int top, int right, int bottom) { mRadius = 0; }
    public void setRoundRect(int left, int top, int right, int bottom, float radius) { mRadius = radius; }
    public void setRoundRect(Rect rect, float radius) { mRadius = radius; }
    public void setOval(int left, int top, int right, int bottom) { mRadius = -1; }
    public float getRadius() { return mRadius; }
    public void setAlpha(float alpha) {}
}
