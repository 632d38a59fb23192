"""What a window is about."""

from __future__ import annotations

import importlib

import pytest

from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.consent.window import bounded, window
from monitor.analysis.correlate.correlator import Analysis
from monitor.events import CheckBox, Tap, Window
from tests.analysis.phrases import PHRASES


@pytest.mark.parametrize("text, taken", PHRASES["going_on"])
def test_going_on_is_taken_for_consent_unless_a_control_that_agrees_is_named(text: str, taken: bool) -> None:
    assert window("", [text], [], []).login_consent is taken


@pytest.mark.parametrize(("text", "control", "agrees"), PHRASES["agreeing_controls"])
def test_a_control_of_which_the_text_says_that_it_agrees(text: str, control: str, agrees: bool) -> None:
    looks = window("", [text], [control, "Privacy notice"], [])
    assert bool(looks.agreeing) is agrees
    assert not (agrees and looks.login_consent) and (not agrees or (looks.clear_accept and looks.accepts == (control,)))


def test_a_title_that_sums_up_what_is_typed_in_does_not_narrow_the_text() -> None:
    texts = ["接下来要填写的姓名、手机号和病情描述属于敏感个人信息"]
    shown = window("病情资料授权", texts, ["单独授权，去填写", "不授权"], [])
    assert shown.head_types == frozenset() and {"account_pi", "phone_no", "form"} <= shown.types
    assert window("位置信息授权", texts, ["同意", "拒绝"], []).head_types == {"location"}


@pytest.mark.parametrize(("text", "platform"), PHRASES["platforms"])
def test_a_notice_that_keeps_and_reads_information_is_a_consent_platforms(text: str, platform: bool) -> None:
    assert window("", [text], ["Agree and continue", "Options"], []).platform is platform


def test_no_pattern_is_made_for_each_control(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window may have as many controls as it likes, each of many characters."""
    compiler, made = importlib.import_module("re._compiler"), []
    compiled = compiler.compile

    def counting(pattern: object, flags: int = 0) -> object:
        made.append(pattern)
        return compiled(pattern, flags)

    said = ["By tapping Go on 7 you agree to our Privacy Policy", *(f"Go on {n}" for n in range(100))]
    window("", said, ["Go on 7"], [])
    monkeypatch.setattr(compiler, "compile", counting)
    looks = window("", said, [f"Go on {n}" for n in range(100)], [])
    assert looks.agreeing == {"go on 7"} and len(made) < 10


def shown(texts: list[str], buttons: list[str]) -> Window:
    boxes = [CheckBox(label="Offers" * 400, checked=True)]
    return Window(t=1, err=1, src="hooks:1", app="a.b", window=1, window_kind="dialog", action="shown", texts=texts,
                  buttons=buttons, boxes=boxes, links=texts[-1:])  # fmt: skip


def test_of_more_than_anybody_reads_the_longest_texts_are_shortened() -> None:
    """By whoever reads it, so that time is bounded; all of an ordinary window is read, however it is distributed."""
    one = shown(["We collect your location. " * 800, "隐私政策"], ["Agree", "Decline"])
    assert bounded(one) is one and bounded(tap := Tap(t=1, err=1, src="runner", app="a.b", label="x" * 99_999)) is tap
    long = shown(["隐私政策", *["We ask. " * 250] * 200], ["Agree " * 330] * 200 + ["Decline"])
    analysis = Analysis([])
    analysis.feed(long)
    analysis.close()
    (read,) = analysis._contexts["a.b"].windows
    every = [*read.texts, *read.buttons, *read.links, *(box.label for box in read.boxes)]
    assert 55_000 < sum(map(len, every)) <= 60_000
    assert read.buttons[-1] == "Decline" and read.texts[0] == "隐私政策" and len(read.buttons) == 201
    declined = Tap(t=9_000_000, err=1, src="hooks:1", app="a.b", label="Decline", window=1)
    assert [mark.state for mark in read_consent([long, declined]).lines.scopes["policy"].marks] == ["shown", "denied"]
