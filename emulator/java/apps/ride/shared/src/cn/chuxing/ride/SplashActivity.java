package cn.chuxing.ride;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;

/** Goes straight on to the map, which lies above it. */
public final class SplashActivity extends Activity {
    private boolean seen;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        startActivity(new Intent(this, MapActivity.class));
    }

    @Override
    protected void onResume() {
        super.onResume();
        if (seen) {
            finish();
        }
        seen = true;
    }
}
