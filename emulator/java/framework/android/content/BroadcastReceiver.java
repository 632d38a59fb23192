package android.content;

import android.os.Bundle;

public abstract class BroadcastReceiver {
    private int mResultCode;
    private String mResultData;
    private boolean mAbort;

    public abstract void onReceive(Context context, Intent intent);

    public final int getResultCode() { return mResultCode; }
    public final void setResultCode(int code) { mResultCode = code; }
    public final String getResultData() { return mResultData; }
    public final void setResultData(String data) { mResultData = data; }
    public final Bundle getResultExtras(boolean makeMap) { return makeMap ? new Bundle() : null; }
    public final void abortBroadcast() { mAbort = true; }
    public final boolean isOrderedBroadcast() { return false; }
    public final boolean isInitialStickyBroadcast() { return false; }
    public final PendingResult goAsync() { return new PendingResult(); }

    public static class PendingResult {
        public final void finish() {}
    }
}
