package android.content;

/** What a PendingIntent is made of: it sends the same. */
public class IntentSender implements android.os.Parcelable {
    private final android.app.PendingIntent target;

    public static class SendIntentException extends android.util.AndroidException {
        public SendIntentException() {}
        public SendIntentException(String name) { super(name); }
        public SendIntentException(Exception cause) { super(cause); }
    }

    public interface OnFinished {
        void onSendFinished(IntentSender sender, Intent intent, int resultCode, String resultData, android.os.Bundle resultExtras);
    }

    /** Hidden in the public API. */
    public IntentSender(android.app.PendingIntent target) { this.target = target; }

    public void sendIntent(Context context, int code, Intent intent, OnFinished onFinished, android.os.Handler handler) throws SendIntentException {
        try {
            target.send(code);
        } catch (android.app.PendingIntent.CanceledException gone) {
            throw new SendIntentException(gone);
        }
        if (onFinished != null) standin.Later.on(handler).post(() -> onFinished.onSendFinished(this, intent, code, null, null));
    }

    public String getCreatorPackage() { return target.getCreatorPackage(); }
    public int getCreatorUid() { return android.os.Process.myUid(); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(android.os.Parcel out, int flags) { out.writeValue(this); }
}
