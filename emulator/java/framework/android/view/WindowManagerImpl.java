package android.view;

import android.content.Context;

public final class WindowManagerImpl implements WindowManager {
    private final WindowManagerGlobal mGlobal = WindowManagerGlobal.getInstance();
    private final Context mContext;
    private final Window mParentWindow;

    public WindowManagerImpl(Context context) {
        this(context, null);
    }

    private WindowManagerImpl(Context context, Window parentWindow) {
        mContext = context;
        mParentWindow = parentWindow;
    }

    public WindowManagerImpl createLocalWindowManager(Window parentWindow) {
        return new WindowManagerImpl(mContext, parentWindow);
    }

    @Override public void addView(View view, ViewGroup.LayoutParams params) {
        mGlobal.addView(view, params, mContext.getDisplayNoVerify(), mParentWindow, mContext.getUserId());
    }
    @Override public void updateViewLayout(View view, ViewGroup.LayoutParams params) { mGlobal.updateViewLayout(view, params); }
    @Override public void removeView(View view) { mGlobal.removeView(view, false); }
    @Override public void removeViewImmediate(View view) { mGlobal.removeView(view, true); }
    /** The stand-in's screen is never recorded by Android's own recorder. */
    @Override public int addScreenRecordingCallback(java.util.concurrent.Executor executor, java.util.function.Consumer<Integer> callback) {
        return SCREEN_RECORDING_STATE_NOT_VISIBLE;
    }
    @Override public void removeScreenRecordingCallback(java.util.function.Consumer<Integer> callback) {}
    @Override public Display getDefaultDisplay() { return mContext.getDisplayNoVerify(); }
}
