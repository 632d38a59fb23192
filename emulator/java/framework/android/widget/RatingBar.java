package android.widget;

import android.content.Context;
import android.util.AttributeSet;

public class RatingBar extends AbsSeekBar {
    private OnRatingBarChangeListener mListener;
    private int mStars = 5;

    public interface OnRatingBarChangeListener { void onRatingChanged(RatingBar ratingBar, float rating, boolean fromUser); }

    public RatingBar(Context context) { super(context); setMax(10); }
    public RatingBar(Context context, AttributeSet attrs) { super(context, attrs); setMax(10); }
    public RatingBar(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public RatingBar(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    private float perStar() { return (float) getMax() / mStars; }
    public void setOnRatingBarChangeListener(OnRatingBarChangeListener l) { mListener = l; }
    public OnRatingBarChangeListener getOnRatingBarChangeListener() { return mListener; }
    public void setNumStars(int stars) {
        float step = getStepSize();
        mStars = Math.max(1, stars);
        setStepSize(step);
    }
    public int getNumStars() { return mStars; }
    public void setStepSize(float step) {
        float rating = getRating();
        setMax(Math.round(mStars / step));
        setRating(rating);
    }
    public float getStepSize() { return 1 / perStar(); }
    public void setRating(float rating) { setProgress(Math.round(rating * perStar())); }
    public float getRating() { return getProgress() / perStar(); }
    @Override void moved(boolean fromUser) { if (mListener != null) mListener.onRatingChanged(this, getRating(), fromUser); }
}
