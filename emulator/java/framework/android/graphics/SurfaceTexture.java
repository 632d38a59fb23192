package android.graphics;

import android.os.Handler;

public class SurfaceTexture {
    public interface OnFrameAvailableListener {
        void onFrameAvailable(SurfaceTexture surfaceTexture);
    }

    public SurfaceTexture(int texName) {}
    public SurfaceTexture(boolean singleBufferMode) {}
    public SurfaceTexture(int texName, boolean singleBufferMode) {}
    public void setDefaultBufferSize(int width, int height) {}
    public void setOnFrameAvailableListener(OnFrameAvailableListener listener) {}
    public void setOnFrameAvailableListener(OnFrameAvailableListener listener, Handler handler) {}
    public void updateTexImage() {}
    public void getTransformMatrix(float[] mtx) { for (int i = 0; i < 16; i++) mtx[i] = i % 5 == 0 ? 1f : 0f; }
    public long getTimestamp() { return System.nanoTime(); }
    public void attachToGLContext(int texName) {}
    public void detachFromGLContext() {}
    public void releaseTexImage() {}
    public void release() {}
}
