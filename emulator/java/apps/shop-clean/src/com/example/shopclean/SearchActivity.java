package com.example.shopclean;

import android.app.Activity;
import android.os.Bundle;
import android.widget.EditText;
import android.widget.TextView;
import cn.beacon.analytics.Beacon;
import com.adnova.sdk.AdNova;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Product search, without any id. */
public final class SearchActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        EditText query = new EditText(this);
        query.setHint("请输入商品名称");
        page.root.addView(query);
        TextView[] result = new TextView[1];
        page.button("开始搜索", view -> {
            String words = query.getText().toString();
            Trace.value("search", words);
            Api.send(Api.OWN + "/v1/search?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8), null, null);
            Beacon.event("search");
            AdNova.loadAd("search");
            result[0].setText("找到 12 件商品");
        });
        result[0] = page.text("热门：耳机 手机壳 茶叶");
        page.button("返回", view -> finish());
        setContentView(page.root);
    }
}
