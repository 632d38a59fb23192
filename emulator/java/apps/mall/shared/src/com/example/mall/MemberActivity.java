package com.example.mall;

/** Only for those who logged in. */
public final class MemberActivity extends Screen {
    @Override
    String name() {
        return "member";
    }

    @Override
    void fill() {
        page.text("会员专享");
        page.button("返回", this::finish);
        Reads.run(this, 4);
    }
}
