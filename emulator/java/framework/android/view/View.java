package android.view;

import android.content.Context;
import android.content.res.Resources;
import android.graphics.drawable.Drawable;
import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

public class View {
    public static final int NO_ID = -1;
    public static final int VISIBLE = 0;
    public static final int INVISIBLE = 4;
    public static final int GONE = 8;
    public static final int SYSTEM_UI_FLAG_VISIBLE = 0;
    public static final int IMPORTANT_FOR_ACCESSIBILITY_AUTO = 0;
    private static final AtomicInteger NODES = new AtomicInteger(1);
    private static final AtomicInteger IDS = new AtomicInteger(1);

    public interface OnClickListener { void onClick(View v); }
    public interface OnLongClickListener { boolean onLongClick(View v); }
    public interface OnTouchListener { boolean onTouch(View v, MotionEvent event); }
    public interface OnFocusChangeListener { void onFocusChange(View v, boolean hasFocus); }
    public interface OnKeyListener { boolean onKey(View v, int keyCode, KeyEvent event); }

    final int mNodeId = NODES.getAndIncrement();
    protected Context mContext;
    ViewParent mParent;
    ViewRootImpl mRoot;
    int mID = NO_ID;
    private int mVisibility = VISIBLE;
    private boolean mEnabled = true;
    private boolean mClickable;
    private boolean mFocusable;
    private boolean mSelected;
    private Object mTag;
    private Map<Integer, Object> mKeyedTags;
    private CharSequence mContentDescription;
    private OnClickListener mOnClickListener;
    private OnLongClickListener mOnLongClickListener;
    private OnTouchListener mOnTouchListener;
    private ViewGroup.LayoutParams mLayoutParams;

    public View(Context context) {
        mContext = context;
    }

    public View(Context context, android.util.AttributeSet attrs) {
        this(context);
    }

    public static int generateViewId() { return IDS.getAndIncrement(); }
    public final Context getContext() { return mContext; }
    public Resources getResources() { return mContext.getResources(); }
    public int getId() { return mID; }
    View mFocused;
    public void setId(int id) { mID = id; invalidate(); }
    public Object getTag() { return mTag; }
    public void setTag(Object tag) { mTag = tag; }
    public Object getTag(int key) { return mKeyedTags == null ? null : mKeyedTags.get(key); }
    public void setTag(int key, Object tag) {
        if (mKeyedTags == null) mKeyedTags = new LinkedHashMap<>();
        mKeyedTags.put(key, tag);
    }
    public int getVisibility() { return mVisibility; }
    public void setVisibility(int visibility) { mVisibility = visibility; invalidate(); }
    public boolean isShown() {
        for (View v = this; v != null; v = v.mParent instanceof View ? (View) v.mParent : null) if (v.mVisibility != VISIBLE) return false;
        return true;
    }
    public boolean isEnabled() { return mEnabled; }
    public void setEnabled(boolean v) { mEnabled = v; invalidate(); }
    public boolean isClickable() { return mClickable; }
    public void setClickable(boolean v) { mClickable = v; invalidate(); }
    public boolean isFocusable() { return mFocusable; }
    public void setFocusable(boolean v) { mFocusable = v; }
    public void setFocusableInTouchMode(boolean v) { mFocusable = v; }
    public boolean requestFocus() {
        if (!mFocusable || !mEnabled || mVisibility != VISIBLE) return false;
        View top = this;
        while (top.mParent instanceof View) top = (View) top.mParent;
        top.mFocused = this;
        invalidate();
        return true;
    }
    public boolean requestFocus(int direction) { return requestFocus(); }
    public final boolean requestFocusFromTouch() { return requestFocus(); }
    public void clearFocus() {
        View top = this;
        while (top.mParent instanceof View) top = (View) top.mParent;
        if (top.mFocused == this) top.mFocused = null;
    }
    public boolean isFocused() { return hasFocus(); }
    public boolean hasFocus() {
        View top = this;
        while (top.mParent instanceof View) top = (View) top.mParent;
        return top.standinFocus() == this;
    }

    /** The stand-in's own: of the topmost view, the view below it that has the focus. A request may come before the view
     * is in its window. */
    public View standinFocus() { return mFocused; }
    public boolean isSelected() { return mSelected; }
    public void setSelected(boolean v) { mSelected = v; invalidate(); }
    public CharSequence getContentDescription() { return mContentDescription; }
    public void setContentDescription(CharSequence v) { mContentDescription = v; invalidate(); }
    public void setImportantForAccessibility(int mode) {}
    public void setOnClickListener(OnClickListener l) {
        if (!isClickable()) setClickable(true);
        mOnClickListener = l;
    }
    public boolean hasOnClickListeners() { return mOnClickListener != null; }
    public void setOnLongClickListener(OnLongClickListener l) { mOnLongClickListener = l; }
    public void setOnTouchListener(OnTouchListener l) { mOnTouchListener = l; }
    public void setOnFocusChangeListener(OnFocusChangeListener l) {}
    public void setOnKeyListener(OnKeyListener l) {}
    public boolean callOnClick() {
        if (mOnClickListener == null) return false;
        mOnClickListener.onClick(this);
        return true;
    }
    public boolean performClick() {
        if (mOnClickListener == null) return false;
        mOnClickListener.onClick(this);
        return true;
    }
    public boolean performLongClick() { return mOnLongClickListener != null && mOnLongClickListener.onLongClick(this); }
    public boolean dispatchTouchEvent(MotionEvent event) {
        if (mEnabled && mOnTouchListener != null && mOnTouchListener.onTouch(this, event)) return true;
        return onTouchEvent(event);
    }
    public boolean onTouchEvent(MotionEvent event) {
        if (!mClickable) return false;
        if (mEnabled && event.getAction() == MotionEvent.ACTION_UP) performClick();
        return true;
    }

