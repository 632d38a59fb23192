package android.hardware.camera2;

import android.media.ImageReader;
import android.os.Handler;
import android.os.Looper;
import android.view.Surface;
import java.util.List;
import java.util.concurrent.Executor;
import standin.Later;

/** A session of the stand-in's: each request gives one result and, where an ImageReader waits, one picture; a repeating one
 * ten in a second. */
public final class CameraSession extends CameraCaptureSession {
    private static final int FRAME_MS = 100;
    private final CameraDevice device;
    private final StateCallback state;
    private final Handler main = new Handler(Looper.getMainLooper());
    private Runnable repeating;
    private boolean closed;

    public CameraSession(CameraDevice device, StateCallback state) {
        this.device = device;
        this.state = state;
    }

    private void take(CaptureRequest request, Executor executor, CaptureCallback listener) {
        for (Surface one : request.standinTargets()) ImageReader.standinFrame(one);
        if (listener == null) return;
        executor.execute(() -> {
            listener.onCaptureStarted(this, request, System.nanoTime(), 1);
            listener.onCaptureCompleted(this, request, new TotalCaptureResult(request));
        });
    }

    private void open() {
        if (closed) throw new IllegalStateException("Session has been closed; further changes are illegal.");
    }

    @Override
    public CameraDevice getDevice() {
        return device;
    }

    @Override
    public int capture(CaptureRequest request, CaptureCallback listener, Handler handler) {
        return captureSingleRequest(request, Later.on(handler)::post, listener);
    }

    @Override
    public int captureSingleRequest(CaptureRequest request, Executor executor, CaptureCallback listener) {
        open();
        Later.binder(() -> take(request, executor, listener));
        return 1;
    }

    @Override
    public int captureBurst(List<CaptureRequest> requests, CaptureCallback listener, Handler handler) {
        for (CaptureRequest one : requests) capture(one, listener, handler);
        return 1;
    }

    @Override
    public int setRepeatingRequest(CaptureRequest request, CaptureCallback listener, Handler handler) {
        return setSingleRepeatingRequest(request, Later.on(handler)::post, listener);
    }

    @Override
    public int setSingleRepeatingRequest(CaptureRequest request, Executor executor, CaptureCallback listener) {
        open();
        stopRepeating();
        repeating = new Runnable() {
            @Override
            public void run() {
                if (repeating != this) return;
                Later.binder(() -> take(request, executor, listener));
                main.postDelayed(this, FRAME_MS);
            }
        };
        main.postDelayed(repeating, FRAME_MS);
        return 1;
    }

    @Override
    public void stopRepeating() {
        repeating = null;
    }

    @Override
    public void abortCaptures() {
        stopRepeating();
    }

    @Override
    public void close() {
        stopRepeating();
        if (!closed) main.post(() -> state.onClosed(this));
        closed = true;
    }
}
