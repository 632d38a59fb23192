package android.animation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each animator starts when those before it have ended. */
public final class AnimatorSet extends Animator {
    private final List<Animator> mAll = new ArrayList<>();
    private final Map<Animator, Set<Animator>> mBefore = new HashMap<>();
    private final Set<Animator> mLeft = new HashSet<>();
    private long mDuration = -1;
    private long mDelay;
    private TimeInterpolator mInterpolator;
    private boolean mStarted;

    private Set<Animator> node(Animator one) {
        if (!mAll.contains(one)) mAll.add(one);
        return mBefore.computeIfAbsent(one, a -> new HashSet<>());
    }
    public void playTogether(Animator... items) { for (Animator one : items) node(one); }
    public void playTogether(Collection<Animator> items) { for (Animator one : items) node(one); }
    public void playSequentially(Animator... items) {
        for (int i = 0; i < items.length; i++) {
            node(items[i]);
            if (i > 0) node(items[i]).add(items[i - 1]);
        }
    }
    public void playSequentially(List<Animator> items) { playSequentially(items.toArray(new Animator[0])); }
    public Builder play(Animator anim) { return new Builder(anim); }
    public ArrayList<Animator> getChildAnimations() { return new ArrayList<>(mAll); }

    public class Builder {
        private final Animator mOne;

        Builder(Animator one) {
            mOne = one;
            node(one);
        }
        public Builder with(Animator anim) {
            node(anim).addAll(node(mOne));
            return this;
        }
        public Builder before(Animator anim) {
            node(anim).add(mOne);
            return this;
        }
        public Builder after(Animator anim) {
            node(anim);
            node(mOne).add(anim);
            return this;
        }
        public Builder after(long delay) {
            ValueAnimator wait = ValueAnimator.ofFloat(0, 1);
            wait.setDuration(delay);
            return after(wait);
        }
    }

    @Override public AnimatorSet setDuration(long duration) {
        mDuration = duration;
        return this;
    }
    @Override public long getDuration() { return mDuration; }
    @Override public void setStartDelay(long startDelay) { mDelay = startDelay; }
    @Override public long getStartDelay() { return mDelay; }
    @Override public void setInterpolator(TimeInterpolator value) { mInterpolator = value; }
    @Override public TimeInterpolator getInterpolator() { return mInterpolator; }
    @Override public void setTarget(Object target) { for (Animator one : mAll) one.setTarget(target); }
    @Override public boolean isRunning() { return mStarted; }
    @Override public void start() {
        if (mStarted) return;
        mStarted = true;
        mLeft.clear();
        mLeft.addAll(mAll);
        if (mDelay > 0) new android.os.Handler().postDelayed(this::begin, mDelay);
        else begin();
    }
    private void begin() {
        if (!mStarted) return;
        tell(l -> l.onAnimationStart(this, false));
        for (Animator one : mAll) {
            if (mDuration >= 0) one.setDuration(mDuration);
            if (mInterpolator != null) one.setInterpolator(mInterpolator);
        }
        next(new HashSet<>());
        if (mAll.isEmpty()) over();
    }
    private void next(Set<Animator> started) {
        for (Animator one : mAll) {
            boolean due = mLeft.contains(one) && !one.isStarted() && mBefore.get(one).stream().noneMatch(mLeft::contains);
            if (!due || !mStarted || !started.add(one)) continue;
            one.addListener(new AnimatorListenerAdapter() {
                @Override public void onAnimationEnd(Animator animation) {
                    one.removeListener(this);
                    mLeft.remove(one);
                    if (mStarted && mLeft.isEmpty()) over();
                    else if (mStarted) next(started);
                }
            });
            one.start();
        }
    }
    private void over() {
        mStarted = false;
        tell(l -> l.onAnimationEnd(this, false));
    }
    @Override public void cancel() {
        if (!mStarted) return;
        mStarted = false;
        tell(l -> l.onAnimationCancel(this));
        for (Animator one : mAll) one.cancel();
        tell(l -> l.onAnimationEnd(this, false));
    }
    @Override public void end() {
        if (!mStarted) start();
        for (Animator one : mAll) if (mLeft.contains(one)) one.end();
    }
}
