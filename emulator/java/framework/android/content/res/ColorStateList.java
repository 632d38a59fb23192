package android.content.res;

import android.util.StateSet;

public class ColorStateList {
    private final int[][] mStates;
    private final int[] mColors;

    public ColorStateList(int[][] states, int[] colors) {
        mStates = states;
        mColors = colors;
    }

    public static ColorStateList valueOf(int color) { return new ColorStateList(new int[][] {{}}, new int[] {color}); }
    public int getDefaultColor() { return getColorForState(new int[0], mColors.length > 0 ? mColors[0] : 0xffff0000); }
    public boolean isStateful() { return mStates.length > 1; }
    public int getColorForState(int[] stateSet, int defaultColor) {
        for (int i = 0; i < mStates.length; i++) if (StateSet.stateSetMatches(mStates[i], stateSet)) return mColors[i];
        return defaultColor;
    }
    public ColorStateList withAlpha(int alpha) {
        int[] colors = mColors.clone();
        for (int i = 0; i < colors.length; i++) colors[i] = colors[i] & 0xffffff | alpha << 24;
        return new ColorStateList(mStates, colors);
    }
}