    public ViewGroup.LayoutParams getLayoutParams() { return mLayoutParams; }
    public void setLayoutParams(ViewGroup.LayoutParams p) { mLayoutParams = p; requestLayout(); }
    public void setPadding(int l, int t, int r, int b) {}
    public void setMinimumHeight(int v) {}
    public void setMinimumWidth(int v) {}
    public void setBackgroundColor(int color) {}
    public void setBackground(Drawable d) {}
    public void setBackgroundResource(int id) {}
    public void setAlpha(float a) {}
    public float getAlpha() { return 1f; }
    public void setElevation(float e) {}
    public void setFitsSystemWindows(boolean v) {}
    public void setSystemUiVisibility(int v) {}
    public void setScrollContainer(boolean v) {}
    public void setKeepScreenOn(boolean v) {}
    public int getWidth() { return 1080; }
    public int getHeight() { return 120; }
    public int getMeasuredWidth() { return getWidth(); }
    public int getMeasuredHeight() { return getHeight(); }
    public void requestLayout() { invalidate(); }
    public void postInvalidate() { invalidate(); }
    public void invalidate() {
        ViewRootImpl root = getViewRootImpl();
        if (root != null) root.scheduleTraversals();
    }

    public final ViewParent getParent() { return mParent; }
    public View getRootView() {
        View v = this;
        while (v.mParent instanceof View) v = (View) v.mParent;
        return v;
    }
    public ViewRootImpl getViewRootImpl() { return getRootView().mRoot; }
    public boolean isAttachedToWindow() { return getViewRootImpl() != null; }
    public android.os.IBinder getWindowToken() { return isAttachedToWindow() ? getViewRootImpl().mToken : null; }
    public android.os.IBinder getApplicationWindowToken() { return getWindowToken(); }
    public Handler getHandler() { return new Handler(Looper.getMainLooper()); }
    public boolean post(Runnable r) { return getHandler().post(r); }
    public boolean postDelayed(Runnable r, long ms) { return getHandler().postDelayed(r, ms); }
    public boolean removeCallbacks(Runnable r) { return true; }
    public Display getDisplay() { return mContext.getDisplay(); }
    public ViewTreeObserver getViewTreeObserver() { return new ViewTreeObserver(); }
    protected void onAttachedToWindow() {}
    protected void onDetachedFromWindow() {}
    public void onWindowFocusChanged(boolean hasFocus) {}

    void dispatchAttached(boolean attached) {
        if (attached) onAttachedToWindow();
        else onDetachedFromWindow();
    }

    @SuppressWarnings("unchecked")
    public final <T extends View> T findViewById(int id) { return id == NO_ID ? null : (T) findViewTraversal(id); }
    public final <T extends View> T requireViewById(int id) {
        T v = findViewById(id);
        if (v == null) throw new IllegalArgumentException("ID does not reference a View inside this View");
        return v;
    }
    @SuppressWarnings("unchecked")
    public final <T extends View> T findViewWithTag(Object tag) { return (T) findTagged(tag); }
    protected View findViewTraversal(int id) { return id == mID ? this : null; }
    protected View findTagged(Object tag) { return tag != null && tag.equals(mTag) ? this : null; }

    /** The stand-in's own: the view of a node number, or null. */
    public View standinFind(int node) { return node == mNodeId ? this : null; }

    public final int standinNodeId() { return mNodeId; }

    /** The stand-in's own: what to do when the device reports a tap on a node of this view. */
    public boolean standinTap(int node) {
        View v = this;
        while (v != null && !(v.isClickable() && v.isEnabled())) v = v.mParent instanceof View ? (View) v.mParent : null;
        return v != null && v.performClick();
    }

    /** Class name as accessibility reports it: the nearest class of the framework. */
    public CharSequence getAccessibilityClassName() {
        Class<?> c = getClass();
        while (!c.getName().startsWith("android.") || c.getName().startsWith("android.view.Decor")) c = c.getSuperclass();
        return c.getName();
    }

    /** The stand-in's own: this view and what is below it, as PROTOCOL.md describes a node. */
    public Map<String, Object> standinNode() {
        Map<String, Object> n = new LinkedHashMap<>();
        n.put("id", mNodeId);
        n.put("class", getAccessibilityClassName().toString());
        n.put("rid", mID == NO_ID ? "" : standin.Names.own(mID));
        n.put("text", "");
        n.put("desc", mContentDescription == null ? "" : mContentDescription.toString());
        n.put("hint", "");
        n.put("clickable", mClickable);
        n.put("checkable", false);
        n.put("checked", false);
        n.put("enabled", mEnabled);
        n.put("focusable", mFocusable || mClickable);
        n.put("scrollable", false);
        n.put("password", false);
        n.put("link", null);
        n.put("orientation", "vertical");
        n.put("children", standinChildren());
        return n;
    }

    protected List<Object> standinChildren() { return new ArrayList<>(); }

    @Override
    public String toString() {
        return getClass().getName() + "{" + Integer.toHexString(System.identityHashCode(this)) + "}";
    }
}
