package com.example.probe;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.webkit.JavascriptInterface;

/** Does what its intent's data says, in the callback that it names: "create:start=Two,finish". */
public class Stage extends Activity {
    public static class One extends Stage {}
    public static class Two extends Stage {}
    public static class Three extends Stage {}

    /** As pages of apps call it. */
    public static class Bridge {
        @JavascriptInterface public String name() { return "stage"; }
    }

    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        act("create");
    }
    @Override protected void onStart() {
        super.onStart();
        act("start");
    }
    @Override protected void onResume() {
        super.onResume();
        act("resume");
        new Handler(Looper.getMainLooper()).post(() -> act("later"));
    }

    private void act(String when) {
        String data = getIntent().getDataString();
        if (data == null || !data.startsWith("stage:" + when + ":")) return;
        setIntent(new Intent());
        for (String what : data.substring(7 + when.length()).split(",")) {
            String[] parts = what.split("=");
            if (parts[0].equals("finish")) {
                finish();
                continue;
            }
            Intent next = new Intent();
            next.setClassName(this, "com.example.probe.Stage$" + parts[1]);
            if (parts.length > 2) next.setFlags(Integer.decode(parts[2]));
            startActivity(next);
        }
    }
}
