package android.view;

import android.content.Context;
import android.os.Handler;

/** Taps, long presses, scrolls and flings of one finger, from the events that it is given. */
public class GestureDetector {
    private final OnGestureListener mListener;
    private final int mSlop;
    private OnDoubleTapListener mDoubleTap;
    private boolean mLongPress = true;
    private MotionEvent mDown;
    private MotionEvent mLast;
    private MotionEvent mPreviousUp;
    private boolean mMoved;
    private boolean mLong;
    private final Handler mHandler = new Handler(android.os.Looper.getMainLooper());

    public interface OnGestureListener {
        boolean onDown(MotionEvent e);
        void onShowPress(MotionEvent e);
        boolean onSingleTapUp(MotionEvent e);
        boolean onScroll(MotionEvent e1, MotionEvent e2, float distanceX, float distanceY);
        void onLongPress(MotionEvent e);
        boolean onFling(MotionEvent e1, MotionEvent e2, float velocityX, float velocityY);
    }

    public interface OnDoubleTapListener {
        boolean onSingleTapConfirmed(MotionEvent e);
        boolean onDoubleTap(MotionEvent e);
        boolean onDoubleTapEvent(MotionEvent e);
    }

    public static class SimpleOnGestureListener implements OnGestureListener, OnDoubleTapListener {
        @Override public boolean onDown(MotionEvent e) { return false; }
        @Override public void onShowPress(MotionEvent e) {}
        @Override public boolean onSingleTapUp(MotionEvent e) { return false; }
        @Override public boolean onScroll(MotionEvent e1, MotionEvent e2, float distanceX, float distanceY) { return false; }
        @Override public void onLongPress(MotionEvent e) {}
        @Override public boolean onFling(MotionEvent e1, MotionEvent e2, float velocityX, float velocityY) { return false; }
        @Override public boolean onSingleTapConfirmed(MotionEvent e) { return false; }
        @Override public boolean onDoubleTap(MotionEvent e) { return false; }
        @Override public boolean onDoubleTapEvent(MotionEvent e) { return false; }
    }

    public GestureDetector(Context context, OnGestureListener listener) {
        mListener = listener;
        mSlop = ViewConfiguration.get(context).getScaledTouchSlop();
        if (listener instanceof OnDoubleTapListener) mDoubleTap = (OnDoubleTapListener) listener;
    }
    public GestureDetector(Context context, OnGestureListener listener, Handler handler) { this(context, listener); }
    public void setOnDoubleTapListener(OnDoubleTapListener l) { mDoubleTap = l; }
    public void setIsLongpressEnabled(boolean enabled) { mLongPress = enabled; }
    public boolean isLongpressEnabled() { return mLongPress; }

    public boolean onTouchEvent(MotionEvent e) {
        switch (e.getAction()) {
            case MotionEvent.ACTION_DOWN: return down(e);
            case MotionEvent.ACTION_MOVE: return move(e);
            case MotionEvent.ACTION_UP: return up(e);
            default:
                mHandler.removeCallbacksAndMessages(null);
                return false;
        }
    }
    private boolean down(MotionEvent e) {
        boolean second = mDoubleTap != null && mPreviousUp != null && e.getEventTime() - mPreviousUp.getEventTime() < ViewConfiguration.getDoubleTapTimeout();
        mHandler.removeCallbacksAndMessages(null);
        mPreviousUp = null;
        mDown = mLast = e;
        mMoved = mLong = false;
        if (mLongPress) mHandler.postDelayed(() -> {
            mLong = true;
            mListener.onLongPress(e);
        }, ViewConfiguration.getLongPressTimeout());
        boolean taken = second && mDoubleTap.onDoubleTap(e);
        return mListener.onDown(e) | taken;
    }
    private boolean move(MotionEvent e) {
        if (mDown == null || mLong) return false;
        mMoved |= Math.hypot(e.getX() - mDown.getX(), e.getY() - mDown.getY()) > mSlop;
        if (!mMoved) return false;
        mHandler.removeCallbacksAndMessages(null);
        MotionEvent before = mLast;
        mLast = e;
        return mListener.onScroll(mDown, e, before.getX() - e.getX(), before.getY() - e.getY());
    }
    private boolean up(MotionEvent e) {
        mHandler.removeCallbacksAndMessages(null);
        if (mDown == null || mLong) return false;
        if (mMoved) {
            float seconds = Math.max(1, e.getEventTime() - mDown.getEventTime()) / 1000f;
            return mListener.onFling(mDown, e, (e.getX() - mDown.getX()) / seconds, (e.getY() - mDown.getY()) / seconds);
        }
        mPreviousUp = e;
        if (mDoubleTap != null) mHandler.postDelayed(() -> mDoubleTap.onSingleTapConfirmed(e), ViewConfiguration.getDoubleTapTimeout());
        return mListener.onSingleTapUp(e);
    }
}
