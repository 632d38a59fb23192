package android.webkit;

/** No page runs scripts here, so none asks. */
public class JsResult {
    public final void cancel() {}
    public final void confirm() {}
}
