package android.webkit;

public abstract class WebBackForwardList {
    public abstract WebHistoryItem getCurrentItem();

    public abstract int getCurrentIndex();

    public abstract WebHistoryItem getItemAtIndex(int index);

    public abstract int getSize();
}
