package android.app;

import android.content.Context;
import android.content.Intent;
import android.os.Parcel;
import android.os.Parcelable;
import java.util.Map;
import standin.Device;
import standin.Intents;

public final class PendingIntent implements Parcelable {
    public static final int FLAG_ONE_SHOT = 1 << 30;
    public static final int FLAG_NO_CREATE = 1 << 29;
    public static final int FLAG_CANCEL_CURRENT = 1 << 28;
    public static final int FLAG_UPDATE_CURRENT = 1 << 27;
    public static final int FLAG_IMMUTABLE = 1 << 26;
    public static final int FLAG_MUTABLE = 1 << 25;

    public static class CanceledException extends android.util.AndroidRuntimeException {
        public CanceledException() {}
    }

    private final String mKind;
    private final Intent mIntent;
    private final int mRequestCode;
    private boolean mCancelled;

    private PendingIntent(String kind, Intent intent, int requestCode) {
        mKind = kind;
        mIntent = new Intent(intent);
        mRequestCode = requestCode;
    }

    public static PendingIntent getActivity(Context c, int requestCode, Intent intent, int flags) { return new PendingIntent("activity", intent, requestCode); }
    public static PendingIntent getBroadcast(Context c, int requestCode, Intent intent, int flags) { return new PendingIntent("broadcast", intent, requestCode); }
    public static PendingIntent getService(Context c, int requestCode, Intent intent, int flags) { return new PendingIntent("service", intent, requestCode); }
    public static PendingIntent getForegroundService(Context c, int requestCode, Intent intent, int flags) { return new PendingIntent("service", intent, requestCode); }

    Map<String, Object> standinWrite() {
        Map<String, Object> a = Intents.write(mIntent);
        a.put("kind", mKind);
        a.put("key", mKind + "/" + mRequestCode + "/" + mIntent.getAction() + "/" + mIntent.getComponent());
        return a;
    }

    public void send() { send(0); }
    public void send(int code) {
        if (mCancelled) throw new CanceledException();
        Map<String, Object> a = Intents.write(mIntent);
        Device.call(mKind.equals("activity") ? "activity.start" : mKind.equals("service") ? "service.start" : "broadcast.send", a);
    }
    public void cancel() { mCancelled = true; }
    public String getCreatorPackage() { return Device.packageName(); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel out, int flags) { out.writeValue(this); }
}
