package com.android.webview.chromium;

import android.webkit.WebSettings;

/** The settings of one WebView. */
public class ContentSettingsAdapter extends WebSettings {
    private boolean script;
    private String agent = getDefaultUserAgent(null);

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
