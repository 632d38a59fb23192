package android.media;

import android.content.Context;
import android.net.Uri;

public class MediaScannerConnection implements android.content.ServiceConnection {
    public interface OnScanCompletedListener {
        void onScanCompleted(String path, Uri uri);
    }

    public interface MediaScannerConnectionClient extends OnScanCompletedListener {
        void onMediaScannerConnected();
    }

    private final MediaScannerConnectionClient client;
    private boolean connected;

    public MediaScannerConnection(Context context, MediaScannerConnectionClient client) { this.client = client; }

    public void connect() {
        connected = true;
        if (client != null) standin.Later.on(null).post(client::onMediaScannerConnected);
    }

    public void disconnect() { connected = false; }
    public boolean isConnected() { return connected; }
    public void scanFile(String path, String mimeType) {
        if (!connected) throw new IllegalStateException("not connected to MediaScannerService");
        if (client != null) scanFile(null, new String[] {path}, null, client);
    }

    /** No file becomes a row of the media store here: the callbacks have no URI. */
    public static void scanFile(Context context, String[] paths, String[] mimeTypes, OnScanCompletedListener callback) {
        if (callback != null) standin.Later.binder(() -> { for (String one : paths) callback.onScanCompleted(one, null); });
    }

    @Override public void onServiceConnected(android.content.ComponentName name, android.os.IBinder service) {}
    @Override public void onServiceDisconnected(android.content.ComponentName name) {}
}
