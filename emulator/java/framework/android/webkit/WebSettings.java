package android.webkit;

import android.content.Context;
import com.android.webview.chromium.ContentSettingsAdapter;

public abstract class WebSettings {
    public static String getDefaultUserAgent(Context context) {
        return ContentSettingsAdapter.defaultAgent();
    }

    public abstract void setJavaScriptEnabled(boolean flag);

    public abstract boolean getJavaScriptEnabled();

    public abstract void setDomStorageEnabled(boolean flag);

    public abstract void setAllowFileAccess(boolean allow);

    public abstract void setAllowContentAccess(boolean allow);

    public abstract void setUserAgentString(String text);

    public abstract String getUserAgentString();
}
