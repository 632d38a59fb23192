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
    public enum LayoutAlgorithm { NORMAL, SINGLE_COLUMN, NARROW_COLUMNS, TEXT_AUTOSIZING }
    public enum PluginState { ON, ON_DEMAND, OFF }
    public enum RenderPriority { NORMAL, HIGH, LOW }
    public enum TextSize { SMALLEST, SMALLER, NORMAL, LARGER, LARGEST }
    public enum ZoomDensity { FAR, MEDIUM, CLOSE }

    public boolean getDomStorageEnabled() { return false; }
    public boolean getAllowFileAccess() { return false; }
    public boolean getAllowContentAccess() { return true; }
    public void setLayoutAlgorithm(LayoutAlgorithm v) {}
    public LayoutAlgorithm getLayoutAlgorithm() { return LayoutAlgorithm.NARROW_COLUMNS; }
    @Deprecated
    public void setPluginState(PluginState v) {}
    @Deprecated
    public void setRenderPriority(RenderPriority v) {}
    @Deprecated
    public void setTextSize(TextSize v) {}
    @Deprecated
    public void setDefaultZoom(ZoomDensity v) {}
    public boolean supportZoom() { return true; }
    public boolean supportMultipleWindows() { return false; }
    public void setAlgorithmicDarkeningAllowed(boolean v) {}
    public void setCursiveFontFamily(String v) {}
    public void setFantasyFontFamily(String v) {}
    public void setFixedFontFamily(String v) {}
    public void setSansSerifFontFamily(String v) {}
    public void setSerifFontFamily(String v) {}
}
