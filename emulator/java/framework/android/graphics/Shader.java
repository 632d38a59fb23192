package android.graphics;

public class Shader {
    public enum TileMode { CLAMP, REPEAT, MIRROR, DECAL }

    public void setLocalMatrix(Matrix localM) {}
}
