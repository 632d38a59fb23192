package android.graphics.drawable;

import android.util.StateSet;
import java.util.ArrayList;
import java.util.List;

public class StateListDrawable extends Drawable.Kept {
    private final List<int[]> mStates = new ArrayList<>();
    private final List<Drawable> mDrawables = new ArrayList<>();

    public void addState(int[] stateSet, Drawable drawable) {
        mStates.add(stateSet);
        mDrawables.add(drawable);
    }
    @Override public boolean isStateful() { return true; }
    @Override public Drawable getCurrent() {
        for (int i = 0; i < mStates.size(); i++) if (StateSet.stateSetMatches(mStates.get(i), getState())) return mDrawables.get(i);
        return null;
    }
}
