package com.example.exerciser;

import android.app.Activity;
import android.os.Bundle;

/** A screen that ends itself at once. */
public class Second extends Activity {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        finish();
    }
}
