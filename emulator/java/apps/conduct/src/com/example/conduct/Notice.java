package com.example.conduct;

import android.app.Activity;
import android.app.AlertDialog;
import android.webkit.JavascriptInterface;
import android.webkit.WebView;
import android.webkit.WebViewClient;
import android.widget.CheckBox;
import java.util.function.Consumer;

/** The notice of the privacy policy: a good one, and one with a ticked box for everything and no way to refuse. */
final class Notice {
    private Notice() {}

    static void show(Activity activity, Runnable agreed, Runnable refused) {
        Page page = new Page(activity).text("请阅读并同意《隐私政策》。不同意也可以浏览。");
        new AlertDialog.Builder(activity)
                .setTitle("隐私政策提示")
                .setView(page.root)
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> agreed.run())
                .setNegativeButton("不同意", (dialog, which) -> refused.run())
                .show();
    }

    static void unfair(Activity activity, Runnable agreed) {
        Page page = new Page(activity).text("请阅读并同意《隐私政策》。");
        CheckBox box = new CheckBox(activity);
        box.setText("我已阅读并同意《隐私政策》，并同意接收营销信息、与合作伙伴共享个人信息");
        box.setChecked(true);
        page.root.addView(box);
        new AlertDialog.Builder(activity)
                .setTitle("隐私政策提示")
                .setView(page.root)
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> agreed.run())
                .show();
    }

    /** The same in a page, whose buttons call {@code notice}; its link leads to the policy. */
    static void web(Activity activity, Consumer<Boolean> answered, Runnable policy) {
        WebView page = new WebView(activity);
        page.getSettings().setJavaScriptEnabled(true);
        page.setWebViewClient(new WebViewClient() {
            @Override
            public boolean shouldOverrideUrlLoading(WebView view, String url) {
                policy.run();
                return true;
            }

            @Override
            public void onPageFinished(WebView view, String url) {
                view.evaluateJavascript("document.title", null);
            }
        });
        page.addJavascriptInterface(new Answer(activity, answered), "notice");
        page.loadUrl("file:///android_asset/notice.html");
        activity.setContentView(page);
    }

    /** What the page calls, on a thread of its own. */
    public static final class Answer {
        private final Activity activity;
        private final Consumer<Boolean> answered;

        Answer(Activity activity, Consumer<Boolean> answered) {
            this.activity = activity;
            this.answered = answered;
        }

        @JavascriptInterface
        public void answer(boolean yes) {
            activity.runOnUiThread(() -> answered.accept(yes));
        }
    }
}
