package com.example.shop;

import android.app.Activity;
import android.os.Bundle;
import android.text.InputType;
import android.widget.EditText;
import android.widget.TextView;

/** Login with a phone number, which the data market gets as well. */
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
            String number = phone.getText().toString().trim();
            Trace.line("login", number.length() + " digits");
            Api.send(Api.OWN + "/v1/login", "application/x-www-form-urlencoded", "mobile=" + number);
            Partner.match(this, number);
            result[0].setText("登录成功");
        });
        result[0] = page.text("登录即代表同意《用户协议》和《隐私政策》");
        page.button("返回", view -> finish());
        setContentView(page.root);
    }
}
