package cn.lvdong.fit;

import android.Manifest;
import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import android.widget.Toast;

public final class HomeActivity extends Activity {
    private TextView state;
    private Button run;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        LinearLayout root = new LinearLayout(this);
        root.setOrientation(LinearLayout.VERTICAL);
        state = new TextView(this);
        state.setText("准备好了吗？");
        root.addView(state);
        run = new Button(this);
        run.setText("开始跑步");
        run.setOnClickListener(v -> onRun());
        root.addView(run);
        Button timer = new Button(this);
        timer.setText("秒表");
        timer.setOnClickListener(v -> state.setText("秒表 00:00"));
        root.addView(timer);
        Button set = new Button(this);
        set.setText("设置");
        set.setOnClickListener(v -> startActivity(new Intent(this, SettingsActivity.class)));
        root.addView(set);
        setContentView(root);
        if (!FitApp.agreed(this) && !FitApp.store(this).getBoolean("basic", false)) {
            privacy();
        }
    }

    private void privacy() {
        LinearLayout box = new LinearLayout(this);
        box.setOrientation(LinearLayout.VERTICAL);
        TextView t = new TextView(this);
        t.setText("感谢您使用律动健身。请您在使用前阅读隐私政策，了解我们收集哪些信息、用来做什么，以及您有哪些权利。"
                + "同意后，我们会为消息推送收集 Android ID。如您不同意，仍可使用秒表等基本功能。");
        box.addView(t);
        TextView link = new TextView(this);
        link.setText("《隐私政策》");
        link.setOnClickListener(v -> startActivity(new Intent(this, PrivacyActivity.class)));
        box.addView(link);
        new AlertDialog.Builder(this).setTitle("个人信息保护提示").setView(box).setCancelable(false)
                .setPositiveButton("同意", (d, w) -> {
                    FitApp.store(this).edit().putBoolean("privacy_v4", true).apply();
                    ((FitApp) getApplication()).startPush();
                    new Handler(Looper.getMainLooper()).postDelayed(this::askAds, 600);
                })
                .setNegativeButton("不同意，仅用基本功能", (d, w) -> {
                    FitApp.store(this).edit().putBoolean("basic", true).apply();
                    state.setText("基本功能模式");
                }).show();
    }

    private void askAds() {
        new AlertDialog.Builder(this).setTitle("是否向慧推广告提供您的广告标识").setCancelable(false)
                .setMessage("为展示与您相关的广告，我们希望向慧推（杭州）网络科技有限公司（联系方式 privacy@huitui-ads.com）提供您的 OAID，"
                        + "由其通过 SDK 用于广告投放。您可以拒绝，拒绝后仍会看到广告，但与您的相关度会降低。可随时在“设置”中关闭。")
                .setPositiveButton("同意提供", (d, w) -> {
                    FitApp.store(this).edit().putBoolean("ads_share", true).apply();
                    ((FitApp) getApplication()).startAds();
                })
                .setNegativeButton("不同意", null).show();
    }

    private void onRun() {
        if (TrackService.on) {
            stopService(new Intent(this, TrackService.class));
            run.setText("开始跑步");
            state.setText("运动已保存");
            return;
        }
        if (!FitApp.agreed(this)) {
            Toast.makeText(this, "跑步记录需要您先同意隐私政策", Toast.LENGTH_SHORT).show();
            state.setText("基本功能模式下不记录轨迹，可使用秒表计时");
            return;
        }
        if (FitApp.store(this).getBoolean("track_ok", false)) {
            permission();
            return;
        }
        new AlertDialog.Builder(this).setTitle("收集行踪轨迹前征求您的单独同意").setCancelable(false)
                .setMessage("行踪轨迹属于敏感个人信息。跑步记录必须取得您跑步期间（包括锁屏和切到后台时）的精确位置，才能计算距离并绘制路线；"
                        + "轨迹一旦泄露，他人可能据此推知您的住址和作息。我们仅在您点“开始”到“结束”之间收集，并上传到您的账号，您可随时删除。"
                        + "不同意不影响其他功能。")
                .setPositiveButton("同意收集", (d, w) -> {
                    FitApp.store(this).edit().putBoolean("track_ok", true).apply();
                    permission();
                })
                .setNegativeButton("不同意", null).show();
    }

    private void permission() {
        if (checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) == PackageManager.PERMISSION_GRANTED) {
            begin();
            return;
        }
        new AlertDialog.Builder(this).setTitle("需要位置权限")
                .setMessage("接下来系统会询问位置权限：律动健身用它记录本次跑步的路线和距离。")
                .setPositiveButton("继续", (d, w) -> requestPermissions(new String[] {
                    Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION}, 7))
                .setNegativeButton("暂不", null).show();
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] names, int[] results) {
        if (results.length > 0 && results[0] == PackageManager.PERMISSION_GRANTED) {
            begin();
        } else {
            state.setText("未授权位置，可使用秒表计时");
        }
    }

    private void begin() {
        startForegroundService(new Intent(this, TrackService.class));
        run.setText("结束跑步");
        state.setText("运动中…");
    }
}
