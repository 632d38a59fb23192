package android.webkit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The common types. */
public class MimeTypeMap {
    private static final MimeTypeMap ONLY = new MimeTypeMap();
    private final Map<String, String> mTypes = new LinkedHashMap<>();

    private MimeTypeMap() {
        String all = "txt text/plain,html text/html,htm text/html,css text/css,csv text/csv,xml text/xml,js text/javascript,json application/json,pdf application/pdf,zip application/zip,"
                + "apk application/vnd.android.package-archive,doc application/msword,xls application/vnd.ms-excel,bin application/octet-stream,"
                + "jpg image/jpeg,jpeg image/jpeg,png image/png,gif image/gif,webp image/webp,bmp image/x-ms-bmp,svg image/svg+xml,heic image/heic,"
                + "mp3 audio/mpeg,m4a audio/mpeg,wav audio/x-wav,ogg audio/ogg,amr audio/amr,mp4 video/mp4,3gp video/3gpp,webm video/webm,mkv video/x-matroska";
        for (String one : all.split(",")) mTypes.put(one.substring(0, one.indexOf(' ')), one.substring(one.indexOf(' ') + 1));
    }

    public static MimeTypeMap getSingleton() { return ONLY; }
    public static String getFileExtensionFromUrl(String url) {
        String name = url == null ? "" : url.replaceAll("[?#].*", "");
        name = name.substring(name.lastIndexOf('/') + 1);
        return name.matches("[a-zA-Z_0-9.\\-()%]+") && name.indexOf('.') >= 0 ? name.substring(name.lastIndexOf('.') + 1) : "";
    }
    public String getMimeTypeFromExtension(String extension) { return extension == null ? null : mTypes.get(extension.toLowerCase(Locale.ROOT)); }
    public String getExtensionFromMimeType(String mimeType) {
        for (Map.Entry<String, String> e : mTypes.entrySet()) if (e.getValue().equals(mimeType)) return e.getKey();
        return null;
    }
    public boolean hasExtension(String extension) { return getMimeTypeFromExtension(extension) != null; }
    public boolean hasMimeType(String mimeType) { return getExtensionFromMimeType(mimeType) != null; }
}
