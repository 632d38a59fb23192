package com.example.mall;

import java.util.List;

/** What must not be touched unasked, said in Chinese, in English, and by pictures alone. */
public final class AccountActivity extends Screen {
    private static final List<String> DEEDS = List.of("pay", "delete", "send", "call", "publish");
    private static final List<String> CHINESE = List.of("立即支付", "注销账号", "发送私信", "拨打电话", "发布");
    private static final List<String> ENGLISH = List.of("Pay now", "Delete my account", "Send message", "Call us", "Publish");
    private static final List<String> PICTURES = List.of("支付", "删除账号", "发送", "拨号", "发布动态");
    private static final List<String> IMAGES = List.of("Pay", "Delete account", "Send", "Dial", "Publish post");
    private static final int[] NAMES = {
        R.id.btn_pay, R.id.iv_delete_account, R.id.ib_send_message, R.id.iv_call_phone, R.id.fab_publish
    };

    @Override
    String name() {
        return what().isEmpty() ? "account" : "account " + what();
    }

    @Override
    void fill() {
        switch (what()) {
            case "" -> menu();
            case "chinese" -> words(CHINESE);
            case "english" -> words(ENGLISH);
            case "described" -> pictures();
            default -> named();
        }
        page.button("返回", this::finish);
    }

    private void menu() {
        page.text("我的");
        page.button("钱包与账号", () -> open(AccountActivity.class, "chinese"));
        page.button("International", () -> open(AccountActivity.class, "english"));
        page.button("常用工具", () -> open(AccountActivity.class, "described"));
        page.button("更多工具", () -> open(AccountActivity.class, "named"));
        page.button("购物车", () -> open(CheckoutActivity.class, ""));
        page.button("支付安全说明", () -> open(HelpActivity.class, ""));
    }

    private void words(List<String> labels) {
        for (int i = 0; i < DEEDS.size(); i++) {
            String deed = DEEDS.get(i);
            page.button(labels.get(i), () -> Deeds.risky(deed, what()));
        }
    }

    private void pictures() {
        for (int i = 0; i < DEEDS.size(); i++) {
            String deed = DEEDS.get(i);
            page.icon(PICTURES.get(i), 0, () -> Deeds.risky(deed, "described in Chinese"));
            page.icon(IMAGES.get(i), 0, () -> Deeds.risky(deed, "described in English"));
        }
    }

    private void named() {
        for (int i = 0; i < DEEDS.size(); i++) {
            String deed = DEEDS.get(i);
            page.icon("", NAMES[i], () -> Deeds.risky(deed, "named"));
        }
    }
}
