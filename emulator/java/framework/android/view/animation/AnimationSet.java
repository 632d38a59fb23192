package android.view.animation;

import java.util.ArrayList;
import java.util.List;

public class AnimationSet extends Animation {
    private final List<Animation> mAnimations = new ArrayList<>();

    public AnimationSet(boolean shareInterpolator) {}

    public void addAnimation(Animation a) { mAnimations.add(a); }
    public List<Animation> getAnimations() { return mAnimations; }
    @Override public long getDuration() {
        long longest = super.getDuration();
        for (Animation one : mAnimations) longest = Math.max(longest, one.getStartOffset() + one.getDuration());
        return longest;
    }
    @Override public void standinStart(android.view.View view) {
        super.standinStart(view);
        for (Animation one : mAnimations) one.standinStart(view);
    }
}
