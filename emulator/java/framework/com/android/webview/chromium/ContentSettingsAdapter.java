package com.android.webview.chromium;

import android.os.Build;
import android.webkit.WebSettings;

/** The settings of one WebView. */
public class ContentSettingsAdapter extends WebSettings {
    private boolean script;
    private String agent = defaultAgent();

    /** What the engine calls itself; the app asks WebSettings. */
    public static String defaultAgent() {
        return "Mozilla/5.0 (Linux; Android " + Build.VERSION.RELEASE + "; " + Build.MODEL + "; wv) AppleWebKit/537.36";
    }

    /** What the engine sends; reading it is no call of the app. */
    public String sentAgent() {
        return agent;
    }

    @Override
    public void setJavaScriptEnabled(boolean flag) {
        script = flag;
    }

    @Override
    public boolean getJavaScriptEnabled() {
        return script;
    }

    @Override
    public void setDomStorageEnabled(boolean flag) {}

    @Override
    public void setAllowFileAccess(boolean allow) {}

    @Override
    public void setAllowContentAccess(boolean allow) {}

    @Override
    public void setUserAgentString(String text) {
        agent = text;
    }

    @Override
    public String getUserAgentString() {
        return agent;
    }
}
