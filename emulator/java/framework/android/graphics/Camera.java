package android.graphics;

public class Camera {
    public void save() {}
    public void restore() {}
    public void translate(float x, float y, float z) {}
    public void rotate(float x, float y, float z) {}
    public void rotateX(float deg) {}
    public void rotateY(float deg) {}
    public void rotateZ(float deg) {}
    public void setLocation(float x, float y, float z) {}
    public void getMatrix(Matrix matrix) { matrix.reset(); }
    public void applyToCanvas(Canvas canvas) {}
}
