package com.example.mall;

/** What one button does here only the screen's own name tells. */
public final class CheckoutActivity extends Screen {
    @Override
    String name() {
        return "checkout";
    }

    @Override
    void fill() {
        page.text("收银台");
        page.text("合计 ¥199.00");
        page.button("确定", () -> Deeds.risky("pay", "checkout"));
        page.button("返回", this::finish);
    }
}
