package org.example.breadth;

import android.accounts.Account;
import android.accounts.AccountManager;
import android.app.Activity;
import android.content.Context;
import android.content.SharedPreferences;
import android.hardware.Camera;
import android.location.Geocoder;
import android.location.LocationManager;
import android.net.ConnectivityManager;
import android.net.Network;
import android.os.Handler;
import android.os.HandlerThread;
import android.webkit.CookieManager;
import android.webkit.WebView;
import java.util.function.Consumer;

/** Whether what an app asks for is told inside its call or later, and on which thread. */
final class Called {
    private static SharedPreferences.OnSharedPreferenceChangeListener kept;

    private static void ask(String what, Consumer<Runnable> call) {
        Thread own = Thread.currentThread();
        boolean[] inside = {true};
        call.accept(() -> {
            Thread now = Thread.currentThread();
            Main.say("called " + what + " " + (now == own && inside[0] ? "inside" : "later") + " " + now.getName().split(":")[0]);
        });
        inside[0] = false;
    }

    static void all(Activity activity) {
        Camera camera = Camera.open(0);
        ask("picture", then -> camera.takePicture(null, null, (data, from) -> then.run()));
        ask("focus", then -> camera.autoFocus((done, from) -> then.run()));
        HandlerThread worker = new HandlerThread("cameras");
        worker.start();
        new Handler(worker.getLooper()).post(() -> {
            Camera second = Camera.open(1);
            second.setOneShotPreviewCallback((frame, from) -> {
                Main.say("frame " + frame.length + " " + Thread.currentThread().getName());
                from.release();
            });
            second.startPreview();
        });
        LocationManager places = (LocationManager) activity.getSystemService(Context.LOCATION_SERVICE);
        ask("place", then -> places.getCurrentLocation("gps", null, Runnable::run, place -> then.run()));
        ask("address", then -> new Geocoder(activity).getFromLocation(1, 2, 1, found -> then.run()));
        ConnectivityManager networks = (ConnectivityManager) activity.getSystemService(Context.CONNECTIVITY_SERVICE);
        ask("network", then -> networks.registerDefaultNetworkCallback(new ConnectivityManager.NetworkCallback() {
            @Override public void onAvailable(Network network) { then.run(); }
        }));
        ask("script", then -> new WebView(activity).evaluateJavascript("1", value -> then.run()));
        ask("cookie", then -> CookieManager.getInstance().setCookie("http://a.example", "a=b", set -> then.run()));
        Account own = new Account("ann", "org.example");
        ask("token", then -> AccountManager.get(activity).getAuthToken(own, "any", null, activity, future -> then.run(), null));
        SharedPreferences preferences = activity.getSharedPreferences("watched", 0);
        ask("preference", then -> {
            preferences.registerOnSharedPreferenceChangeListener(kept = (from, key) -> then.run());
            preferences.edit().putInt("a", 1).commit();
            preferences.edit().putInt("a", 1).commit();
        });
        preferences.unregisterOnSharedPreferenceChangeListener(kept);
    }
}
