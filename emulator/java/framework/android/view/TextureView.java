package android.view;

import android.content.Context;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.graphics.Matrix;
import android.graphics.SurfaceTexture;
import android.util.AttributeSet;

/** Its texture is there as long as it is attached to a window. */
public class TextureView extends View {
    private final SurfaceTexture mTexture = new SurfaceTexture(false);
    private SurfaceTextureListener mListener;
    private boolean mThere;

    public interface SurfaceTextureListener {
        void onSurfaceTextureAvailable(SurfaceTexture surface, int width, int height);

        void onSurfaceTextureSizeChanged(SurfaceTexture surface, int width, int height);

        boolean onSurfaceTextureDestroyed(SurfaceTexture surface);

        void onSurfaceTextureUpdated(SurfaceTexture surface);
    }

    public TextureView(Context context) { super(context); }
    public TextureView(Context context, AttributeSet attrs) { super(context); }
    public TextureView(Context context, AttributeSet attrs, int defStyleAttr) { super(context); }

    @Override protected void onAttachedToWindow() {
        super.onAttachedToWindow();
        post(() -> {
            if (mThere || !isAttachedToWindow()) return;
            mThere = true;
            if (mListener != null) mListener.onSurfaceTextureAvailable(mTexture, Math.max(1, getWidth()), Math.max(1, getHeight()));
        });
    }
    @Override protected void onDetachedFromWindow() {
        super.onDetachedFromWindow();
        if (mThere && mListener != null) mListener.onSurfaceTextureDestroyed(mTexture);
        mThere = false;
    }
    public void setSurfaceTextureListener(SurfaceTextureListener listener) { mListener = listener; }
    public SurfaceTextureListener getSurfaceTextureListener() { return mListener; }
    public SurfaceTexture getSurfaceTexture() { return mThere ? mTexture : null; }
    public boolean isAvailable() { return mThere; }
    public void setTransform(Matrix transform) {}
    public void setOpaque(boolean opaque) {}
    public Canvas lockCanvas() { return mThere ? new Canvas() : null; }
    public void unlockCanvasAndPost(Canvas canvas) {}
    public Bitmap getBitmap() { return mThere ? Bitmap.createBitmap(Math.max(1, getWidth()), Math.max(1, getHeight()), Bitmap.Config.ARGB_8888) : null; }
    public Bitmap getBitmap(int width, int height) { return mThere ? Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888) : null; }
}
