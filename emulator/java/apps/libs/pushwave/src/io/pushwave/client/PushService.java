package io.pushwave.client;

import android.app.Service;
import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.os.Build;
import android.os.IBinder;
import android.provider.Settings;

/** The channel's service, in the process {@code :push}. */
public final class PushService extends Service {
    private boolean registered;

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        if (!registered) {
            registered = true;
            String clip = intent == null ? null : intent.getStringExtra(PushWave.EXTRA_CLIP);
            register(clip);
        }
        return START_STICKY;
    }

    private void register(String clip) {
        String id = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
        Trace.value("push android_id", id);
        String serial = "";
        if (clip != null) {
            serial = serial();
            clip = clip.isEmpty() ? ownClip() : clip;
            wakePartner();
        }
        Registration.send(getPackageName(), id, serial, clip == null ? "" : clip);
    }

    private static String serial() {
        try {
            String value = Build.VERSION.SDK_INT >= 26 ? Build.getSerial() : Build.SERIAL;
            Trace.value("push serial", value);
            return value;
        } catch (SecurityException refused) {
            Trace.line("push serial", "refused");
            return "";
        }
    }

    /** A process without a window: the system gives nothing since Android 10. */
    private String ownClip() {
        ClipboardManager clipboard = (ClipboardManager) getSystemService(Context.CLIPBOARD_SERVICE);
        ClipData data = clipboard.getPrimaryClip();
        Trace.line("push clipboard", data == null ? "none" : "read");
        return data == null || data.getItemCount() == 0 ? "" : String.valueOf(data.getItemAt(0).getText());
    }

    /** Apps with the same library keep each other alive. */
    private void wakePartner() {
        Intent wake = new Intent("io.pushwave.action.WAKE");
        wake.setComponent(new ComponentName("cn.example.partnernews", "io.pushwave.client.PushService"));
        try {
            ComponentName started = startService(wake);
            Trace.line("push wake", started == null ? "absent" : "started");
        } catch (SecurityException | IllegalStateException refused) {
            Trace.line("push wake", "refused");
        }
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
