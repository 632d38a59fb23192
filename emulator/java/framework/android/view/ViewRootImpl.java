package android.view;

import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import standin.Device;

/** One window: tells the device its tree, at most once a frame. */
public final class ViewRootImpl implements ViewParent {
    private static final AtomicInteger NUMBERS = new AtomicInteger(1);
    private static final long FRAME_MS = 16;
    final View mView;
    final WindowManager.LayoutParams mAttributes;
    final IBinder mToken;
    private final int mNumber = NUMBERS.getAndIncrement();
    private final Handler mHandler = new Handler(Looper.getMainLooper());
    private final Runnable mTraversal = this::performTraversals;
    private boolean mScheduled;
    private boolean mDead;

    ViewRootImpl(View view, WindowManager.LayoutParams attributes) {
        mView = view;
        mAttributes = attributes;
        mToken = attributes.token;
    }

    void setView() {
        mView.mRoot = this;
        mView.dispatchAttached(true);
        performTraversals();
    }

    void scheduleTraversals() {
        synchronized (this) {
            if (mScheduled || mDead) return;
            mScheduled = true;
        }
        mHandler.postDelayed(mTraversal, FRAME_MS);
    }

    private void performTraversals() {
        synchronized (this) {
            mScheduled = false;
            if (mDead) return;
        }
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("window", mNumber);
        a.put("kind", kind());
        a.put("title", getTitle());
        a.put("token", mToken == null ? "" : mToken.toString());
        a.put("secure", (mAttributes.flags & WindowManager.LayoutParams.FLAG_SECURE) != 0);
        a.put("root", mView.standinNode());
        View focused = mView.standinFocus();
        if (focused != null) a.put("focus", focused.standinNodeId());
        Device.call("ui.window", a);
    }

    /** Whether it can have the focus while it is in front. */
    boolean takesFocus() {
        return (mAttributes.flags & WindowManager.LayoutParams.FLAG_NOT_FOCUSABLE) == 0
                && mAttributes.type != WindowManager.LayoutParams.TYPE_TOAST;
    }

    boolean isBase() { return mAttributes.type == WindowManager.LayoutParams.TYPE_BASE_APPLICATION; }

    private String kind() {
        switch (mAttributes.type) {
            case WindowManager.LayoutParams.TYPE_BASE_APPLICATION: return "activity";
            case WindowManager.LayoutParams.TYPE_APPLICATION_PANEL: return "popup";
            case WindowManager.LayoutParams.TYPE_TOAST: return "toast";
            default: return mAttributes.type >= 2000 ? "popup" : "dialog";
        }
    }

    void die() {
        synchronized (this) {
            mDead = true;
        }
        mView.dispatchAttached(false);
        mView.mRoot = null;
        Device.call("ui.remove", Map.of("window", mNumber));
    }

    String getTitle() { return mAttributes.getTitle().toString(); }
    public int standinNumber() { return mNumber; }
    public View getView() { return mView; }
    @Override public ViewParent getParent() { return null; }
    @Override public void requestLayout() { scheduleTraversals(); }
}
