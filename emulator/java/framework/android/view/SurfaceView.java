package android.view;

import android.content.Context;

public class SurfaceView extends View {
    private final Surface mSurface = new Surface();

    public SurfaceView(Context context) { super(context); }
    public void setSecure(boolean secure) {}
    public SurfaceHolder getHolder() {
        return new SurfaceHolder() {
            @Override public void addCallback(Callback c) { post(() -> c.surfaceCreated(this)); }
            @Override public Surface getSurface() { return mSurface; }
        };
    }
}
