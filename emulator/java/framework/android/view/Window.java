package android.view;

import android.content.Context;
import android.os.IBinder;

public abstract class Window {
    public static final int FEATURE_NO_TITLE = 1;
    public static final int ID_ANDROID_CONTENT = android.R.id.content;

    public interface Callback {
        boolean dispatchKeyEvent(KeyEvent event);

        boolean dispatchTouchEvent(MotionEvent event);

        void onWindowFocusChanged(boolean hasFocus);
    }

    private final Context mContext;
    private final WindowManager.LayoutParams mWindowAttributes = new WindowManager.LayoutParams();
    private WindowManager mWindowManager;
    private IBinder mAppToken;
    private Callback mCallback;

    public Window(Context context) {
        mContext = context;
    }

    public final Context getContext() { return mContext; }
    public void setCallback(Callback callback) { mCallback = callback; }
    public final Callback getCallback() { return mCallback; }
    public void setWindowManager(WindowManager wm, IBinder appToken, String appName) {
        mAppToken = appToken;
        mWindowManager = ((WindowManagerImpl) wm).createLocalWindowManager(this);
    }
    public WindowManager getWindowManager() { return mWindowManager; }
    void adjustLayoutParamsForSubWindow(WindowManager.LayoutParams wp) {
        if (wp.token == null) wp.token = mAppToken;
        if (wp.packageName == null) wp.packageName = mContext.getPackageName();
    }
    public final WindowManager.LayoutParams getAttributes() { return mWindowAttributes; }
    public void setAttributes(WindowManager.LayoutParams a) { setFlags(a.flags, -1); }
    public void addFlags(int flags) { setFlags(flags, flags); }
    public void clearFlags(int flags) { setFlags(0, flags); }
    public void setFlags(int flags, int mask) { mWindowAttributes.flags = (mWindowAttributes.flags & ~mask) | (flags & mask); }
    public void setType(int type) { mWindowAttributes.type = type; }
    public void setLayout(int width, int height) { mWindowAttributes.width = width; mWindowAttributes.height = height; }
    public void setGravity(int gravity) { mWindowAttributes.gravity = gravity; }
    public void setTitle(CharSequence title) { mWindowAttributes.setTitle(title); }
    public void setSoftInputMode(int mode) { mWindowAttributes.softInputMode = mode; }
    public void setDimAmount(float amount) { mWindowAttributes.dimAmount = amount; }
    public View getCurrentFocus() { return getDecorView().findFocus(); }
    public LayoutInflater getLayoutInflater() { return LayoutInflater.from(mContext); }
    public void setBackgroundDrawable(android.graphics.drawable.Drawable d) {}
    public void setBackgroundDrawableResource(int id) {}
    public boolean requestFeature(int featureId) { return true; }
    public <T extends View> T findViewById(int id) { return getDecorView().findViewById(id); }
    public abstract View getDecorView();
    public abstract View peekDecorView();
    public abstract void setContentView(View view);
    public abstract void setContentView(View view, ViewGroup.LayoutParams params);
    public abstract void setContentView(int layoutResID);
    public abstract void addContentView(View view, ViewGroup.LayoutParams params);
    private static final WindowInsetsController BARS = new WindowInsetsController() {};

    public WindowInsetsController getInsetsController() { return BARS; }
    public final <T extends View> T requireViewById(int id) {
        T found = findViewById(id);
        if (found == null) throw new IllegalArgumentException("ID does not reference a View inside this Window");
        return found;
    }
    public boolean hasFeature(int feature) { return false; }
    public final boolean isActive() { return true; }
    public boolean isFloating() { return false; }
    public void setClipToOutline(boolean clip) {}
    public void setHideOverlayWindows(boolean hide) {}
    public void setNavigationBarDividerColor(int color) {}
    public void setNavigationBarContrastEnforced(boolean on) {}
    public void setStatusBarContrastEnforced(boolean on) {}
    public void setBackgroundBlurRadius(int radius) {}
    public void setColorMode(int mode) {}
    public int getColorMode() { return 0; }
    public void setEnterTransition(android.transition.Transition t) {}
    public void setExitTransition(android.transition.Transition t) {}
    public void setReturnTransition(android.transition.Transition t) {}
    public void setReenterTransition(android.transition.Transition t) {}
    public void setSharedElementEnterTransition(android.transition.Transition t) {}
    public void setSharedElementReturnTransition(android.transition.Transition t) {}
    public void setAllowEnterTransitionOverlap(boolean on) {}
    public void setAllowReturnTransitionOverlap(boolean on) {}
    public void setIcon(int resId) {}
    public void setLogo(int resId) {}
    public void setFeatureInt(int featureId, int value) {}
    public void setLocalFocus(boolean hasFocus, boolean inTouchMode) {}
}
