package com.example.app;

import android.app.Activity;
import android.app.Service;
import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.ServiceConnection;
import android.database.Cursor;
import android.net.Uri;
import android.os.Binder;
import android.os.Bundle;
import android.os.IBinder;
import android.util.Log;

/** Says what happens to each of its components. */
public final class Life extends Activity {
    private final BroadcastReceiver heard = new BroadcastReceiver() {
        @Override public void onReceive(Context context, Intent intent) {
            say("registered receiver " + intent.getAction() + " " + intent.getStringExtra("word"));
            context.unregisterReceiver(this);
            sendBroadcast(new Intent("com.example.HEARD").setPackage(getPackageName()));  // nobody hears it any more
            sendBroadcast(new Intent(Life.this, Manifested.class).putExtra("word", "second"));
        }
    };

    static void say(String line) {
        Log.i("life", line);
    }

    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        say("activity " + isTaskRoot());
        registerReceiver(heard, new IntentFilter("com.example.HEARD"), RECEIVER_NOT_EXPORTED);
        bindService(new Intent(this, Bound.class), new Connected(), BIND_AUTO_CREATE);
    }

    @Override protected void onDestroy() {
        super.onDestroy();
        say("activity destroyed");
    }

    final class Connected implements ServiceConnection {
        @Override public void onServiceConnected(ComponentName name, IBinder binder) {
            say("bound to " + name.getShortClassName() + " " + (binder instanceof Given));
            unbindService(this);
            startService(new Intent(Life.this, Bound.class).putExtra("word", "start"));
        }

        @Override public void onServiceDisconnected(ComponentName name) {}
    }

    static final class Given extends Binder {}

    /** A service that is bound, then started. */
    public static final class Bound extends Service {
        @Override public void onCreate() {
            say("service created");
        }

        @Override public IBinder onBind(Intent intent) {
            say("service asked");
            return new Given();
        }

        @Override public int onStartCommand(Intent intent, int flags, int start) {
            say("service " + intent.getStringExtra("word"));
            stopSelf();
            return START_NOT_STICKY;
        }

        @Override public void onDestroy() {
            say("service destroyed");
            sendBroadcast(new Intent("com.example.HEARD").setPackage(getPackageName()).putExtra("word", "first"));
        }
    }

    /** A receiver of the manifest. */
    public static final class Manifested extends BroadcastReceiver {
        @Override public void onReceive(Context context, Intent intent) {
            say("receiver of the manifest " + intent.getStringExtra("word"));
            Intent other = new Intent(context, Other.class);
            context.startActivity(other.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
        }
    }

    /** A second screen, which ends the first one with itself. */
    public static final class Other extends Activity {
        @Override protected void onResume() {
            super.onResume();
            say("second activity");
            finishAffinity();
        }
    }

    /** There before the first screen. */
    public static final class Kept extends ContentProvider {
        @Override public boolean onCreate() {
            say("provider " + (getContext() != null));
            return true;
        }

        @Override public Cursor query(Uri uri, String[] columns, String where, String[] args, String order) { return null; }
        @Override public String getType(Uri uri) { return null; }
        @Override public Uri insert(Uri uri, ContentValues values) { return null; }
        @Override public int delete(Uri uri, String where, String[] args) { return 0; }
        @Override public int update(Uri uri, ContentValues values, String where, String[] args) { return 0; }
    }
}
