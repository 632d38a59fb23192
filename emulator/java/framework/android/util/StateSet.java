package android.util;

public class StateSet {
    public static final int[] WILD_CARD = new int[0];
    public static final int[] NOTHING = {0};

    private StateSet() {}

    /** Each wanted state is set; of a negative one, its counterpart is not. */
    public static boolean stateSetMatches(int[] stateSpec, int[] stateSet) {
        for (int wanted : stateSpec) {
            boolean set = false;
            for (int one : stateSet) set |= one == Math.abs(wanted);
            if (set != wanted > 0) return false;
        }
        return true;
    }
}
