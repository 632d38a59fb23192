package cn.lvdong.run;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;

public final class MineActivity extends Activity {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        LinearLayout root = new LinearLayout(this);
        root.setOrientation(LinearLayout.VERTICAL);
        TextView title = new TextView(this);
        title.setText("我的");
        root.addView(title);
        Button policy = new Button(this);
        policy.setText("隐私政策");
        policy.setOnClickListener(v -> startActivity(new Intent(this, PrivacyActivity.class)));
        root.addView(policy);
        Button off = new Button(this);
        off.setText("撤回隐私授权");
        off.setOnClickListener(v -> new AlertDialog.Builder(this).setTitle("撤回授权")
                .setMessage("撤回后我们将停止收集和使用您的个人信息，您将无法继续使用跑步记录等功能。确定撤回吗？")
                .setPositiveButton("确定撤回", (d, w) -> {
                    RunApp.prefs(this).edit().putBoolean("agreed", false).apply();
                    title.setText("已撤回授权");
                })
                .setNegativeButton("再想想", null).show());
        root.addView(off);
        setContentView(root);
    }
}
