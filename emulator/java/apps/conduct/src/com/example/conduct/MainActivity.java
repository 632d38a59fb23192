package com.example.conduct;

import android.Manifest;
import android.app.Activity;
import android.os.Bundle;
import android.widget.EditText;
import android.widget.ScrollView;
import java.util.List;
import java.util.Map;

/** The notice of the scene, and one button for each rule that needs a touch. */
public final class MainActivity extends Activity {
    private static final Map<String, List<String>> RULES = Map.of(
            "first_run", List.of("COL-12", "PRM-02"),
            "functions", List.of("COL-09", "COL-08", "COL-13", "POL-04", "SHR-01", "SHR-02", "SHR-03", "SHR-04",
                    "SHR-05", "PER-01", "PRM-03", "PRM-06", "COL-14", "LIF-02"),
            "sensitive", List.of("COL-11", "COL-10", "AI-01", "POL-05"),
            "refuse", List.of("COL-06", "PRM-05"),
            "lifecycle", List.of("COL-07"));
    private boolean asking;
    private int shown;
    private Runnable answered = () -> {};
    EditText prompt;

    boolean bad() {
        return Conduct.bad(this);
    }

    String scene() {
        return Conduct.scene(this);
    }

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        home();
    }

    private void home() {
        Page page = new Page(this).text("行为示例");
        for (String rule : RULES.getOrDefault(scene(), List.of())) {
            // The careful app reads the clipboard where the user asks to paste.
            page.button(rule.equals("COL-12") && !bad() ? rule + " 粘贴" : rule, view -> act(rule));
        }
        if (scene().equals("sensitive")) {
            prompt = page.input("对助手说");
            prompt.setContentDescription("对助手说");
        }
        if (scene().equals("functions") && !bad()) {
            page.toggle("个性化广告", "personalised", () -> {});
        }
        if (scene().equals("refuse") || scene().equals("web")) {
            page.button("再看提示", view -> notice());
        }
        page.button("隐私政策", view -> PageActivity.open(this, bad() ? "帮助" : "隐私政策"));
        page.button("设置", view -> PageActivity.open(this, "设置"));
        ScrollView scroll = new ScrollView(this);
        scroll.addView(page.root);
        setContentView(scroll);
    }

    private void act(String rule) {
        Behaviour family = Families.of(rule);
        if (bad()) {
            family.violate(this, rule);
        } else {
            family.comply(this, rule);
        }
    }

    @Override
    protected void onResume() {
        super.onResume();
        Later.after(0.05, this::first);
    }

    @Override
    protected void onPause() {
        super.onPause();
        if (bad() && scene().equals("lifecycle") && !Conduct.is(this, "answered")) {
            Starting.wakeUp(this);
        }
    }

    private void first() {
        if (asking || isFinishing()) {
            return;
        }
        if (bad() && scene().equals("first_run") && shown == 0) {
            shown++;
            request(Manifest.permission.ACCESS_COARSE_LOCATION, this::first);
        } else if (!Conduct.is(this, "answered") || (bad() && again())) {
            notice();
        }
    }

    /** Whether the unfair app shows the notice anew although it was answered. */
    private boolean again() {
        return scene().equals("policy") || (scene().equals("refuse") && !Conduct.is(this, "agreed"));
    }

    private void notice() {
        if (bad() && scene().equals("no_notice")) {
            return;
        }
        asking = true;
        if (scene().equals("web")) {
            if (bad()) {
                Net.send(Net.OWN, "did", Reads.androidId(this));
            }
            Notice.web(this, yes -> {
                home();
                answer(yes);
            }, () -> PageActivity.open(this, "隐私政策"));
        } else if (bad() && scene().equals("first_run")) {
            Notice.unfair(this, () -> answer(true));
            Later.after(3, () -> Reads.clipboard(this));
        } else {
            Notice.show(this, () -> answer(true), () -> answer(false));
        }
    }

    private void answer(boolean yes) {
        asking = false;
        Conduct.set(this, "answered", true);
        Conduct.set(this, "agreed", yes);
        if (bad() && !yes) {
            Later.after(1, () -> Net.send(Net.OWN, "did", Reads.androidId(this)));
        } else if (!bad() && yes && !scene().equals("sensitive")) {
            Net.send(Net.OWN, "did", Reads.androidId(this));
            if (scene().equals("first_run")) {
                Libraries.statistics(getApplicationContext());
                Reads.kernel();
            }
        }
    }

    /** Asks for a permission; {@code then} runs when it was answered. */
    void request(String permission, Runnable then) {
        request(new String[] {permission}, then);
    }

    void request(String[] permissions, Runnable then) {
        asking = true;
        answered = then;
        requestPermissions(permissions, 1);
    }

    /** Says what a permission is for before asking for it. */
    void explain(String what, String permission, Runnable then) {
        asking = true;
        Page.tell(this, "权限说明", what, "下一步", () -> request(permission, then));
    }

    @Override
    public void onRequestPermissionsResult(int code, String[] permissions, int[] results) {
        super.onRequestPermissionsResult(code, permissions, results);
        Later.after(0.1, () -> {
            asking = false;
            answered.run();
        });
    }
}
