package cn.lvdong.run;

import android.Manifest;
import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.location.Location;
import android.location.LocationListener;
import android.location.LocationManager;
import android.os.Bundle;
import android.widget.Button;
import android.widget.CheckBox;
import android.widget.LinearLayout;
import android.widget.TextView;
import java.util.ArrayList;
import java.util.List;

public final class MainActivity extends Activity {
    private TextView state;
    private boolean running;
    private final List<double[]> points = new ArrayList<>();
    private final LocationListener gps = this::onFix;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        LinearLayout root = new LinearLayout(this);
        root.setOrientation(LinearLayout.VERTICAL);
        state = new TextView(this);
        state.setText("今天还没有运动，动起来吧！");
        root.addView(state);
        Button run = new Button(this);
        run.setText("开始跑步");
        run.setOnClickListener(v -> toggle(run));
        root.addView(run);
        Button mine = new Button(this);
        mine.setText("我的");
        mine.setOnClickListener(v -> startActivity(new Intent(this, MineActivity.class)));
        root.addView(mine);
        setContentView(root);
        if (!RunApp.prefs(this).getBoolean("agreed", false)) {
            welcome();
        }
    }

    @Override
    protected void onResume() {
        super.onResume();
        if (RunApp.prefs(this).getBoolean("agreed", false)
                && checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) != PackageManager.PERMISSION_GRANTED) {
            ask();
        }
    }

    private void welcome() {
        LinearLayout box = new LinearLayout(this);
        box.setOrientation(LinearLayout.VERTICAL);
        TextView text = new TextView(this);
        text.setText("欢迎使用律动跑步！为了给您提供更好的服务，我们会依据《用户协议》和《隐私政策》处理您的信息，"
                + "并向您推荐个性化内容与广告，与合作伙伴共享必要的信息。");
        box.addView(text);
        TextView link = new TextView(this);
        link.setText("查看《隐私政策》");
        link.setOnClickListener(v -> startActivity(new Intent(this, PrivacyActivity.class)));
        box.addView(link);
        CheckBox tick = new CheckBox(this);
        tick.setText("我已阅读并同意《用户协议》《隐私政策》");
        tick.setChecked(true);
        box.addView(tick);
        new AlertDialog.Builder(this).setTitle("服务协议与隐私政策").setView(box).setCancelable(false)
                .setPositiveButton("同意并进入", (d, w) -> {
                    RunApp.prefs(this).edit().putBoolean("agreed", true).apply();
                    ((RunApp) getApplication()).startServices();
                    ask();
                })
                .setNegativeButton("不同意", (d, w) -> finishAffinity())
                .show();
    }

    private void ask() {
        requestPermissions(new String[] {Manifest.permission.ACCESS_FINE_LOCATION,
                Manifest.permission.ACCESS_COARSE_LOCATION, Manifest.permission.READ_CONTACTS}, 100);
    }

    private void toggle(Button b) {
        LocationManager lm = (LocationManager) getSystemService(LOCATION_SERVICE);
        if (running) {
            running = false;
            b.setText("开始跑步");
            lm.removeUpdates(gps);
            Net.track(points);
            return;
        }
        if (checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) != PackageManager.PERMISSION_GRANTED) {
            state.setText("请先开启定位");
            return;
        }
        running = true;
        b.setText("结束跑步");
        state.setText("运动中…");
        lm.requestLocationUpdates(LocationManager.GPS_PROVIDER, 3000L, 0f, gps);
    }

    private void onFix(Location l) {
        points.add(new double[] {l.getLatitude(), l.getLongitude()});
        if (points.size() % 3 == 0) {
            Net.track(points);
        }
    }
}
