package android.util;

import java.util.Collection;
import java.util.LinkedHashSet;

public final class ArraySet<E> extends LinkedHashSet<E> {
    public ArraySet() {}

    public ArraySet(int capacity) {}

    public ArraySet(Collection<? extends E> set) {
        super(set);
    }
    private int find(Object wanted) {
        int index = 0;
        for (E one : this) {
            if (java.util.Objects.equals(one, wanted)) return index;
            index++;
        }
        return ~index;
    }
    public int indexOf(Object key) { return find(key); }
    public E valueAt(int index) {
        int left = index;
        for (E one : this) if (left-- == 0) return one;
        throw new ArrayIndexOutOfBoundsException(index);
    }
    public E removeAt(int index) {
        E one = valueAt(index);
        remove(one);
        return one;
    }
    public void ensureCapacity(int minimum) {}
}
