package com.example.sdkhost;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Context;
import android.content.Intent;
import android.content.SharedPreferences;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;

/** Asks for consent once, lets it be withdrawn, and shows what became of the calls. */
public final class MainActivity extends Activity {
    private static final int REFRESH_MS = 200;
    private final Handler main = new Handler(Looper.getMainLooper());
    private LinearLayout calls;
    private int shown;
    private boolean front;
    private boolean asking;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        LinearLayout page = new LinearLayout(this);
        page.setOrientation(LinearLayout.VERTICAL);
        Button withdraw = new Button(this);
        withdraw.setText("撤回同意");
        withdraw.setOnClickListener(view -> decide("withdrawn"));
        page.addView(withdraw);
        calls = new LinearLayout(this);
        calls.setOrientation(LinearLayout.VERTICAL);
        page.addView(calls);
        ScrollView scroll = new ScrollView(this);
        scroll.addView(page);
        setContentView(scroll);
    }

    @Override
    protected void onResume() {
        super.onResume();
        front = true;
        main.post(this::refresh);
        main.post(() -> {
            if (!asking && !decisions().contains("policy")) {
                ask();
            }
        });
    }

    @Override
    protected void onPause() {
        super.onPause();
        front = false;
    }

    private void ask() {
        asking = true;
        new AlertDialog.Builder(this)
                .setTitle("隐私政策提示")
                .setMessage("请阅读《隐私政策》与《用户协议》。同意后，本应用才会启动所集成的 SDK；不同意也可继续使用。")
                .setCancelable(false)
                .setPositiveButton("同意并继续", (dialog, which) -> decide("agreed"))
                .setNegativeButton("不同意", (dialog, which) -> decide("refused"))
                .show();
    }

    private void decide(String decision) {
        asking = false;
        decisions().edit().putString("policy", decision).commit();
        Plan plan = Plan.read(this);
        if (plan.second() && decision.equals("agreed")) {
            startService(new Intent(this, CallService.class).putExtra(CallService.LIST, decision));
        } else {
            // After the click, as an app does that leaves its handler first.
            main.post(() -> plan.run(this, decision, this));
        }
    }

    private SharedPreferences decisions() {
        return getSharedPreferences("host", Context.MODE_PRIVATE);
    }

    private void refresh() {
        java.util.List<String> lines = Outcome.lines(this);
        for (; shown < lines.size(); shown++) {
            TextView view = new TextView(this);
            view.setText(lines.get(shown));
            calls.addView(view);
        }
        if (front) {
            main.postDelayed(this::refresh, REFRESH_MS);
        }
    }
}
