package com.example.probe;

import android.app.Activity;
import android.os.Bundle;

public class CrashActivity extends Activity {
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        throw new IllegalStateException("planned");
    }
}
