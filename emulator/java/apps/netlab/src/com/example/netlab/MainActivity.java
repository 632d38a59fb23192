package com.example.netlab;

import android.app.Activity;
import android.os.Bundle;
import android.provider.Settings;
import android.util.Log;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import cn.beacon.analytics.lab.BeaconClients;
import cn.beacon.analytics.lab.BeaconLab;
import cn.beacon.analytics.lab.BeaconPackets;
import cn.beacon.analytics.lab.BeaconPinned;
import com.adnova.sdk.lab.AdNovaClients;
import com.adnova.sdk.lab.AdNovaLab;
import com.adnova.sdk.lab.AdNovaPinned;
import java.util.concurrent.CountDownLatch;

/**
 * Sends through every HTTP client there is, from the app and two libraries. Each path names its sender, so that what the
 * monitor says can be compared with what is true: {@code /netlab/<sender>/<way>}.
 */
public final class MainActivity extends Activity {
    private TextView state;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        state = new TextView(this);
        state.setText("就绪");
        Button button = new Button(this);
        button.setText("全部发送");
        button.setOnClickListener(view -> new Thread(this::sendAll, "netlab").start());
        LinearLayout root = new LinearLayout(this);
        root.setOrientation(LinearLayout.VERTICAL);
        root.addView(state);
        root.addView(button);
        setContentView(root);
    }

    private void sendAll() {
        String id = Settings.Secure.getString(getContentResolver(), Settings.Secure.ANDROID_ID);
        step("app", () -> AppLab.all(id));
        step("beacon", () -> BeaconLab.all(id));
        step("adnova", () -> AdNovaLab.all(id));
        step("clients", () -> clients(id));
        step("pinned", () -> Pinned.now(id));
        step("pinned old", () -> Pinned.old(id));
        step("pinned manager", () -> BeaconPinned.all(id));
        step("pinned verifier", () -> AdNovaPinned.all(id));
        step("packets", BeaconPackets::all);
        step("shared", () -> takeTurns(id));
        step("together", () -> together(id));
        runOnUiThread(() -> state.setText("完成"));
    }

    /** Client libraries, whose threads and connections the app and its libraries share. */
    private void clients(String id) throws Exception {
        AppClients.all(id, this);
        BeaconClients.all(id, Clients.OK, Clients.CRONET, Clients.VOLLEY);
        AdNovaClients.all(id, Clients.OK2, Clients.OK, Clients.CRONET, Clients.VOLLEY);
        runOnUiThread(() -> AdNovaClients.banner(id, this));
        Thread.sleep(500);
    }

    /** The three send to one host, one after the other, over connections that are kept alive. */
    private static void takeTurns(String id) throws Exception {
        for (int round = 0; round < 3; round++) {
            AppLab.shared(id, round);
            BeaconLab.shared(id, round);
            AdNovaLab.shared(id, round);
        }
    }

    /** The three send to one host at the same moment. */
    private static void together(String id) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(3);
        Work[] works = {() -> AppLab.crowd(id), () -> BeaconLab.crowd(id), () -> AdNovaLab.crowd(id)};
        for (Work work : works) {
            new Thread(() -> {
                try {
                    start.await();
                    work.run();
                } catch (Exception failed) {
                    Log.w("NetLab", "crowd", failed);
                } finally {
                    done.countDown();
                }
            }).start();
        }
        start.countDown();
        done.await();
    }

    private static void step(String name, Work work) {
        try {
            work.run();
            Log.i("NetLab", name + " done");
        } catch (Exception failed) {
            Log.w("NetLab", name + " failed", failed);
        }
    }

    /** Something that may fail. */
    interface Work {
        void run() throws Exception;
    }
}
