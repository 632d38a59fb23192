package android.text;

import android.text.style.URLSpan;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links, line breaks and the common entities; other tags are dropped. */
public class Html {
    public static final int FROM_HTML_MODE_LEGACY = 0;
    public static final int FROM_HTML_MODE_COMPACT = 63;
    private static final Pattern TAG = Pattern.compile("<(/?)(\\w+)([^>]*)>");
    private static final Pattern HREF = Pattern.compile("href\\s*=\\s*[\"']?([^\"'\\s>]+)");

    private Html() {}

    public static Spanned fromHtml(String source) { return fromHtml(source, FROM_HTML_MODE_LEGACY); }

    public static Spanned fromHtml(String source, int flags) {
        SpannableStringBuilder out = new SpannableStringBuilder();
        Matcher m = TAG.matcher(source);
        int at = 0;
        int start = -1;
        String href = null;
        while (m.find()) {
            out.append(unescape(source.substring(at, m.start())));
            at = m.end();
            String tag = m.group(2).toLowerCase(java.util.Locale.ROOT);
            if (tag.equals("br") || tag.equals("p") && !m.group(1).isEmpty()) out.append('\n');
            if (!tag.equals("a")) continue;
            if (m.group(1).isEmpty()) {
                Matcher h = HREF.matcher(m.group(3));
                href = h.find() ? unescape(h.group(1)) : "";
                start = out.length();
            } else if (href != null) {
                out.setSpan(new URLSpan(href), start, out.length(), Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
                href = null;
            }
        }
        return out.append(unescape(source.substring(at)));
    }

    private static String unescape(String s) {
        return s.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u00a0").replace("&amp;", "&");
    }
}
