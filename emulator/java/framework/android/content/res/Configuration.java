package android.content.res;

import java.util.Locale;

public final class Configuration {
    public static final int ORIENTATION_PORTRAIT = 1;
    public Locale locale = Locale.getDefault();
    public int orientation = ORIENTATION_PORTRAIT;
    public int uiMode;
    public int screenWidthDp = 392;
    public int screenHeightDp = 851;
    public int densityDpi = 440;
    public float fontScale = 1f;
    public int mcc = 0;
    public int mnc = 0;

    public android.os.LocaleList getLocales() { return android.os.LocaleList.getDefault(); }
}
