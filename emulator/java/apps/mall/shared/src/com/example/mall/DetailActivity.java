package com.example.mall;

/** An entry of the feed; each leads to the next, without an end. */
public final class DetailActivity extends Screen {
    @Override
    String name() {
        return "detail";
    }

    @Override
    void fill() {
        page.text(what());
        page.button("相关推荐", () -> open(DetailActivity.class, what() + "续"));
        page.field("写评论", 0);
        page.button("发表评论", () -> Deeds.risky("publish", "comment"));
        page.button("返回", this::finish);
    }
}
