package android.widget;

import android.app.PendingIntent;
import android.graphics.Bitmap;
import android.os.Parcel;
import android.os.Parcelable;

/** What a widget or notification would show; nothing shows them here. */
public class RemoteViews implements Parcelable {
    private final String mPackage;
    private final int mLayout;

    public RemoteViews(String packageName, int layoutId) {
        mPackage = packageName;
        mLayout = layoutId;
    }
    public String getPackage() { return mPackage; }
    public int getLayoutId() { return mLayout; }
    public void setTextViewText(int viewId, CharSequence text) {}
    public void setTextColor(int viewId, int color) {}
    public void setImageViewResource(int viewId, int srcId) {}
    public void setImageViewBitmap(int viewId, Bitmap bitmap) {}
    public void setViewVisibility(int viewId, int visibility) {}
    public void setProgressBar(int viewId, int max, int progress, boolean indeterminate) {}
    public void setOnClickPendingIntent(int viewId, PendingIntent pendingIntent) {}
    public void setInt(int viewId, String methodName, int value) {}
    public void addView(int viewId, RemoteViews nestedView) {}
    public void removeAllViews(int viewId) {}
    public android.view.View apply(android.content.Context context, android.view.ViewGroup parent) { throw new UnsupportedOperationException("RemoteViews.apply"); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) {
        dest.writeString(mPackage);
        dest.writeInt(mLayout);
    }
    public void setViewPadding(int viewId, int left, int top, int right, int bottom) {}
    public void setTextViewTextSize(int viewId, int units, float size) {}
    public void setImageViewUri(int viewId, android.net.Uri uri) {}
    public void setImageViewIcon(int viewId, android.graphics.drawable.Icon icon) {}
    public void setBoolean(int viewId, String method, boolean value) {}
    public void setLong(int viewId, String method, long value) {}
    public void setFloat(int viewId, String method, float value) {}
    public void setString(int viewId, String method, String value) {}
    public void setCharSequence(int viewId, String method, CharSequence value) {}
    public void setUri(int viewId, String method, android.net.Uri value) {}
    public void setBitmap(int viewId, String method, android.graphics.Bitmap value) {}
    public void setChronometer(int viewId, long base, String format, boolean started) {}
    public void setContentDescription(int viewId, CharSequence description) {}
    public void setEmptyView(int viewId, int emptyId) {}
    public void setDisplayedChild(int viewId, int index) {}
    public void setPendingIntentTemplate(int viewId, android.app.PendingIntent template) {}
    public void setOnClickFillInIntent(int viewId, android.content.Intent fillIn) {}
    public void setRemoteAdapter(int viewId, android.content.Intent intent) {}
    public void setScrollPosition(int viewId, int position) {}
    public void setTextViewCompoundDrawables(int viewId, int left, int top, int right, int bottom) {}
    public void showNext(int viewId) {}
    public void showPrevious(int viewId) {}
}
