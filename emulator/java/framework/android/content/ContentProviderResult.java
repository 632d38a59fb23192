package android.content;

public class ContentProviderResult {
    public final android.net.Uri uri;
    public final Integer count;

    public ContentProviderResult(android.net.Uri uri) {
        if (uri == null) throw new NullPointerException();
        this.uri = uri;
        count = null;
    }

    public ContentProviderResult(int count) {
        uri = null;
        this.count = count;
    }
}
