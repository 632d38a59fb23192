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
    public interface OnFinished {
        void onSendFinished(PendingIntent pendingIntent, Intent intent, int resultCode, String resultData, android.os.Bundle resultExtras);
    }

    public static PendingIntent getActivity(Context c, int requestCode, Intent intent, int flags, android.os.Bundle options) { return getActivity(c, requestCode, intent, flags); }
    public static PendingIntent getActivities(Context c, int requestCode, Intent[] intents, int flags) { return getActivity(c, requestCode, intents[intents.length - 1], flags); }
    public static PendingIntent getActivities(Context c, int requestCode, Intent[] intents, int flags, android.os.Bundle options) { return getActivities(c, requestCode, intents, flags); }
    public android.content.IntentSender getIntentSender() { return new android.content.IntentSender(this); }
    public void send(Context context, int code, Intent fillIn) throws CanceledException {
        if (fillIn != null) mIntent.fillIn(fillIn, 0);
        send(code);
    }
    public void send(Context context, int code, Intent fillIn, OnFinished done, android.os.Handler handler) throws CanceledException {
        send(context, code, fillIn);
        if (done != null) standin.Later.on(handler).post(() -> done.onSendFinished(this, mIntent, code, null, null));
    }
    public void send(int code, OnFinished done, android.os.Handler handler) throws CanceledException { send(null, code, null, done, handler); }
    public int getCreatorUid() { return android.os.Process.myUid(); }
    public android.os.UserHandle getCreatorUserHandle() { return android.os.Process.myUserHandle(); }
    @Deprecated
    public String getTargetPackage() { return getCreatorPackage(); }
    public boolean isActivity() { return mKind.equals("activity"); }
    public boolean isBroadcast() { return mKind.equals("broadcast"); }
    public boolean isService() { return mKind.equals("service"); }
    public boolean isForegroundService() { return false; }
    public boolean isImmutable() { return true; }
    @Override public boolean equals(Object o) { return o instanceof PendingIntent && ((PendingIntent) o).mKind.equals(mKind) && ((PendingIntent) o).mRequestCode == mRequestCode && mIntent.filterEquals(((PendingIntent) o).mIntent); }
    @Override public int hashCode() { return mIntent.filterHashCode() + mRequestCode; }
}
