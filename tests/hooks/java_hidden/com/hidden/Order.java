package com.hidden;

import java.util.Comparator;

/** Inherits an interface's methods, of which ART makes copies. */
public final class Order implements Comparator<String> {
    @Override
    public int compare(String a, String b) {
        return a.compareTo(b);
    }
}
