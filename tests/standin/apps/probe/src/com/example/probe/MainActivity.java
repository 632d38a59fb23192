package com.example.probe;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.content.SharedPreferences;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.provider.Settings;
import android.text.SpannableString;
import android.text.Spanned;
import android.text.method.LinkMovementMethod;
import android.text.style.ClickableSpan;
import android.util.Log;
import android.view.View;
import android.widget.Button;
import android.widget.CheckBox;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import android.widget.TextView;
import android.widget.Toast;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Arrays;

public class MainActivity extends Activity {
    private EditText name;

    @Override protected void onCreate(Bundle state) {
        super.onCreate(state);
        Log.i("probe", "create");
        LinearLayout root = new LinearLayout(this);
        root.setOrientation(LinearLayout.VERTICAL);
        TextView policy = new TextView(this);
        policy.setId(R.id.policy);
        SpannableString text = new SpannableString("Read our Privacy Policy first");
        text.setSpan(new ClickableSpan() {
            @Override public void onClick(View v) { Log.i("probe", "policy opened"); }
        }, 9, 23, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
        policy.setText(text);
        policy.setMovementMethod(LinkMovementMethod.getInstance());
        root.addView(policy);
        CheckBox agree = new CheckBox(this);
        agree.setId(R.id.agree);
        agree.setText("I agree");
        agree.setOnCheckedChangeListener((b, on) -> Log.i("probe", "agree " + on));
        root.addView(agree);
        name = new EditText(this);
        name.setId(R.id.name);
        name.setHint("name");
        root.addView(name);
        button(root, R.id.dialog, "dialog", this::dialog);
        button(root, R.id.contacts, "contacts", () -> requestPermissions(new String[] {"android.permission.READ_CONTACTS"}, 7));
        button(root, R.id.camera, "camera", () -> requestPermissions(new String[] {"android.permission.CAMERA"}, 8));
        button(root, R.id.location, "location", () -> requestPermissions(
                new String[] {"android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION"}, 9));
        button(root, R.id.prefs, "prefs", this::prefs);
        button(root, R.id.push, "push", () -> startService(new Intent(this, PushService.class)));
        button(root, R.id.fetch, "fetch", () -> new Thread(this::fetch, "fetcher").start());
        button(root, R.id.second, "second", () -> startActivityForResult(new Intent(this, SecondActivity.class).putExtra("ask", 5), 11));
        button(root, R.id.query, "query", this::query);
        button(root, R.id.settings, "settings", () -> Log.i("probe", "id " + Settings.Secure.getString(getContentResolver(), "android_id")));
        button(root, R.id.exit, "exit", () -> System.exit(0));
        ScrollView scroll = new ScrollView(this);
        scroll.addView(root);
        setContentView(scroll);
    }

    private void button(LinearLayout root, int id, String text, Runnable action) {
        Button b = new Button(this);
        b.setId(id);
        b.setText(text);
        b.setOnClickListener(v -> action.run());
        root.addView(b);
    }

    private void dialog() {
        new AlertDialog.Builder(this).setTitle("Notice").setMessage("We value privacy")
                .setPositiveButton("Agree", (d, w) -> {
                    Log.i("probe", "agreed");
                    Toast.makeText(this, "thanks", Toast.LENGTH_SHORT).show();
                })
                .setNegativeButton("Refuse", (d, w) -> Log.i("probe", "refused")).show();
    }

    private void prefs() {
        SharedPreferences p = getSharedPreferences("consent", MODE_PRIVATE);
        p.edit().putBoolean("agreed", true).putString("who", "a<b&\"c").putInt("n", p.getInt("n", 0) + 1).apply();
        Log.i("probe", "prefs " + p.getInt("n", 0) + " " + p.getString("who", null));
    }

    private void query() {
        try (Cursor own = getContentResolver().query(Uri.parse("content://com.example.probe.early/x"), null, null, null, null)) {
            own.moveToFirst();
            Log.i("probe", "own " + own.getString(0));
        }
        try (Cursor c = getContentResolver().query(Uri.parse("content://com.android.contacts/data/phones"), new String[] {"data1"}, null, null, null)) {
            Log.i("probe", "contacts " + c.getCount());
        } catch (SecurityException e) {
            Log.i("probe", "denied " + e.getMessage());
        }
    }

    private void fetch() {
        try {
            HttpURLConnection c = (HttpURLConnection) new URL(name.getText().toString()).openConnection();
            try (InputStream in = c.getInputStream()) {
                Log.i("probe", "fetched " + c.getResponseCode() + " " + new String(in.readAllBytes()));
            }
        } catch (Exception e) {
            Log.i("probe", "failed " + e);
        }
    }

    @Override public void onRequestPermissionsResult(int code, String[] names, int[] grants) {
        Log.i("probe", "result " + code + " " + Arrays.toString(grants));
    }
    @Override protected void onActivityResult(int code, int result, Intent data) {
        Log.i("probe", "activity " + code + " " + result + " " + (data == null ? "none" : data.getStringExtra("answer")));
    }
    @Override protected void onResume() { super.onResume(); Log.i("probe", "resume"); }
    @Override public void onWindowFocusChanged(boolean has) { Log.i("probe.focus", String.valueOf(has)); }
    @Override protected void onPause() { super.onPause(); Log.i("probe", "pause"); }
    @Override protected void onStop() { super.onStop(); Log.i("probe", "stop"); }
    @Override protected void onDestroy() { super.onDestroy(); Log.i("probe", "destroy"); }
}
