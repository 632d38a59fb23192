"""Questions of a withdrawal: which windows ask for one, and what confirming there withdraws."""

from __future__ import annotations

from typing import Any

from monitor.analysis.consent.screen import GONE_US, Questions
from monitor.analysis.rules.examples import event
from monitor.events import Tap, Window

ASKED = {"title": "撤回同意", "texts": ["确定要撤回同意吗？"], "buttons": ["确定", "取消"]}


def window(at: float, number: int = 1, action: str = "shown", **more: Any) -> Window:
    raw = {"kind": "window", "at": at, "window": number, "action": action, **(ASKED | more)}
    made = event(raw, round(at * 10) + 1)
    assert isinstance(made, Window)
    return made


def tap(at: float, number: int = 0, err: float = 0) -> Tap:
    made = event({"kind": "tap", "at": at, "err": err, "label": "确定", "window": number}, round(at * 10) + 1)
    assert isinstance(made, Tap)
    return made


def test_a_new_window_that_asks_is_one_and_the_same_one_again_is_not() -> None:
    questions = Questions()
    assert questions.opens(window(1))
    assert not questions.opens(window(2, action="changed")), "it was known"
    assert not questions.opens(window(3, action="hidden"))
    assert questions.opens(window(4)), "closed and opened again"


def test_a_question_may_name_the_policy_between_its_words() -> None:
    told = "您确定要取消对《隐私政策》的授权吗？取消后应用将退出。"
    assert Questions().opens(window(1, title="", texts=[told], buttons=["确定并退出", "取消"]))
    assert not Questions().opens(
        window(1, title="", texts=["您确定要取消对该店铺的关注吗？"], buttons=["确定", "取消"])
    )


def test_what_asks_nothing_is_none() -> None:
    questions = Questions()
    assert not questions.opens(window(1, 1, title="设置", texts=["清理缓存"], buttons=["知道了"]))
    assert not questions.opens(window(2, 2, window_kind="toast"))


def test_a_tap_in_the_window_confirms_what_it_was_asked_about() -> None:
    questions = Questions()
    questions.ask(window(1, 7), ("policy", "account"))
    assert questions.scopes(tap(2, 7)) == ("policy", "account")
    assert questions.scopes(tap(2, 8)) is None, "another window"


def test_a_tap_without_a_window_belongs_to_the_last_question_still_open() -> None:
    questions = Questions()
    questions.ask(window(1, 1), ("policy",))
    questions.ask(window(5, 2), ("account",))
    assert questions.scopes(tap(6)) == ("account",)
    assert questions.scopes(tap(3)) == ("policy",), "the second was not there yet"
    assert questions.scopes(tap(0.5)) is None
    assert questions.scopes(tap(0.9, err=200)) == ("policy",), "within the tap's error it was"


def test_a_closed_question_counts_as_long_as_a_click_handler_may_close_it_first() -> None:
    questions = Questions()
    questions.ask(window(1, 1), ("policy",))
    questions.opens(window(2, 1, action="hidden"))
    grace = GONE_US / 1_000_000
    assert questions.scopes(tap(2 + grace)) == ("policy",)
    assert questions.scopes(tap(2 + grace + 0.001)) is None


def test_only_the_latest_questions_are_kept() -> None:
    questions = Questions()
    for number in range(1, 100):
        questions.ask(window(number, number), (f"share:{number}",))
    assert questions.scopes(tap(200, 1)) is None and questions.scopes(tap(200, 99)) == ("share:99",)
    assert questions.scopes(tap(200, 68)) == ("share:68",) and questions.scopes(tap(200, 67)) is None
