package android.graphics;

public class Paint {
    public void setColor(int color) {}
    public void setTextSize(float size) {}
    public float measureText(String text) { return text.length() * 10f; }
}
