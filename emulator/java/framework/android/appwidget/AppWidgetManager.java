package android.appwidget;

import android.content.ComponentName;
import android.content.Context;
import android.widget.RemoteViews;

/** The device's launcher has no widgets: an app has none of its own on it, and none to bring up to date. */
public class AppWidgetManager {
    public static final String ACTION_APPWIDGET_UPDATE = "android.appwidget.action.APPWIDGET_UPDATE";
    public static final String ACTION_APPWIDGET_DELETED = "android.appwidget.action.APPWIDGET_DELETED";
    public static final String ACTION_APPWIDGET_ENABLED = "android.appwidget.action.APPWIDGET_ENABLED";
    public static final String ACTION_APPWIDGET_DISABLED = "android.appwidget.action.APPWIDGET_DISABLED";
    public static final String EXTRA_APPWIDGET_ID = "appWidgetId";
    public static final String EXTRA_APPWIDGET_IDS = "appWidgetIds";
    public static final int INVALID_APPWIDGET_ID = 0;

    public static AppWidgetManager getInstance(Context context) { return new AppWidgetManager(); }
    public int[] getAppWidgetIds(ComponentName provider) { return new int[0]; }
    public void updateAppWidget(int appWidgetId, RemoteViews views) {}
    public void updateAppWidget(int[] appWidgetIds, RemoteViews views) {}
    public void updateAppWidget(ComponentName provider, RemoteViews views) {}
    public void notifyAppWidgetViewDataChanged(int appWidgetId, int viewId) {}
    public boolean isRequestPinAppWidgetSupported() { return false; }
}
