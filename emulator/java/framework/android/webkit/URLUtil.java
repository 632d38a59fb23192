package android.webkit;

import android.net.Uri;

public final class URLUtil {
    private URLUtil() {}

    private static boolean starts(String url, String with) { return url != null && url.regionMatches(true, 0, with, 0, with.length()); }
    public static boolean isHttpUrl(String url) { return starts(url, "http://"); }
    public static boolean isHttpsUrl(String url) { return starts(url, "https://"); }
    public static boolean isNetworkUrl(String url) { return isHttpUrl(url) || isHttpsUrl(url); }
    public static boolean isFileUrl(String url) { return starts(url, "file:") && !isAssetUrl(url); }
    public static boolean isAssetUrl(String url) { return starts(url, "file:///android_asset/"); }
    public static boolean isContentUrl(String url) { return starts(url, "content:"); }
    public static boolean isAboutUrl(String url) { return starts(url, "about:"); }
    public static boolean isDataUrl(String url) { return starts(url, "data:"); }
    public static boolean isJavaScriptUrl(String url) { return starts(url, "javascript:"); }
    public static boolean isValidUrl(String url) {
        return isAssetUrl(url) || isFileUrl(url) || isAboutUrl(url) || isNetworkUrl(url) || isContentUrl(url) || isJavaScriptUrl(url) || isDataUrl(url);
    }
    public static String guessUrl(String inUrl) { return isValidUrl(inUrl) || inUrl.contains(":") ? inUrl : "http://" + (inUrl.contains(".") ? inUrl : "www." + inUrl + ".com") + "/"; }
    public static String guessFileName(String url, String contentDisposition, String mimeType) {
        String name = null;
        if (contentDisposition != null) {
            java.util.regex.Matcher m = java.util.regex.Pattern.compile("attachment;\\s*filename\\s*=\\s*\"?([^\"]*)\"?\\s*$", 2).matcher(contentDisposition);
            if (m.find()) name = m.group(1).substring(m.group(1).lastIndexOf('/') + 1);
        }
        if (name == null || name.isEmpty()) name = Uri.parse(url).getLastPathSegment();
        if (name == null || name.isEmpty()) name = "downloadfile";
        String ending = mimeType == null ? null : MimeTypeMap.getSingleton().getExtensionFromMimeType(mimeType);
        return name.indexOf('.') >= 0 ? name : name + "." + (ending == null ? "bin" : ending);
    }
}
