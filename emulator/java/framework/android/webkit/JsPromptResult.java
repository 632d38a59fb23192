package android.webkit;

public class JsPromptResult extends JsResult {
    public void confirm(String result) {}
}
