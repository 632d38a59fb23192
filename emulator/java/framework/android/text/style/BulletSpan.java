package android.text.style;

public class BulletSpan {
    public BulletSpan() {}

    public BulletSpan(int gapWidth) {}

    public BulletSpan(int gapWidth, int color) {}
}
