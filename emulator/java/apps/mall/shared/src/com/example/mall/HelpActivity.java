package com.example.mall;

/** A page that its name makes look dangerous, and is not. */
public final class HelpActivity extends Screen {
    @Override
    String name() {
        return "help";
    }

    @Override
    void fill() {
        page.text("支付安全说明：支付密码请勿告诉他人。");
        page.button("返回", this::finish);
        Reads.run(this, 9);
    }
}
