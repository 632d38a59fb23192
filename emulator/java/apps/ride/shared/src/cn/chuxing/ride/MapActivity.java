package cn.chuxing.ride;

import android.Manifest;
import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.os.Bundle;
import android.widget.Button;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.TextView;

/** The map with the field for where to go. */
public final class MapActivity extends Activity {
    private static final String[] PLACE = {
        Manifest.permission.ACCESS_COARSE_LOCATION, Manifest.permission.ACCESS_FINE_LOCATION,
    };
    private boolean agreed;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        LinearLayout page = new LinearLayout(this);
        page.setOrientation(LinearLayout.VERTICAL);
        TextView title = new TextView(this);
        title.setText("去哪儿");
        page.addView(title);
        EditText where = new EditText(this);
        where.setHint("输入目的地");
        page.addView(where);
        button(page, "邀请好友", () -> startActivity(new Intent(this, ContactsActivity.class)));
        button(page, "定位我", this::locate);
        setContentView(page);
        where.requestFocus();
        if (Build.CAREFUL) {
            notice();
        } else {
            agreed = true;
            requestPermissions(PLACE, 1);
        }
    }

    @Override
    protected void onRestart() {
        super.onRestart();
        if (agreed) {
            Phone.androidId(this);
        }
    }

    private void notice() {
        new AlertDialog.Builder(this)
                .setTitle("个人信息保护提示")
                .setMessage("请阅读《隐私政策》，了解我们如何使用您的设备信息。不同意也可以浏览地图。")
                .setCancelable(false)
                .setPositiveButton("同意", (dialog, which) -> {
                    agreed = true;
                    Wire.post("https://api.chuxing-ride.cn/v5/device", "{\"aid\":\"" + Phone.androidId(this) + "\"}");
                })
                .setNegativeButton("不同意", (dialog, which) -> {})
                .show();
    }

    private void locate() {
        if (!Build.CAREFUL) {
            Phone.apps(this);
            return;
        }
        new AlertDialog.Builder(this)
                .setTitle("位置信息单独同意")
                .setMessage("位置信息用于找到您附近的车辆，需要位置权限。拒绝不影响手动输入上车点。")
                .setPositiveButton("同意", (dialog, which) -> requestPermissions(PLACE, 2))
                .setNegativeButton("不同意", (dialog, which) -> {})
                .show();
    }

    private void button(LinearLayout page, String words, Runnable act) {
        Button view = new Button(this);
        view.setText(words);
        view.setOnClickListener(pressed -> act.run());
        page.addView(view);
    }
}
