package android.graphics;

public class SweepGradient extends Shader {
    public SweepGradient(float cx, float cy, int color0, int color1) {}

    public SweepGradient(float cx, float cy, int[] colors, float[] positions) {}
}
