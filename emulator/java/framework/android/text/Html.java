package android.text;

import android.text.style.URLSpan;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links, line breaks and the common entities; other tags are dropped. */
public class Html {
    public static final int FROM_HTML_MODE_LEGACY = 0;
    public static final int FROM_HTML_MODE_COMPACT = 63;
    private static final Pattern TAG = Pattern.compile("<(/?)(\\w+)([^>]*)>");
    private static final Pattern SRC = Pattern.compile("src\\s*=\\s*[\"']?([^\"'\\s>]+)");
    private static final java.util.List<String> KNOWN = java.util.Arrays.asList(
            "a b big blockquote br cite dfn div em font h1 h2 h3 h4 h5 h6 i img li p s small span strike strong sub sup tt u ul".split(" "));
    private static final Pattern HREF = Pattern.compile("href\\s*=\\s*[\"']?([^\"'\\s>]+)");

    public interface ImageGetter { android.graphics.drawable.Drawable getDrawable(String source); }

    public interface TagHandler { void handleTag(boolean opening, String tag, Editable output, org.xml.sax.XMLReader xmlReader); }

    private Html() {}

    public static Spanned fromHtml(String source, ImageGetter images, TagHandler tags) { return fromHtml(source, FROM_HTML_MODE_LEGACY, images, tags); }
    public static String escapeHtml(CharSequence text) { return text.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"); }

    public static Spanned fromHtml(String source) { return fromHtml(source, FROM_HTML_MODE_LEGACY); }

    public static Spanned fromHtml(String source, int flags) { return fromHtml(source, flags, null, null); }

    public static Spanned fromHtml(String source, int flags, ImageGetter images, TagHandler tags) {
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
            if (tag.equals("img") && images != null) {
                Matcher src = SRC.matcher(m.group(3));
                out.append("\ufffc", new android.text.style.ImageSpan(images.getDrawable(src.find() ? unescape(src.group(1)) : "")), Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
            }
            if (tags != null && !KNOWN.contains(tag)) tags.handleTag(m.group(1).isEmpty(), m.group(2), out, null);
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
