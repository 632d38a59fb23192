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
}
