package com.example.mall;

import android.content.Intent;
import android.net.Uri;
import android.os.Handler;
import android.os.Looper;
import android.widget.LinearLayout;

/** First screen: in one build all of it is an advertisement that leads out of the app. */
public final class SplashActivity extends Screen {
    private final Handler later = new Handler(Looper.getMainLooper());

    @Override
    String name() {
        return "splash";
    }

    @Override
    void fill() {
        if (Build.FAIR) {
            page.text("万象商场");
            later.postDelayed(this::on, 500);
            return;
        }
        page.text("跳过 3").setId(R.id.tv_skip);
        page.root.findViewById(R.id.tv_skip).setOnClickListener(view -> on());
        page.icon("", 0, this::away).setLayoutParams(new LinearLayout.LayoutParams(1080, 1900));
        later.postDelayed(this::on, 3000);
    }

    private void away() {
        Deeds.place("advertisement");
        startActivity(new Intent(Intent.ACTION_VIEW, Uri.parse("https://ads.example.net/sale")));
    }

    private void on() {
        if (!isFinishing()) {
            startActivity(new Intent(this, HomeActivity.class));
            finish();
        }
    }
}
