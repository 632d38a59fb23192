package android.content;

public class ClipDescription {
    public static final String MIMETYPE_TEXT_PLAIN = "text/plain";
    public static final String MIMETYPE_TEXT_HTML = "text/html";
    public static final String MIMETYPE_TEXT_URILIST = "text/uri-list";
    public static final String MIMETYPE_TEXT_INTENT = "text/vnd.android.intent";
    private final CharSequence label;
    private final String[] types;

    public ClipDescription(CharSequence label, String[] mimeTypes) {
        this.label = label;
        types = mimeTypes.clone();
    }

    public CharSequence getLabel() {
        return label;
    }

    public int getMimeTypeCount() {
        return types.length;
    }

    public String getMimeType(int index) {
        return types[index];
    }

    public boolean hasMimeType(String type) {
        return java.util.List.of(types).contains(type);
    }
}
