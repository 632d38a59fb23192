package com.example.probe;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.widget.Button;

public class SecondActivity extends Activity {
    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        Button done = new Button(this);
        done.setText("done " + getIntent().getIntExtra("ask", 0));
        done.setOnClickListener(v -> {
            setResult(RESULT_OK, new Intent().putExtra("answer", "yes"));
            finish();
        });
        setContentView(done);
    }
}
