package android.compat;

import java.util.Collections;
import java.util.Set;

/** Which changes of behaviour hold for an app: all of them, as for one that targets this level. */
public final class Compatibility {
    private Compatibility() {}

    public static void reportUnconditionalChange(long id) {}

    public static boolean isChangeEnabled(long id) {
        return true;
    }

    public static void setBehaviorChangeDelegate(BehaviorChangeDelegate delegate) {}

    public static void clearBehaviorChangeDelegate() {}

    public interface BehaviorChangeDelegate {
        default void onChangeReported(long id) {}

        default boolean isChangeEnabled(long id) {
            return true;
        }
    }

    public static final class ChangeConfig {
        public ChangeConfig(Set<Long> enabled, Set<Long> disabled) {}
        public boolean isEmpty() { return true; }
        public long[] getEnabledChangesArray() { return new long[0]; }
        public long[] getDisabledChangesArray() { return new long[0]; }
        public Set<Long> getEnabledSet() { return Collections.emptySet(); }
        public Set<Long> getDisabledSet() { return Collections.emptySet(); }
        public boolean isForceEnabled(long id) { return false; }
        public boolean isForceDisabled(long id) { return false; }
    }
}
