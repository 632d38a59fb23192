package android.graphics;

public class RadialGradient extends Shader {
    public RadialGradient(float x, float y, float radius, int centerColor, int edgeColor, TileMode tile) {}

    public RadialGradient(float x, float y, float radius, int[] colors, float[] stops, TileMode tile) {}
}
