package com.example.mall;

import android.text.InputType;
import android.widget.EditText;

/** A wall: what lies behind it opens with one account, or with what a picture says. */
public final class LoginActivity extends Screen {
    static final String USER = "13800138000";
    static final String PASSWORD = "Mall-1234";

    @Override
    String name() {
        return what().isEmpty() ? "login" : "captcha";
    }

    @Override
    void fill() {
        if (!what().isEmpty()) {
            page.text("安全验证：请输入图片中的验证码");
            page.field("图形验证码", 0);
            page.button("验证", () -> page.text("验证码错误"));
            page.button("返回", this::finish);
            return;
        }
        page.text("请先登录");
        EditText user = page.field("手机号", R.id.et_account);
        EditText password = page.field("密码", R.id.et_password);
        password.setInputType(InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_PASSWORD);
        page.button("登录", () -> {
            if (USER.contentEquals(user.getText()) && PASSWORD.contentEquals(password.getText())) {
                open(MemberActivity.class, "");
            } else {
                page.text("账号或密码错误");
            }
        });
        page.button("忘记密码", () -> open(LoginActivity.class, "captcha"));
        page.button("返回", this::finish);
    }
}
