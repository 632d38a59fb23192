package com.example.shopclean;

import android.app.Activity;
import android.os.Bundle;
import android.text.InputType;
import android.widget.EditText;
import android.widget.TextView;

/** Login with a phone number, which only the shop gets. */
public final class LoginActivity extends Activity {
    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Page page = new Page(this);
        EditText phone = new EditText(this);
        phone.setHint("请输入手机号");
        phone.setInputType(InputType.TYPE_CLASS_PHONE);
        page.root.addView(phone);
        TextView[] result = new TextView[1];
        page.button("立即登录", view -> {
            if (!Consent.agreed(this)) {
                result[0].setText("登录前请先在设置中同意隐私政策");
                return;
            }
            String number = phone.getText().toString().trim();
            Trace.line("login", number.length() + " digits");
            Api.send(Api.OWN + "/v1/login", "application/x-www-form-urlencoded", "mobile=" + number);
            result[0].setText("登录成功");
        });
        result[0] = page.text("手机号仅用于登录");
        page.button("返回", view -> finish());
        setContentView(page.root);
    }
}
