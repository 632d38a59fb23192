package android.nfc;

import android.app.Activity;
import android.content.Context;
import android.os.Bundle;

/** A device without NFC: there is no adapter. */
public final class NfcAdapter {
    private NfcAdapter() {}

    public interface ReaderCallback {
        void onTagDiscovered(Tag tag);
    }

    public static NfcAdapter getDefaultAdapter(Context context) {
        return null;
    }

    public void enableReaderMode(Activity activity, ReaderCallback callback, int flags, Bundle extras) {}

    public void enableForegroundDispatch(android.app.Activity a0, android.app.PendingIntent a1, android.content.IntentFilter[] a2, java.lang.String[][] a3) { standin.Canary.done("nfc_adapter.enable_foreground_dispatch", "nfc", "android.nfc.NfcAdapter", "enableForegroundDispatch", "android.permission.NFC"); }
}
