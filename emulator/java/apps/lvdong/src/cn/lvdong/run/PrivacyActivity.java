package cn.lvdong.run;

import android.app.Activity;
import android.os.Bundle;
import android.widget.ScrollView;
import android.widget.TextView;

public final class PrivacyActivity extends Activity {
    static final String TEXT = "律动跑步隐私政策\n\n"
            + "我们非常重视您的个人信息保护。本政策适用于律动跑步客户端。\n\n"
            + "一、我们如何收集和使用信息\n"
            + "1. 运动记录：当您使用跑步功能时，我们会收集您的位置信息，用于绘制运动轨迹。\n"
            + "2. 设备信息：我们会收集 Android ID 等设备信息，用于统计与安全。\n"
            + "3. 广告：我们可能向合作的广告伙伴提供 OAID 等信息。\n\n"
            + "二、信息的共享\n我们会与合作伙伴共享必要的信息，例如推送服务、广告服务等。\n\n"
            + "三、联系我们\n客服邮箱：kf@lvdong.cn";

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        ScrollView scroll = new ScrollView(this);
        TextView t = new TextView(this);
        t.setText(TEXT);
        scroll.addView(t);
        setContentView(scroll);
    }
}
