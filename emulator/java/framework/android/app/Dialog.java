package android.app;

import android.content.Context;
import android.content.DialogInterface;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.view.KeyEvent;
import android.view.MotionEvent;
import android.view.View;
import android.view.ViewGroup;
import android.view.Window;
import android.view.WindowManager;
import com.android.internal.policy.PhoneWindow;

public class Dialog implements DialogInterface, Window.Callback {
    private final WindowManager mWindowManager;
    final Context mContext;
    final Window mWindow;
    View mDecor;
    private Activity mOwnerActivity;
    private boolean mCancelable = true;
    private boolean mCreated;
    private boolean mShowing;
    private boolean mCanceled;
    private OnCancelListener mCancelListener;
    private OnDismissListener mDismissListener;
    private OnShowListener mShowListener;
    private OnKeyListener mKeyListener;
    private CharSequence mTitle;
    private final Handler mHandler = new Handler(Looper.getMainLooper());

    public Dialog(Context context) {
        this(context, 0);
    }

    public Dialog(Context context, int themeResId) {
        mContext = context;
        mWindowManager = (WindowManager) context.getSystemService(Context.WINDOW_SERVICE);
        mWindow = new PhoneWindow(context);
        mWindow.setCallback(this);
        mWindow.setWindowManager(mWindowManager, null, null);
    }

    protected Dialog(Context context, boolean cancelable, OnCancelListener listener) {
        this(context);
        mCancelable = cancelable;
        mCancelListener = listener;
    }

    public final Context getContext() { return mContext; }
    public final Activity getOwnerActivity() { return mOwnerActivity; }
    public final void setOwnerActivity(Activity a) { mOwnerActivity = a; }
    public boolean isShowing() { return mShowing; }
    public void create() {
        if (!mCreated) {
            mCreated = true;
            onCreate(null);
        }
    }
    public void show() {
        if (mShowing) return;
        mCanceled = false;
        create();
        onStart();
        mDecor = mWindow.getDecorView();
        WindowManager.LayoutParams l = mWindow.getAttributes();
        if (l.getTitle().length() == 0) l.setTitle(mTitle == null ? getClass().getName() : mTitle);
        mWindowManager.addView(mDecor, l);
        mShowing = true;
        standin.Windows.dialog(mDecor, this);
        if (mShowListener != null) mHandler.post(() -> mShowListener.onShow(this));
    }
    public void hide() { if (mDecor != null) mDecor.setVisibility(View.GONE); }
    @Override public void dismiss() {
        if (Looper.getMainLooper().isCurrentThread()) dismissDialog();
        else mHandler.post(this::dismissDialog);
    }
    void dismissDialog() {
        if (!mShowing) return;
        mShowing = false;
        if (mDecor.isAttachedToWindow()) mWindowManager.removeViewImmediate(mDecor);
        onStop();
        if (mDismissListener != null) mHandler.post(() -> mDismissListener.onDismiss(this));
    }
    @Override public void cancel() {
        if (!mCanceled && mCancelListener != null) {
            mCanceled = true;
            mHandler.post(() -> mCancelListener.onCancel(this));
        }
        dismiss();
    }
    public void onBackPressed() { if (mCancelable) cancel(); }
    protected void onCreate(Bundle savedInstanceState) {}
    protected void onStart() {}
    protected void onStop() {}
    public Window getWindow() { return mWindow; }
    public <T extends View> T findViewById(int id) { return mWindow.findViewById(id); }
    public void setContentView(View view) { mWindow.setContentView(view); }
    public void setContentView(View view, ViewGroup.LayoutParams params) { mWindow.setContentView(view, params); }
    public void setContentView(int layoutResID) { mWindow.setContentView(layoutResID); }
    public void setTitle(CharSequence title) {
        mTitle = title;
        mWindow.setTitle(title);
    }
    public void setTitle(int titleId) { setTitle(mContext.getText(titleId)); }
    public void setCancelable(boolean flag) { mCancelable = flag; }
    public void setCanceledOnTouchOutside(boolean cancel) {}
    public void setOnCancelListener(OnCancelListener l) { mCancelListener = l; }
    public void setOnDismissListener(OnDismissListener l) { mDismissListener = l; }
    public void setOnShowListener(OnShowListener l) { mShowListener = l; }
    public void setOnKeyListener(OnKeyListener l) { mKeyListener = l; }
    public final boolean requestWindowFeature(int featureId) { return true; }
    @Override public void onWindowFocusChanged(boolean hasFocus) {}
    @Override public boolean dispatchKeyEvent(KeyEvent event) {
        int code = event.getKeyCode();
        if (mKeyListener != null && mKeyListener.onKey(this, code, event) || mWindow.getDecorView().dispatchKeyEvent(event)) return true;
        return event.getAction() == KeyEvent.ACTION_DOWN ? onKeyDown(code, event) : onKeyUp(code, event);
    }
    public boolean onKeyDown(int keyCode, KeyEvent event) { return keyCode == KeyEvent.KEYCODE_BACK; }
    public boolean onKeyUp(int keyCode, KeyEvent event) {
        if (keyCode == KeyEvent.KEYCODE_BACK) onBackPressed();
        return keyCode == KeyEvent.KEYCODE_BACK;
    }
    public boolean onTouchEvent(MotionEvent event) { return false; }
    public void onAttachedToWindow() {}
    public void onDetachedFromWindow() {}
    public View getCurrentFocus() { return mWindow.getCurrentFocus(); }
    public android.view.LayoutInflater getLayoutInflater() { return mWindow.getLayoutInflater(); }
    public void addContentView(View view, ViewGroup.LayoutParams params) { mWindow.addContentView(view, params); }
    public void setCancelMessage(android.os.Message msg) { setOnCancelListener(d -> android.os.Message.obtain(msg).sendToTarget()); }
    public void setDismissMessage(android.os.Message msg) { setOnDismissListener(d -> android.os.Message.obtain(msg).sendToTarget()); }
    @Override public boolean dispatchTouchEvent(MotionEvent event) { return false; }
}
