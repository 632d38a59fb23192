package android.view;

import android.graphics.Canvas;
import android.graphics.Rect;
import android.graphics.SurfaceTexture;
import android.os.Parcel;
import android.os.Parcelable;

public class Surface implements Parcelable {
    public static final Parcelable.Creator<Surface> CREATOR = new Parcelable.Creator<Surface>() {
        @Override public Surface createFromParcel(Parcel p) { return new Surface(); }
        @Override public Surface[] newArray(int size) { return new Surface[size]; }
    };
    private boolean mReleased;

    public Surface() {}
    public Surface(SurfaceTexture texture) {}

    public boolean isValid() { return !mReleased; }
    public void release() { mReleased = true; }
    public Canvas lockCanvas(Rect dirty) { return new Canvas(); }
    public Canvas lockHardwareCanvas() { return new Canvas(); }
    public void unlockCanvasAndPost(Canvas canvas) {}
    public void setFrameRate(float frameRate, int compatibility) {}
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel p, int flags) {}
}
