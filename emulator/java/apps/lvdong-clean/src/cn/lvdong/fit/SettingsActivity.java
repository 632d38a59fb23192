package cn.lvdong.fit;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.Switch;
import android.widget.TextView;
import com.huitui.ads.HuituiAds;

public final class SettingsActivity extends Activity {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        LinearLayout root = new LinearLayout(this);
        root.setOrientation(LinearLayout.VERTICAL);
        TextView title = new TextView(this);
        title.setText("设置");
        root.addView(title);
        Switch ads = new Switch(this);
        ads.setText("个性化广告");
        ads.setChecked(FitApp.store(this).getBoolean("ads_share", false));
        ads.setOnCheckedChangeListener((v, on) -> {
            FitApp.store(this).edit().putBoolean("ads_share", on).apply();
            if (on) {
                ((FitApp) getApplication()).startAds();
            } else {
                HuituiAds.stop();
            }
        });
        root.addView(ads);
        button(root, "隐私政策", () -> startActivity(new Intent(this, PrivacyActivity.class)));
        button(root, "撤回同意", () -> new AlertDialog.Builder(this).setTitle("撤回对隐私政策的同意")
                .setMessage("撤回后，我们将停止收集和使用您的个人信息，并停止推送、广告和轨迹记录；撤回不影响此前已进行的处理。")
                .setPositiveButton("确认撤回", (d, w) -> {
                    stopService(new Intent(this, TrackService.class));
                    ((FitApp) getApplication()).stopAll();
                    title.setText("已撤回同意，当前为基本功能模式");
                    FitApp.store(this).edit().putBoolean("basic", true).apply();
                })
                .setNegativeButton("取消", null).show());
        button(root, "注销账号", () -> title.setText("注销申请：登录后可用，15 个工作日内完成"));
        button(root, "查阅、更正与删除我的信息", () -> title.setText("您的信息：暂无"));
        button(root, "投诉与反馈", () -> title.setText("客服邮箱：privacy@lvdong.cn，15 个工作日内答复"));
        setContentView(root);
    }

    private void button(LinearLayout root, String text, Runnable action) {
        Button b = new Button(this);
        b.setText(text);
        b.setOnClickListener(v -> action.run());
        root.addView(b);
    }
}
