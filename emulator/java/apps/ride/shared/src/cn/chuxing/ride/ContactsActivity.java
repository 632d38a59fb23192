package cn.chuxing.ride;

import android.Manifest;
import android.app.Activity;
import android.app.AlertDialog;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.widget.TextView;

/** Invites friends: the careless build takes the whole address book, the careful one asks and lets the user choose. */
public final class ContactsActivity extends Activity {
    private static final String[] CONTACTS = {Manifest.permission.READ_CONTACTS};

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        TextView view = new TextView(this);
        view.setText("邀请好友");
        setContentView(view);
        if (Build.CAREFUL) {
            new AlertDialog.Builder(this)
                    .setTitle("邀请好友")
                    .setMessage("可以直接把邀请链接发给好友，无需读取通讯录。")
                    .setPositiveButton("知道了", (dialog, which) -> finish())
                    .show();
        }
    }

    @Override
    protected void onResume() {
        super.onResume();
        if (!Build.CAREFUL && checkSelfPermission(CONTACTS[0]) != PackageManager.PERMISSION_GRANTED) {
            requestPermissions(CONTACTS, 3);
        }
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {
        if (results.length > 0 && results[0] == PackageManager.PERMISSION_GRANTED) {
            Phone.contacts(this);
        }
    }
}
