package android.widget;

import android.content.Context;
import android.util.AttributeSet;

public abstract class AbsSeekBar extends ProgressBar {
    public AbsSeekBar(Context context) { super(context); setFocusable(true); }
    public AbsSeekBar(Context context, AttributeSet attrs) { super(context, attrs); setFocusable(true); }
    public AbsSeekBar(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public AbsSeekBar(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    public void setThumb(android.graphics.drawable.Drawable thumb) {}
    public void setSplitTrack(boolean split) {}
}
