package android.webkit;

import android.content.Context;
import android.os.Build;

public abstract class WebSettings {
    public static String getDefaultUserAgent(Context context) {
        return "Mozilla/5.0 (Linux; Android " + Build.VERSION.RELEASE + "; " + Build.MODEL + "; wv) AppleWebKit/537.36";
    }

    public abstract void setJavaScriptEnabled(boolean flag);

    public abstract boolean getJavaScriptEnabled();

    public abstract void setDomStorageEnabled(boolean flag);

    public abstract void setAllowFileAccess(boolean allow);

    public abstract void setAllowContentAccess(boolean allow);

    public abstract void setUserAgentString(String text);

    public abstract String getUserAgentString();
}
