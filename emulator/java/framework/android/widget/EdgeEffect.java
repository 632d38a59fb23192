package android.widget;

public class EdgeEffect {
    public EdgeEffect(android.content.Context context) {}
    public EdgeEffect(android.content.Context context, android.util.AttributeSet attrs) {}

    public void setSize(int width, int height) {}
    public boolean isFinished() { return true; }
    public void finish() {}
    public void onPull(float delta) {}
    public void onPull(float delta, float displacement) {}
    public float onPullDistance(float delta, float displacement) { return 0f; }
    public float getDistance() { return 0f; }
    public void onRelease() {}
    public void onAbsorb(int velocity) {}
    public void setColor(int color) {}
    public int getColor() { return 0; }
    public boolean draw(android.graphics.Canvas canvas) { return false; }
    public int getMaxHeight() { return 0; }
}
