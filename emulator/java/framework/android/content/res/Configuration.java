package android.content.res;

import java.util.Locale;

public final class Configuration implements android.os.Parcelable, Comparable<Configuration> {
    public static final int ORIENTATION_PORTRAIT = 1;
    public static final int ORIENTATION_LANDSCAPE = 2;
    public static final int SCREENLAYOUT_SIZE_MASK = 0x0f;
    public static final int SCREENLAYOUT_SIZE_UNDEFINED = 0x00;
    public static final int SCREENLAYOUT_SIZE_SMALL = 0x01;
    public static final int SCREENLAYOUT_SIZE_NORMAL = 0x02;
    public static final int SCREENLAYOUT_SIZE_LARGE = 0x03;
    public static final int SCREENLAYOUT_SIZE_XLARGE = 0x04;
    public static final int SCREENLAYOUT_LONG_MASK = 0x30;
    public static final int SCREENLAYOUT_LONG_NO = 0x10;
    public static final int SCREENLAYOUT_LONG_YES = 0x20;
    public static final int SCREENLAYOUT_LAYOUTDIR_LTR = 0x40;
    public static final int UI_MODE_TYPE_MASK = 0x0f;
    public static final int UI_MODE_TYPE_NORMAL = 0x01;
    public static final int UI_MODE_TYPE_TELEVISION = 0x04;
    public static final int UI_MODE_NIGHT_MASK = 0x30;
    public static final int UI_MODE_NIGHT_NO = 0x10;
    public static final int UI_MODE_NIGHT_YES = 0x20;
    public Locale locale = Locale.getDefault();
    public int orientation = ORIENTATION_PORTRAIT;
    public int uiMode = UI_MODE_TYPE_NORMAL | UI_MODE_NIGHT_NO;
    public int screenLayout = SCREENLAYOUT_SIZE_NORMAL | SCREENLAYOUT_LONG_YES | SCREENLAYOUT_LAYOUTDIR_LTR;
    public int smallestScreenWidthDp = 392;
    public int screenWidthDp = 392;
    public int screenHeightDp = 851;
    public int densityDpi = 440;
    public float fontScale = 1f;
    public int mcc = 0;
    public int mnc = 0;

    public int touchscreen = 3;
    public int keyboard = 1;
    public int keyboardHidden = 1;
    public int hardKeyboardHidden = 2;
    public int navigation = 1;
    public int navigationHidden = 2;
    public int colorMode = 5;
    public int fontWeightAdjustment;

    public Configuration() {}
    public Configuration(Configuration o) { setTo(o); }

    public void setTo(Configuration o) {
        locale = o.locale;
        orientation = o.orientation;
        uiMode = o.uiMode;
        screenLayout = o.screenLayout;
        smallestScreenWidthDp = o.smallestScreenWidthDp;
        screenWidthDp = o.screenWidthDp;
        screenHeightDp = o.screenHeightDp;
        densityDpi = o.densityDpi;
        fontScale = o.fontScale;
        mcc = o.mcc;
        mnc = o.mnc;
    }
    public void setToDefaults() { setTo(new Configuration()); }
    public int updateFrom(Configuration o) {
        int changes = diff(o);
        setTo(o);
        return changes;
    }
    public int diff(Configuration o) {
        return (fontScale != o.fontScale ? 0x40000000 : 0) | (locale.equals(o.locale) ? 0 : 4) | (orientation != o.orientation ? 0x80 : 0)
                | (uiMode != o.uiMode ? 0x200 : 0) | (densityDpi != o.densityDpi ? 0x1000 : 0);
    }
    public void setLocale(Locale v) { locale = v == null ? Locale.getDefault() : v; }
    public void setLocales(android.os.LocaleList v) { setLocale(v == null || v.isEmpty() ? null : v.get(0)); }
    public android.os.LocaleList getLocales() { return locale.equals(Locale.getDefault()) ? android.os.LocaleList.getDefault() : new android.os.LocaleList(locale); }
    public int getLayoutDirection() { return (screenLayout & 0xc0) == 0x80 ? 1 : 0; }
    public void setLayoutDirection(Locale v) {}
    public boolean isLayoutSizeAtLeast(int size) { return (screenLayout & SCREENLAYOUT_SIZE_MASK) >= size; }
    public boolean isNightModeActive() { return (uiMode & UI_MODE_NIGHT_MASK) == UI_MODE_NIGHT_YES; }
    public boolean isScreenRound() { return false; }
    public boolean isScreenHdr() { return false; }
    public boolean isScreenWideColorGamut() { return false; }
    @Override public int compareTo(Configuration o) { return Integer.compare(diff(o), 0); }
    @Override public boolean equals(Object o) { return o instanceof Configuration && diff((Configuration) o) == 0; }
    @Override public int hashCode() { return java.util.Objects.hash(locale, orientation, uiMode, densityDpi, fontScale); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(android.os.Parcel out, int flags) { out.writeValue(locale.toLanguageTag()); }
}
