package android.view;

public class Surface {
    public Surface() {}

    public boolean isValid() { return true; }
    public void release() {}
}
