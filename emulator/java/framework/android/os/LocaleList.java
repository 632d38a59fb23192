package android.os;

import java.util.Locale;

public final class LocaleList {
    private final Locale[] mList;

    public LocaleList(Locale... list) { mList = list; }
    public static LocaleList getDefault() { return new LocaleList(Locale.getDefault()); }
    public Locale get(int index) { return mList[index]; }
    public boolean isEmpty() { return mList.length == 0; }
    public int size() { return mList.length; }
    public String toLanguageTags() {
        return java.util.Arrays.stream(mList).map(Locale::toLanguageTag).collect(java.util.stream.Collectors.joining(","));
    }
}
