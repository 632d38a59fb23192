package android.webkit;

public abstract class WebHistoryItem {
    public abstract String getUrl();

    public abstract String getOriginalUrl();

    public abstract String getTitle();

    public abstract android.graphics.Bitmap getFavicon();
}
