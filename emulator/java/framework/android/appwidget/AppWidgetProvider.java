package android.appwidget;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;

public class AppWidgetProvider extends BroadcastReceiver {
    @Override public void onReceive(Context context, Intent intent) {
        int[] ids = intent.getIntArrayExtra(AppWidgetManager.EXTRA_APPWIDGET_IDS);
        String action = String.valueOf(intent.getAction());
        if (action.equals(AppWidgetManager.ACTION_APPWIDGET_UPDATE)) {
            if (ids != null && ids.length > 0) onUpdate(context, AppWidgetManager.getInstance(context), ids);
        } else if (action.equals(AppWidgetManager.ACTION_APPWIDGET_DELETED)) {
            onDeleted(context, new int[] {intent.getIntExtra(AppWidgetManager.EXTRA_APPWIDGET_ID, 0)});
        } else if (action.equals(AppWidgetManager.ACTION_APPWIDGET_ENABLED)) {
            onEnabled(context);
        } else if (action.equals(AppWidgetManager.ACTION_APPWIDGET_DISABLED)) {
            onDisabled(context);
        }
    }
    public void onUpdate(Context context, AppWidgetManager manager, int[] appWidgetIds) {}
    public void onAppWidgetOptionsChanged(Context context, AppWidgetManager manager, int appWidgetId, Bundle newOptions) {}
    public void onDeleted(Context context, int[] appWidgetIds) {}
    public void onEnabled(Context context) {}
    public void onDisabled(Context context) {}
    public void onRestored(Context context, int[] oldWidgetIds, int[] newWidgetIds) {}
}
