package android.widget;

import android.content.Context;
import android.os.SystemClock;
import android.text.format.DateUtils;

public class Chronometer extends TextView {
    private long mBase = SystemClock.elapsedRealtime();
    private boolean mStarted;
    private OnChronometerTickListener mListener;
    private final Runnable mTick = this::tick;

    public interface OnChronometerTickListener { void onChronometerTick(Chronometer chronometer); }

    public Chronometer(Context context) {
        super(context);
        show();
    }
    public Chronometer(Context context, android.util.AttributeSet attrs) { this(context); }
    public Chronometer(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public Chronometer(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    private void show() {
        long seconds = (SystemClock.elapsedRealtime() - mBase) / 1000;
        String text = DateUtils.formatElapsedTime(Math.abs(isCountDown() ? -seconds : seconds));
        setText(getFormat() == null ? text : String.format(getFormat(), text));
    }
    private void tick() {
        if (!mStarted) return;
        show();
        if (mListener != null) mListener.onChronometerTick(this);
        postDelayed(mTick, 1000);
    }
    public void setBase(long base) {
        mBase = base;
        show();
    }
    public long getBase() { return mBase; }
    public void setOnChronometerTickListener(OnChronometerTickListener l) { mListener = l; }
    public void start() {
        mStarted = true;
        removeCallbacks(mTick);
        post(mTick);
    }
    public void stop() { mStarted = false; }
}
