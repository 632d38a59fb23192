package android.graphics.drawable;

import android.content.res.ColorStateList;
import android.graphics.Canvas;
import android.graphics.ColorFilter;
import android.graphics.Paint;
import android.graphics.PorterDuff;
import android.graphics.Rect;

/** State only: nothing is drawn here. */
public abstract class Drawable {
    private final Rect mBounds = new Rect();
    private int[] mState = new int[0];
    private int mLevel;
    private boolean mVisible = true;
    private Callback mCallback;

    public interface Callback {
        void invalidateDrawable(Drawable who);

        void scheduleDrawable(Drawable who, Runnable what, long when);

        void unscheduleDrawable(Drawable who, Runnable what);
    }

    public abstract static class ConstantState {
        public abstract Drawable newDrawable();

        public abstract int getChangingConfigurations();
    }

    public abstract void draw(Canvas canvas);
    public abstract void setAlpha(int alpha);
    public abstract void setColorFilter(ColorFilter colorFilter);
    public abstract int getOpacity();

    public int getAlpha() { return 255; }
    public void setColorFilter(int color, PorterDuff.Mode mode) { setColorFilter(new android.graphics.PorterDuffColorFilter(color, mode)); }
    public void clearColorFilter() { setColorFilter(null); }
    public void setTint(int color) { setTintList(ColorStateList.valueOf(color)); }
    public void setTintList(ColorStateList tint) {}
    public void setTintMode(PorterDuff.Mode mode) {}
    public void setBounds(Rect bounds) { setBounds(bounds.left, bounds.top, bounds.right, bounds.bottom); }
    public void setBounds(int left, int top, int right, int bottom) {
        Rect now = new Rect(left, top, right, bottom);
        if (now.equals(mBounds)) return;
        mBounds.set(left, top, right, bottom);
        onBoundsChange(mBounds);
    }
    public final Rect getBounds() { return mBounds; }
    public final Rect copyBounds() { return new Rect(mBounds.left, mBounds.top, mBounds.right, mBounds.bottom); }
    protected void onBoundsChange(Rect bounds) {}
    public int getIntrinsicWidth() { return -1; }
    public int getIntrinsicHeight() { return -1; }
    public int getMinimumWidth() { return Math.max(0, getIntrinsicWidth()); }
    public int getMinimumHeight() { return Math.max(0, getIntrinsicHeight()); }
    public boolean isStateful() { return false; }
    public int[] getState() { return mState; }
    public boolean setState(int[] stateSet) {
        if (java.util.Arrays.equals(mState, stateSet)) return false;
        mState = stateSet;
        return onStateChange(stateSet);
    }
    protected boolean onStateChange(int[] state) { return false; }
    public final int getLevel() { return mLevel; }
    public final boolean setLevel(int level) {
        if (mLevel == level) return false;
        mLevel = level;
        return onLevelChange(level);
    }
    protected boolean onLevelChange(int level) { return false; }
    public final boolean isVisible() { return mVisible; }
    public boolean setVisible(boolean visible, boolean restart) {
        boolean changed = mVisible != visible;
        mVisible = visible;
        return changed;
    }
    public final void setCallback(Callback cb) { mCallback = cb; }
    public Callback getCallback() { return mCallback; }
    public void invalidateSelf() { if (mCallback != null) mCallback.invalidateDrawable(this); }
    public Drawable mutate() { return this; }
    public ConstantState getConstantState() { return null; }
    public Drawable getCurrent() { return this; }

    /** What the platform's drawables have alike. */
    abstract static class Kept extends Drawable {
        private int mAlpha = 255;
        private ColorFilter mFilter;

        @Override public void draw(Canvas canvas) {}
        @Override public void setAlpha(int alpha) { mAlpha = alpha; }
        @Override public int getAlpha() { return mAlpha; }
        @Override public void setColorFilter(ColorFilter filter) { mFilter = filter; }
        public ColorFilter getColorFilter() { return mFilter; }
        @Override public int getOpacity() { return android.graphics.PixelFormat.TRANSLUCENT; }
    }
}
