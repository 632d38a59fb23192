package android.widget;

import android.content.Context;
import android.util.AttributeSet;
import android.view.View;

public class ProgressBar extends View {
    private int mMin;
    private int mMax = 100;
    private int mProgress;

    public ProgressBar(Context context) { super(context); }
    public ProgressBar(Context context, AttributeSet attrs) { super(context, attrs); }
    public ProgressBar(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    public ProgressBar(Context context, AttributeSet attrs, int defStyleAttr) { super(context, attrs); }
    public synchronized int getProgress() { return isIndeterminate() ? 0 : mProgress; }
    public synchronized void setProgress(int p) { move(p, false); }
    public void setProgress(int p, boolean animate) { move(p, false); }
    synchronized boolean move(int p, boolean fromUser) {
        int now = Math.max(mMin, Math.min(mMax, p));
        if (isIndeterminate() || now == mProgress) return false;
        mProgress = now;
        moved(fromUser);
        return true;
    }
    void moved(boolean fromUser) {}
    public synchronized int getMax() { return mMax; }
    public synchronized void setMax(int m) {
        mMax = Math.max(mMin, m);
        if (mProgress > mMax) move(mMax, false);
    }
    public synchronized int getMin() { return mMin; }
    public synchronized void setMin(int m) {
        mMin = Math.min(m, mMax);
        if (mProgress < mMin) move(mMin, false);
    }
    public final synchronized void incrementProgressBy(int diff) { setProgress(mProgress + diff); }
}
