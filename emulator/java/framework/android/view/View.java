package android.view;

import android.content.Context;
import android.content.res.Resources;
import android.graphics.Rect;
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
    private static final AtomicInteger NODES = new AtomicInteger(1);
    private static final AtomicInteger IDS = new AtomicInteger(1);

    public interface OnClickListener { void onClick(View v); }
    public interface OnLongClickListener { boolean onLongClick(View v); }
    public interface OnTouchListener { boolean onTouch(View v, MotionEvent event); }
    public interface OnFocusChangeListener { void onFocusChange(View v, boolean hasFocus); }
    public interface OnKeyListener { boolean onKey(View v, int keyCode, KeyEvent event); }
    public interface OnCreateContextMenuListener { void onCreateContextMenu(ContextMenu menu, View v, ContextMenu.ContextMenuInfo menuInfo); }
    public interface OnAttachStateChangeListener {
        void onViewAttachedToWindow(View v);

        void onViewDetachedFromWindow(View v);
    }
    public interface OnLayoutChangeListener {
        void onLayoutChange(View v, int left, int top, int right, int bottom, int oldLeft, int oldTop, int oldRight, int oldBottom);
    }
    public interface OnScrollChangeListener { void onScrollChange(View v, int scrollX, int scrollY, int oldScrollX, int oldScrollY); }
    public interface OnSystemUiVisibilityChangeListener { void onSystemUiVisibilityChange(int visibility); }
    public interface OnApplyWindowInsetsListener { WindowInsets onApplyWindowInsets(View v, WindowInsets insets); }

    public static class MeasureSpec {
        public static final int UNSPECIFIED = 0;
        public static final int EXACTLY = 1 << 30;
        public static final int AT_MOST = 2 << 30;

        public static int makeMeasureSpec(int size, int mode) { return size & ~(3 << 30) | mode & 3 << 30; }
        public static int getMode(int spec) { return spec & 3 << 30; }
        public static int getSize(int spec) { return spec & ~(3 << 30); }
    }

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
    private boolean mFocusedByTouch;
    private Drawable mBackground;
    private final int[] mPadding = new int[4];
    private Object mTag;
    private Map<Integer, Object> mKeyedTags;
    private CharSequence mContentDescription;
    private OnClickListener mOnClickListener;
    private OnLongClickListener mOnLongClickListener;
    private OnTouchListener mOnTouchListener;
    private OnFocusChangeListener mOnFocusChangeListener;
    private OnKeyListener mOnKeyListener;
    private OnCreateContextMenuListener mOnCreateContextMenuListener;
    private final List<OnAttachStateChangeListener> mAttachListeners = new ArrayList<>();
    private ViewTreeObserver mTreeObserver;
    private ViewPropertyAnimator mAnimator;
    private ViewGroup.LayoutParams mLayoutParams;

    public View(Context context) {
        mContext = context;
    }

    public View(Context context, android.util.AttributeSet attrs) {
        this(context);
    }

    public View(Context context, android.util.AttributeSet attrs, int defStyleAttr) {
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
    public void setVisibility(int visibility) {
        if (mVisibility == visibility) return;
        mVisibility = visibility;
        if (visibility != VISIBLE) clearFocus();
        onVisibilityChanged(this, visibility);
        invalidate();
    }
    protected void onVisibilityChanged(View changedView, int visibility) {}
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
    public void setFocusable(int focusable) { setFocusable((focusable & 1) != 0); }
    public void setFocusableInTouchMode(boolean v) {
        mFocusedByTouch = v;
        if (v) mFocusable = true;
    }
    public final boolean isFocusableInTouchMode() { return mFocusedByTouch; }
    private View top() {
        View top = this;
        while (top.mParent instanceof View) top = (View) top.mParent;
        return top;
    }
    public final boolean requestFocus() { return requestFocus(FOCUS_DOWN); }
    public final boolean requestFocus(int direction) { return requestFocus(direction, null); }
    public boolean requestFocus(int direction, Rect previouslyFocusedRect) {
        if (!mFocusable || !mEnabled || mVisibility != VISIBLE) return false;
        moveFocus(top(), this);
        return true;
    }
    public final boolean requestFocusFromTouch() { return requestFocus(); }
    public void clearFocus() { if (hasFocus()) moveFocus(top(), null); }
    public boolean isFocused() { return top().standinFocus() == this; }
    public boolean hasFocus() { return findFocus() != null; }
    public View findFocus() {
        View found = top().standinFocus();
        for (View v = found; v != null; v = v.mParent instanceof View ? (View) v.mParent : null) if (v == this) return found;
        return null;
    }
    public boolean hasFocusable() { return mFocusable && mVisibility == VISIBLE; }

    /** Who had the focus hears of it first, as on Android. */
    private static void moveFocus(View top, View to) {
        View from = top.standinFocus();
        if (from == to) return;
        for (View v = from; v != null; v = v.mParent instanceof View ? (View) v.mParent : null) if (v.mFocused == from) v.mFocused = null;
        top.mFocused = to;
        if (from != null) from.onFocusChanged(false, 0, null);
        if (to != null) to.onFocusChanged(true, FOCUS_DOWN, null);
        top.getViewTreeObserver().focusMoved(from, to);
        top.invalidate();
    }
    protected void onFocusChanged(boolean gainFocus, int direction, Rect previouslyFocusedRect) {
        if (mOnFocusChangeListener != null) mOnFocusChangeListener.onFocusChange(this, gainFocus);
    }

    /** The stand-in's own: of the topmost view, the view below it that has the focus. A request may come before the view
     * is in its window. */
    public View standinFocus() { return mFocused; }
    public boolean isSelected() { return mSelected; }
    public void setSelected(boolean v) { mSelected = v; invalidate(); }
    public CharSequence getContentDescription() { return mContentDescription; }
    public void setContentDescription(CharSequence v) { mContentDescription = v; invalidate(); }
    public void setOnClickListener(OnClickListener l) {
        if (!isClickable()) setClickable(true);
        mOnClickListener = l;
    }
    public boolean hasOnClickListeners() { return mOnClickListener != null; }
    public void setOnLongClickListener(OnLongClickListener l) {
        setLongClickable(true);
        mOnLongClickListener = l;
    }
    public void setOnTouchListener(OnTouchListener l) { mOnTouchListener = l; }
    public void setOnFocusChangeListener(OnFocusChangeListener l) { mOnFocusChangeListener = l; }
    public OnFocusChangeListener getOnFocusChangeListener() { return mOnFocusChangeListener; }
    public void setOnKeyListener(OnKeyListener l) { mOnKeyListener = l; }
    public void setOnCreateContextMenuListener(OnCreateContextMenuListener l) {
        setLongClickable(true);
        mOnCreateContextMenuListener = l;
    }
    public void addOnAttachStateChangeListener(OnAttachStateChangeListener l) { mAttachListeners.add(l); }
    public void removeOnAttachStateChangeListener(OnAttachStateChangeListener l) { mAttachListeners.remove(l); }
    public void addOnLayoutChangeListener(OnLayoutChangeListener l) {
        mLayoutListeners.add(l);
        getViewTreeObserver().addOnGlobalLayoutListener(() -> { if (mLayoutListeners.contains(l)) l.onLayoutChange(this, 0, 0, getWidth(), getHeight(), 0, 0, 0, 0); });
    }
    public void createContextMenu(ContextMenu menu) {
        if (mOnCreateContextMenuListener != null) mOnCreateContextMenuListener.onCreateContextMenu(menu, this, getContextMenuInfo());
    }
    protected ContextMenu.ContextMenuInfo getContextMenuInfo() { return null; }
    public boolean showContextMenu() {
        if (mOnCreateContextMenuListener == null) return false;
        standin.Menus menu = new standin.Menus(mContext);
        menu.info = getContextMenuInfo();
        if (mContext instanceof android.app.Activity) menu.chosen = ((android.app.Activity) mContext)::onContextItemSelected;
        createContextMenu(menu);
        return menu.showContext();
    }
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
    public boolean performLongClick() {
        return mOnLongClickListener != null && mOnLongClickListener.onLongClick(this) || showContextMenu();
    }
    public boolean dispatchKeyEvent(KeyEvent event) {
        if (mEnabled && mOnKeyListener != null && mOnKeyListener.onKey(this, event.getKeyCode(), event)) return true;
        return event.getAction() == KeyEvent.ACTION_DOWN ? onKeyDown(event.getKeyCode(), event) : onKeyUp(event.getKeyCode(), event);
    }
    public final boolean dispatchPointerEvent(MotionEvent event) {
        return event.standinTarget != null ? event.standinTarget.getAsBoolean() : dispatchTouchEvent(event);
    }
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
    public void setPadding(int l, int t, int r, int b) {
        int[] all = {l, t, r, b};
        System.arraycopy(all, 0, mPadding, 0, 4);
    }
    public void setPaddingRelative(int s, int t, int e, int b) { setPadding(s, t, e, b); }
    public int getPaddingLeft() { return mPadding[0]; }
    public int getPaddingTop() { return mPadding[1]; }
    public int getPaddingRight() { return mPadding[2]; }
    public int getPaddingBottom() { return mPadding[3]; }
    public int getPaddingStart() { return mPadding[0]; }
    public int getPaddingEnd() { return mPadding[2]; }
    public Drawable getBackground() { return mBackground; }
    public void setBackground(Drawable d) { mBackground = d; }
    public void setBackgroundDrawable(Drawable d) { setBackground(d); }
    public void setBackgroundColor(int color) { setBackground(new android.graphics.drawable.ColorDrawable(color)); }
    public void setBackgroundResource(int id) { setBackground(id == 0 ? null : new android.graphics.drawable.ColorDrawable()); }
    public ViewPropertyAnimator animate() {
        if (mAnimator == null) mAnimator = new ViewPropertyAnimator(this);
        return mAnimator;
    }
    public void startAnimation(android.view.animation.Animation animation) {
        setAnimation(animation);
        animation.standinStart(this);
    }
    public void clearAnimation() {
        android.view.animation.Animation running = getAnimation();
        setAnimation(null);
        if (running != null) running.cancel();
    }
    public void scrollTo(int x, int y) {
        setScrollX(x);
        setScrollY(y);
    }
    public void scrollBy(int x, int y) { scrollTo(getScrollX() + x, getScrollY() + y); }
    public void bringToFront() { if (mParent instanceof ViewGroup) ((ViewGroup) mParent).bringChildToFront(this); }
    /** Nothing is measured or drawn here: the device lays a window out from what its views say. */
    public final void measure(int widthMeasureSpec, int heightMeasureSpec) { onMeasure(widthMeasureSpec, heightMeasureSpec); }
    protected void onMeasure(int widthMeasureSpec, int heightMeasureSpec) {}
    protected final void setMeasuredDimension(int width, int height) {}
    public static int resolveSize(int size, int measureSpec) {
        int mode = MeasureSpec.getMode(measureSpec);
        int given = MeasureSpec.getSize(measureSpec);
        return mode == MeasureSpec.EXACTLY ? given : mode == MeasureSpec.AT_MOST ? Math.min(size, given) : size;
    }
    public void layout(int l, int t, int r, int b) {}
    protected void onLayout(boolean changed, int left, int top, int right, int bottom) {}
    protected void onSizeChanged(int w, int h, int oldw, int oldh) {}
    protected void onDraw(android.graphics.Canvas canvas) {}
    public void draw(android.graphics.Canvas canvas) { onDraw(canvas); }
    protected void onFinishInflate() {}
    public boolean performHapticFeedback(int feedback) { return true; }
    public void playSoundEffect(int effect) {}
    public int getLeft() { return 0; }
    public int getTop() { return 0; }
    public int getRight() { return getWidth(); }
    public int getBottom() { return getHeight(); }
    public boolean isLaidOut() { return isAttachedToWindow(); }
    public boolean isInEditMode() { return false; }
    public boolean isInTouchMode() { return true; }
    public boolean isHardwareAccelerated() { return true; }
    public void getLocationOnScreen(int[] at) { at[0] = at[1] = 0; }
    public void getLocationInWindow(int[] at) { at[0] = at[1] = 0; }
    public boolean getGlobalVisibleRect(Rect r) {
        r.set(0, 0, getWidth(), getHeight());
        return isShown();
    }
    public boolean getLocalVisibleRect(Rect r) { return getGlobalVisibleRect(r); }
    public void setLayerType(int type, android.graphics.Paint paint) {}
    public static View inflate(Context context, int resource, ViewGroup root) { return LayoutInflater.from(context).inflate(resource, root); }
    public int getWidth() { return mLayoutParams != null && mLayoutParams.width > 0 ? mLayoutParams.width : 1080; }
    public int getHeight() { return mLayoutParams != null && mLayoutParams.height > 0 ? mLayoutParams.height : 120; }
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
    /** Of all views: a view's callbacks are removed by the runnable, so one handler does. */
    private static final class Main { static final Handler HANDLER = new Handler(Looper.getMainLooper()); }
    public Handler getHandler() { return Main.HANDLER; }
    public boolean post(Runnable r) { return getHandler().post(r); }
    public boolean postDelayed(Runnable r, long ms) { return getHandler().postDelayed(r, ms); }
    public void postOnAnimation(Runnable r) { postDelayed(r, 16); }
    public void postInvalidateDelayed(long ms) { postDelayed(this::invalidate, ms); }
    public boolean removeCallbacks(Runnable r) {
        if (r != null) getHandler().removeCallbacks(r);
        return true;
    }
    public Display getDisplay() { return mContext.getDisplay(); }
    public ViewTreeObserver getViewTreeObserver() {
        View top = top();
        if (top.mTreeObserver == null) top.mTreeObserver = new ViewTreeObserver();
        return top.mTreeObserver;
    }
    protected void onAttachedToWindow() {}
    protected void onDetachedFromWindow() {}
    public void onWindowFocusChanged(boolean hasFocus) {}
    public void dispatchWindowFocusChanged(boolean hasFocus) {
        onWindowFocusChanged(hasFocus);
        if (mTreeObserver != null) mTreeObserver.windowFocus(hasFocus);
    }
    public boolean hasWindowFocus() { return WindowManagerGlobal.getInstance().standinHasFocus(getRootView()); }

    void dispatchAttached(boolean attached) {
        if (attached) onAttachedToWindow();
        else onDetachedFromWindow();
        for (OnAttachStateChangeListener l : new ArrayList<>(mAttachListeners)) {
            if (attached) l.onViewAttachedToWindow(this);
            else l.onViewDetachedFromWindow(this);
        }
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
        for (View v = this; v != null; v = v.mParent instanceof View ? (View) v.mParent : null) {
            if (v.isClickable() && v.isEnabled()) {
                if (v.mFocusedByTouch) v.requestFocus();
                return v.performClick();
            }
            if (v.mParent instanceof ViewGroup && ((ViewGroup) v.mParent).standinItemTap(v)) return true;
        }
        return false;
    }

    /** The stand-in's own: the same for a long press; one that nobody takes is a tap. */
    public boolean standinPress(int node) {
        for (View v = this; v != null; v = v.mParent instanceof View ? (View) v.mParent : null) {
            if (v.isLongClickable() && v.isEnabled() && v.performLongClick()) return true;
            if (v.mParent instanceof ViewGroup && ((ViewGroup) v.mParent).standinItemPress(v)) return true;
        }
        return standinTap(node);
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
        n.put("long", isLongClickable());
        n.put("checkable", false);
        n.put("checked", false);
        n.put("enabled", mEnabled);
        n.put("focusable", mFocusable || mClickable);
        n.put("scrollable", false);
        n.put("password", false);
        n.put("link", null);
        n.put("orientation", "vertical");
        if (mLayoutParams != null && mLayoutParams.width > 0) n.put("width", mLayoutParams.width);
        if (mLayoutParams != null && mLayoutParams.height > 0) n.put("height", mLayoutParams.height);
        n.put("children", standinChildren());
        return n;
    }

    protected List<Object> standinChildren() { return new ArrayList<>(); }

    @Override
    public String toString() {
        return getClass().getName() + "{" + Integer.toHexString(System.identityHashCode(this)) + "}";
    }
    // what classes of an app's own override or ask for, and nothing draws or scrolls by itself

    public interface OnDragListener { boolean onDrag(View v, DragEvent event); }
    public interface OnHoverListener { boolean onHover(View v, MotionEvent event); }
    public interface OnGenericMotionListener { boolean onGenericMotion(View v, MotionEvent event); }
    public interface OnContextClickListener { boolean onContextClick(View v); }

    public static class BaseSavedState extends AbsSavedState {
        public BaseSavedState(android.os.Parcel source) { super(source); }
        public BaseSavedState(android.os.Parcelable superState) { super(superState); }
    }

    public static class DragShadowBuilder {
        private final View view;

        public DragShadowBuilder() { this(null); }
        public DragShadowBuilder(View view) { this.view = view; }
        public final View getView() { return view; }
        public void onProvideShadowMetrics(android.graphics.Point size, android.graphics.Point touch) {}
        public void onDrawShadow(android.graphics.Canvas canvas) {}
    }

    public void setOnDragListener(OnDragListener l) {}
    public void setOnHoverListener(OnHoverListener l) {}
    public void setOnGenericMotionListener(OnGenericMotionListener l) {}
    public void setOnContextClickListener(OnContextClickListener l) {}
    @Deprecated
    public final boolean startDrag(android.content.ClipData data, DragShadowBuilder shadow, Object local, int flags) { return false; }
    public final boolean startDragAndDrop(android.content.ClipData data, DragShadowBuilder shadow, Object local, int flags) { return false; }
    public boolean onDragEvent(DragEvent event) { return false; }
    public boolean onKeyDown(int keyCode, KeyEvent event) { return false; }
    public boolean onKeyUp(int keyCode, KeyEvent event) { return false; }
    public boolean onKeyLongPress(int keyCode, KeyEvent event) { return false; }
    public boolean onKeyPreIme(int keyCode, KeyEvent event) { return false; }
    public boolean onGenericMotionEvent(MotionEvent event) { return false; }
    public boolean onHoverEvent(MotionEvent event) { return false; }
    public boolean onCheckIsTextEditor() { return false; }
    public android.view.inputmethod.InputConnection onCreateInputConnection(android.view.inputmethod.EditorInfo info) { return null; }
    protected android.os.Parcelable onSaveInstanceState() { return BaseSavedState.EMPTY_STATE; }
    protected void onRestoreInstanceState(android.os.Parcelable state) {}
    public void saveHierarchyState(android.util.SparseArray<android.os.Parcelable> container) {
        android.os.Parcelable state = getId() == NO_ID ? null : onSaveInstanceState();
        if (state != null) container.put(getId(), state);
    }
    public void restoreHierarchyState(android.util.SparseArray<android.os.Parcelable> container) {
        android.os.Parcelable state = getId() == NO_ID ? null : container.get(getId());
        if (state != null) onRestoreInstanceState(state);
    }
    protected void onConfigurationChanged(android.content.res.Configuration newConfig) {}
    protected void onWindowVisibilityChanged(int visibility) {}
    public void onVisibilityAggregated(boolean isVisible) {}
    protected void onScrollChanged(int l, int t, int oldl, int oldt) {}
    protected void onOverScrolled(int scrollX, int scrollY, boolean clampedX, boolean clampedY) {}
    public void onRtlPropertiesChanged(int layoutDirection) {}
    public void onDrawForeground(android.graphics.Canvas canvas) {}
    protected void dispatchDraw(android.graphics.Canvas canvas) {}
    protected void drawableStateChanged() {}
    public void drawableHotspotChanged(float x, float y) {}
    protected int[] onCreateDrawableState(int extraSpace) { return new int[extraSpace]; }
    protected static int[] mergeDrawableStates(int[] baseState, int[] additionalState) {
        int at = baseState.length - 1;
        while (at >= 0 && baseState[at] == 0) at--;
        System.arraycopy(additionalState, 0, baseState, at + 1, additionalState.length);
        return baseState;
    }
    public final int[] getDrawableState() { return onCreateDrawableState(0); }
    public void refreshDrawableState() { drawableStateChanged(); }
    public void jumpDrawablesToCurrentState() {}
    protected boolean verifyDrawable(Drawable who) { return false; }
    public void computeScroll() {}
    protected int computeVerticalScrollRange() { return getHeight(); }
    protected int computeVerticalScrollOffset() { return getScrollY(); }
    protected int computeVerticalScrollExtent() { return getHeight(); }
    protected int computeHorizontalScrollRange() { return getWidth(); }
    protected int computeHorizontalScrollOffset() { return getScrollX(); }
    protected int computeHorizontalScrollExtent() { return getWidth(); }
    public boolean canScrollVertically(int direction) { return false; }
    public boolean canScrollHorizontally(int direction) { return false; }
    protected boolean awakenScrollBars() { return false; }
    protected boolean overScrollBy(int dx, int dy, int x, int y, int rangeX, int rangeY, int maxX, int maxY, boolean touch) { return false; }
    public float getX() { return getLeft() + getTranslationX(); }
    public float getY() { return getTop() + getTranslationY(); }
    public float getZ() { return getElevation() + getTranslationZ(); }
    public android.graphics.Matrix getMatrix() { return new android.graphics.Matrix(); }
    public int getBaseline() { return -1; }
    public void offsetLeftAndRight(int offset) {}
    public void offsetTopAndBottom(int offset) {}
    public void getHitRect(Rect out) { out.set(getLeft(), getTop(), getRight(), getBottom()); }
    public void getDrawingRect(Rect out) { out.set(0, 0, getWidth(), getHeight()); }
    public void getFocusedRect(Rect out) { getDrawingRect(out); }
    public boolean getGlobalVisibleRect(Rect out, android.graphics.Point offset) { return getGlobalVisibleRect(out); }
    public void getWindowVisibleDisplayFrame(Rect out) {
        android.util.DisplayMetrics m = Display.standinMetrics();
        out.set(0, 0, m.widthPixels, m.heightPixels);
    }
    public boolean requestRectangleOnScreen(Rect rectangle) { return false; }
    public boolean requestRectangleOnScreen(Rect rectangle, boolean immediate) { return false; }
    public int getWindowVisibility() { return isAttachedToWindow() ? VISIBLE : GONE; }
    public WindowInsets getRootWindowInsets() { return isAttachedToWindow() ? new WindowInsets() : null; }
    public WindowInsets onApplyWindowInsets(WindowInsets insets) { return insets; }
    public WindowInsets dispatchApplyWindowInsets(WindowInsets insets) { return onApplyWindowInsets(insets); }
    public void requestApplyInsets() {}
    public void requestFitSystemWindows() {}
    @Deprecated
    protected boolean fitSystemWindows(Rect insets) { return false; }
    public boolean performHapticFeedback(int constant, int flags) { return true; }
    public void announceForAccessibility(CharSequence text) {}
    public void sendAccessibilityEvent(int eventType) {}
    public void setAccessibilityHeading(boolean heading) {}
    public void setAccessibilityTraversalBefore(int id) {}
    public void setAccessibilityTraversalAfter(int id) {}
    public void setScreenReaderFocusable(boolean on) {}
    public boolean isImportantForAccessibility() { return true; }
    public boolean isImportantForAutofill() { return true; }
    public void setAutofillHints(String... hints) {}
    public String[] getAutofillHints() { return null; }
    public int getAutofillType() { return 0; }
    public void setOutlineProvider(ViewOutlineProvider provider) {}
    public ViewOutlineProvider getOutlineProvider() { return ViewOutlineProvider.BACKGROUND; }
    public void invalidateOutline() {}
    public void setOutlineAmbientShadowColor(int color) {}
    public void setOutlineSpotShadowColor(int color) {}
    public void setClipBounds(Rect bounds) {}
    public void invalidate(Rect dirty) {}
    public void invalidate(int l, int t, int r, int b) {}
    public void postInvalidate(int l, int t, int r, int b) {}
    public void postInvalidateOnAnimation() {}
    public void postOnAnimationDelayed(Runnable action, long delay) { postDelayed(action, delay); }
    public void forceLayout() { requestLayout(); }
    public boolean isLayoutRequested() { return false; }
    public boolean isInLayout() { return false; }
    public boolean isDirty() { return false; }
    public boolean isOpaque() { return false; }
    public boolean isPaddingRelative() { return false; }
    public boolean hasTransientState() { return false; }
    public void setHasTransientState(boolean on) {}
    public boolean hasOverlappingRendering() { return true; }
    public boolean hasOnLongClickListeners() { return isLongClickable(); }
    public int getLayerType() { return LAYER_TYPE_NONE; }
    public void setLayerPaint(android.graphics.Paint paint) {}
    public void buildLayer() {}
    public void buildDrawingCache() {}
    public void buildDrawingCache(boolean autoScale) {}
    public void destroyDrawingCache() {}
    public android.graphics.Bitmap getDrawingCache() { return android.graphics.Bitmap.createBitmap(Math.max(1, getWidth()), Math.max(1, getHeight()), android.graphics.Bitmap.Config.ARGB_8888); }
    public void setDrawingCacheQuality(int quality) {}
    public void setFadingEdgeLength(int length) {}
    public void setScrollBarFadeDuration(int ms) {}
    public void setScrollBarDefaultDelayBeforeFade(int ms) {}
    public boolean isScrollbarFadingEnabled() { return true; }
    public void setScrollbarFadingEnabled(boolean on) {}
    public void setSaveFromParentEnabled(boolean on) {}
    public void setDuplicateParentStateEnabled(boolean on) {}
    public void setStateListAnimator(android.animation.StateListAnimator animator) {}
    public android.animation.StateListAnimator getStateListAnimator() { return null; }
    public void setTouchDelegate(TouchDelegate delegate) {}
    public TouchDelegate getTouchDelegate() { return null; }
    public void setTransitionName(String name) { mTransitionName = name; }
    public String getTransitionName() { return mTransitionName; }
    private String mTransitionName;
    public void setPointerIcon(PointerIcon icon) {}
    public void cancelLongPress() {}
    public void cancelPendingInputEvents() {}
    public View focusSearch(int direction) { return null; }
    public java.util.ArrayList<View> getFocusables(int direction) { return new java.util.ArrayList<>(); }
    public java.util.ArrayList<View> getTouchables() { return new java.util.ArrayList<>(); }
    protected int getSuggestedMinimumWidth() { return getMinimumWidth(); }
    protected int getSuggestedMinimumHeight() { return getMinimumHeight(); }
    public static int getDefaultSize(int size, int measureSpec) { return MeasureSpec.getMode(measureSpec) == MeasureSpec.UNSPECIFIED ? size : MeasureSpec.getSize(measureSpec); }
    public static int resolveSizeAndState(int size, int measureSpec, int childState) { return resolveSize(size, measureSpec); }
    public static int combineMeasuredStates(int curState, int newState) { return curState | newState; }
    public final int getMeasuredState() { return 0; }
    public final int getMeasuredWidthAndState() { return getMeasuredWidth(); }
    public final int getMeasuredHeightAndState() { return getMeasuredHeight(); }
    public int getNextFocusForwardId() { return NO_ID; }
    public void setNextFocusForwardId(int id) {}
    public void removeOnLayoutChangeListener(OnLayoutChangeListener l) { mLayoutListeners.remove(l); }
    private final List<OnLayoutChangeListener> mLayoutListeners = new ArrayList<>();
    public ActionMode startActionMode(ActionMode.Callback callback) { return ActionMode.standinStart(getContext(), callback); }
    public ActionMode startActionMode(ActionMode.Callback callback, int type) { return startActionMode(callback); }
    public WindowInsetsController getWindowInsetsController() { return isAttachedToWindow() ? new WindowInsetsController() {} : null; }
    public static final android.util.Property<View, Float> ALPHA = of("alpha", View::getAlpha, View::setAlpha);
    public static final android.util.Property<View, Float> TRANSLATION_X = of("translationX", View::getTranslationX, View::setTranslationX);
    public static final android.util.Property<View, Float> TRANSLATION_Y = of("translationY", View::getTranslationY, View::setTranslationY);
    public static final android.util.Property<View, Float> TRANSLATION_Z = of("translationZ", View::getTranslationZ, View::setTranslationZ);
    public static final android.util.Property<View, Float> ROTATION = of("rotation", View::getRotation, View::setRotation);
    public static final android.util.Property<View, Float> ROTATION_X = of("rotationX", View::getRotationX, View::setRotationX);
    public static final android.util.Property<View, Float> ROTATION_Y = of("rotationY", View::getRotationY, View::setRotationY);
    public static final android.util.Property<View, Float> SCALE_X = of("scaleX", View::getScaleX, View::setScaleX);
    public static final android.util.Property<View, Float> SCALE_Y = of("scaleY", View::getScaleY, View::setScaleY);

    private static android.util.Property<View, Float> of(String name, java.util.function.Function<View, Float> get, java.util.function.BiConsumer<View, Float> set) {
        return new android.util.FloatProperty<View>(name) {
            @Override public Float get(View object) { return get.apply(object); }
            @Override public void setValue(View object, float value) { set.accept(object, value); }
        };
    }
}
