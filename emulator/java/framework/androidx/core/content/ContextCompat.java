package androidx.core.content;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import java.util.concurrent.Executor;

public class ContextCompat {
    public static final int RECEIVER_EXPORTED = 2;
    public static final int RECEIVER_NOT_EXPORTED = 4;

    protected ContextCompat() {}

    public static int checkSelfPermission(Context context, String permission) {
        if (permission == null) throw new NullPointerException("permission must be non-null");
        return context.checkPermission(permission, android.os.Process.myPid(), android.os.Process.myUid());
    }
    public static void startForegroundService(Context context, Intent intent) { context.startForegroundService(intent); }
    public static Executor getMainExecutor(Context context) { return context.getMainExecutor(); }
    public static Intent registerReceiver(Context context, BroadcastReceiver r, IntentFilter f, int flags) { return context.registerReceiver(r, f, flags); }
    public static int getColor(Context context, int id) { return context.getColor(id); }
    public static <T> T getSystemService(Context context, Class<T> serviceClass) { return context.getSystemService(serviceClass); }
}
