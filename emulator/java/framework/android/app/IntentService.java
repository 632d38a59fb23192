package android.app;

import android.content.Intent;
import android.os.Handler;
import android.os.HandlerThread;
import android.os.IBinder;

public abstract class IntentService extends Service {
    private final String mName;
    private HandlerThread mWorker;

    public IntentService(String name) {
        mName = name;
    }

    @Override public void onCreate() {
        super.onCreate();
        mWorker = new HandlerThread("IntentService[" + mName + "]");
        mWorker.start();
    }
    @Override public int onStartCommand(Intent intent, int flags, int startId) {
        new Handler(mWorker.getLooper()).post(() -> {
            onHandleIntent(intent);
            stopSelf(startId);
        });
        return START_NOT_STICKY;
    }
    @Override public void onDestroy() { mWorker.quit(); }
    @Override public IBinder onBind(Intent intent) { return null; }
    protected abstract void onHandleIntent(Intent intent);
}
