package android.view;

import android.content.Context;
import android.graphics.Canvas;
import android.graphics.Rect;
import android.util.AttributeSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Its surface is there as long as it is attached to a window. */
public class SurfaceView extends View {
    private final Surface mSurface = new Surface();
    private final List<SurfaceHolder.Callback> mCallbacks = new CopyOnWriteArrayList<>();
    private boolean mThere;
    private final SurfaceHolder mHolder = new SurfaceHolder() {
        @Override public void addCallback(Callback c) {
            if (mCallbacks.contains(c)) return;
            mCallbacks.add(c);
            if (mThere) post(() -> tell(c));
        }
        @Override public void removeCallback(Callback c) { mCallbacks.remove(c); }
        @Override public boolean isCreating() { return false; }
        @Override public void setType(int type) {}
        @Override public void setFixedSize(int width, int height) {}
        @Override public void setSizeFromLayout() {}
        @Override public void setFormat(int format) {}
        @Override public void setKeepScreenOn(boolean on) { SurfaceView.this.setKeepScreenOn(on); }
        @Override public Canvas lockCanvas() { return mThere ? new Canvas() : null; }
        @Override public Canvas lockCanvas(Rect dirty) { return lockCanvas(); }
        @Override public void unlockCanvasAndPost(Canvas canvas) {}
        @Override public Rect getSurfaceFrame() { return new Rect(0, 0, getWidth(), getHeight()); }
        @Override public Surface getSurface() { return mSurface; }
    };

    public SurfaceView(Context context) { super(context); }
    public SurfaceView(Context context, AttributeSet attrs) { super(context); }
    public SurfaceView(Context context, AttributeSet attrs, int defStyleAttr) { super(context); }

    private void tell(SurfaceHolder.Callback c) {
        if (!mThere || !mCallbacks.contains(c)) return;
        c.surfaceCreated(mHolder);
        c.surfaceChanged(mHolder, 4, Math.max(1, getWidth()), Math.max(1, getHeight()));
    }

    @Override protected void onAttachedToWindow() {
        super.onAttachedToWindow();
        mThere = true;
        post(() -> mCallbacks.forEach(this::tell));
    }
    @Override protected void onDetachedFromWindow() {
        super.onDetachedFromWindow();
        if (mThere) mCallbacks.forEach(c -> c.surfaceDestroyed(mHolder));
        mThere = false;
    }
    public void setSecure(boolean secure) {}
    public void setZOrderOnTop(boolean onTop) {}
    public void setZOrderMediaOverlay(boolean overlay) {}
    public SurfaceHolder getHolder() { return mHolder; }
}
