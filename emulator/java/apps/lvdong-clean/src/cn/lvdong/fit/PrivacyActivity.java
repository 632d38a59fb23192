package cn.lvdong.fit;

import android.app.Activity;
import android.os.Bundle;
import android.widget.ScrollView;
import android.widget.TextView;

public final class PrivacyActivity extends Activity {
    static final String TEXT = "律动健身隐私政策\n版本 4.0，更新日期：2026年10月8日，生效日期：2026年10月15日\n\n"
            + "律动健身由律动（成都）体育科技有限公司运营，注册地址：成都市高新区天府三街 9 号，个人信息保护负责人联系方式：privacy@lvdong.cn，028-86001234。\n\n"
            + "一、我们收集哪些个人信息、为什么收集、怎样收集\n"
            + "1. 消息推送：您同意本政策后，鸣雀推送 SDK 读取 Android ID，用于向您的设备推送消息。\n"
            + "2. 跑步记录：您点“开始跑步”并单独同意、授予位置权限后，我们通过系统接口收集您的位置信息和行踪轨迹（敏感个人信息），"
            + "用于计算距离、绘制路线；为此在跑步期间后台也会收集。轨迹泄露可能暴露您的住址与作息，不提供不影响其他功能。\n"
            + "3. 广告：经您单独同意，慧推广告 SDK 读取 OAID，用于个性化广告展示，可在“设置—个性化广告”关闭。\n\n"
            + "二、第三方 SDK 清单\n"
            + "鸣雀推送 | 鸣雀（深圳）信息技术有限公司 | 目的：消息推送 | 个人信息：Android ID | 方式：SDK 采集 | 包名 cn.mingque.push | https://www.mingque.net/privacy\n"
            + "慧推广告 | 慧推（杭州）网络科技有限公司 | 目的：个性化广告 | 个人信息：OAID | 方式：SDK 采集 | 包名 com.huitui.ads | https://www.huitui-ads.com/privacy\n\n"
            + "三、委托处理、对外提供与公开披露\n我们委托鸣雀推送处理推送所需信息；经您单独同意向慧推广告提供 OAID。除此之外不向第三方提供、不公开披露。\n\n"
            + "四、存储地点、期限与安全\n信息存储在中华人民共和国境内，不向境外提供。轨迹保存至您删除或注销账号；推送标识在撤回同意后 7 日内删除。"
            + "我们采用加密传输、访问控制等安全措施。\n\n"
            + "五、您的权利\n您有权查阅、复制、转移、更正、补充、删除您的个人信息，限制或拒绝处理，撤回同意，注销账号，均可在“设置”中办理。\n\n"
            + "六、未成年人\n本应用不面向不满十四周岁的未成年人；如需使用，须取得监护人同意。专门的儿童个人信息处理规则见“设置”。\n\n"
            + "七、投诉与举报\n您可致信 privacy@lvdong.cn 投诉，我们在十五个工作日内答复；您也可向履行个人信息保护职责的部门举报。\n\n"
            + "八、政策的变更\n处理目的、方式或个人信息种类发生变化时，我们会弹窗告知并重新征得您的同意。";

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
