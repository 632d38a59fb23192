package android.util;

import java.util.Collection;
import java.util.LinkedHashSet;

public final class ArraySet<E> extends LinkedHashSet<E> {
    public ArraySet() {}

    public ArraySet(int capacity) {}

    public ArraySet(Collection<? extends E> set) {
        super(set);
    }
}
