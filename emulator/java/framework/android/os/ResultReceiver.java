package android.os;

public class ResultReceiver implements Parcelable {
    private final Handler mHandler;

    public ResultReceiver(Handler handler) {
        mHandler = handler;
    }

    public void send(int resultCode, Bundle resultData) {
        if (mHandler == null) onReceiveResult(resultCode, resultData);
        else mHandler.post(() -> onReceiveResult(resultCode, resultData));
    }

    protected void onReceiveResult(int resultCode, Bundle resultData) {}

    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
}
