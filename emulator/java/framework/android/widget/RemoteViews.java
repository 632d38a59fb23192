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
}
