"""Questions of a withdrawal: which windows ask for one, and what confirming there withdraws."""

from __future__ import annotations

import pytest

from monitor.analysis.consent.screen import GONE_US
from tests.analysis.played import outcome, play

OPENED = ["agreed", "4 hidden @1", "8 page @5 | 隐私设置 | 撤回同意 / 返回", "9 tap @5 撤回同意"]
ASKED = "9.2 dialog @2 撤回同意 | 确定要撤回同意吗？ | 确定 / 取消"
GRACE = GONE_US / 1_000_000


@pytest.mark.parametrize(
    ("lines", "came"),
    [
        ([], "policy withdrawn"),
        ([ASKED], "policy granted"),
        ([ASKED, "12 tap @2 确定"], "policy withdrawn"),
        ([ASKED, "12 tap @2 取消"], "policy granted"),
        ([ASKED, "12 touch 确定"], "policy withdrawn"),
        # Closed by the click's handler, or long before.
        ([ASKED, "12 hidden @2", f"{12 + GRACE - 0.1} tap @2 确定"], "policy withdrawn"),
        ([ASKED, "12 hidden @2", f"{12 + GRACE + 0.1} touch 确定"], "policy granted"),
        # What comes up later says itself what is kept; a window that asks nothing, or a message, is no question.
        ([ASKED.replace("9.2", "30"), "32 tap @2 取消"], "policy granted?"),
        (["9.2 dialog @2 设置 | 清理缓存 | 知道了"], "policy withdrawn"),
        (['9.2 dialog @2 撤回同意 | 确定要撤回同意吗？ | 确定 / 取消 {window_kind: toast}'], "policy withdrawn"),
        # It may name the policy between its words.
        (["9.2 dialog @2 | 您确定要取消对《隐私政策》的授权吗？ | 确定 / 取消", "12 tap @2 取消"], "policy granted"),
        # The same window, changed: what it asks about is still known.
        ([ASKED, "10 dialog* @2 撤回同意 | 确定要撤回？将退出。 | 确定 / 取消", "12 tap @2 确定"], "policy withdrawn"),
    ],
)  # fmt: skip
def test_what_a_question_decides(lines: list[str], came: str) -> None:
    assert outcome(play(*OPENED, *lines)) == came


def test_once_its_data_is_cleared_an_app_begins_anew() -> None:
    page = "page @2 | 手机号登录 | 获取验证码 / 取消 | ☐ 已阅读并同意《用户服务协议》《隐私政策》"
    ticked = [f"8 {page}", "9 on @2 已阅读并同意《用户服务协议》《隐私政策》"]
    left = ["12 page @2 | 订单 | 下一步 / 取消", "14 tap @2 取消"]
    assert outcome(play(*ticked, *left)) == "policy denied?"
    assert outcome(play(*ticked, "10 data_cleared", *left)) == "policy unknown (reset)"
