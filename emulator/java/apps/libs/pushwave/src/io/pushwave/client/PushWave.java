package io.pushwave.client;

import android.content.ClipData;
import android.content.ClipboardManager;
import android.content.Context;
import android.content.Intent;

/** PushWave (a made-up company): a push channel in a separate process. */
public final class PushWave {
    static final String EXTRA_CLIP = "clip";

    private PushWave() {}

    /** Starts the channel. {@code invites}: look for an invitation code on the clipboard. */
    public static void init(Context context, boolean invites) {
        Intent intent = new Intent(context, PushService.class);
        if (invites) {
            intent.putExtra(EXTRA_CLIP, clip(context));
        }
        context.startService(intent);
        Trace.line("start", PushService.class.getName());
    }

    /** Ends the channel. */
    public static void stop(Context context) {
        context.stopService(new Intent(context, PushService.class));
        Trace.line("stop", PushService.class.getName());
    }

    private static String clip(Context context) {
        ClipboardManager clipboard = (ClipboardManager) context.getSystemService(Context.CLIPBOARD_SERVICE);
        ClipData data = clipboard.getPrimaryClip();
        String text = data == null || data.getItemCount() == 0 ? "" : String.valueOf(data.getItemAt(0).getText());
        Trace.value("clipboard", text);
        return text;
    }
}
