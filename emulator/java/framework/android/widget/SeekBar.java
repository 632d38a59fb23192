package android.widget;

import android.content.Context;
import android.util.AttributeSet;

public class SeekBar extends AbsSeekBar {
    private OnSeekBarChangeListener mListener;

    public interface OnSeekBarChangeListener {
        void onProgressChanged(SeekBar seekBar, int progress, boolean fromUser);
        void onStartTrackingTouch(SeekBar seekBar);
        void onStopTrackingTouch(SeekBar seekBar);
    }

    public SeekBar(Context context) { super(context); }
    public SeekBar(Context context, AttributeSet attrs) { super(context, attrs); }
    public SeekBar(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public SeekBar(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    public void setOnSeekBarChangeListener(OnSeekBarChangeListener l) { mListener = l; }
    @Override void moved(boolean fromUser) { if (mListener != null) mListener.onProgressChanged(this, getProgress(), fromUser); }
}
