package android.graphics;

/** Paths have no length here. */
public class PathMeasure {
    public PathMeasure() {}
    public PathMeasure(Path path, boolean forceClosed) {}

    public void setPath(Path path, boolean forceClosed) {}
    public float getLength() { return 0f; }
    public boolean getPosTan(float distance, float[] pos, float[] tan) { return false; }
    public boolean getSegment(float start, float stop, Path dst, boolean move) { return false; }
    public boolean getMatrix(float distance, Matrix matrix, int flags) { return false; }
    public boolean isClosed() { return false; }
    public boolean nextContour() { return false; }
}
