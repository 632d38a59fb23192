package android.text.util;

import android.text.Spannable;
import android.text.Spanned;
import android.text.style.URLSpan;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Linkify {
    public static final int WEB_URLS = 1;
    public static final int EMAIL_ADDRESSES = 2;
    public static final int PHONE_NUMBERS = 4;
    public static final int ALL = 15;
    private static final Pattern WEB = Pattern.compile("https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+");
    private static final Pattern MAIL = Pattern.compile("[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}");

    private Linkify() {}

    public static boolean addLinks(Spannable text, int mask) {
        boolean any = false;
        if ((mask & WEB_URLS) != 0) any |= add(text, WEB, "");
        if ((mask & EMAIL_ADDRESSES) != 0) any |= add(text, MAIL, "mailto:");
        return any;
    }

    private static boolean add(Spannable text, Pattern pattern, String prefix) {
        Matcher m = pattern.matcher(text);
        boolean any = false;
        while (m.find()) {
            text.setSpan(new URLSpan(prefix + m.group()), m.start(), m.end(), Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
            any = true;
        }
        return any;
    }
}
