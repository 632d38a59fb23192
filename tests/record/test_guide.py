"""How the window in front reads for an exploration: as the consent reader reads it, from what the hooks tell of it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.analysis.coverage.reference import Reference
from monitor.events import ApiCall, HookGroup, HookState, Lifecycle, PermissionRequest, Tap, UiSnapshot, Window
from monitor.record.guide import Guide
from monitor.scenario.explore.model import Control, Reading, Tappable
from monitor.session.declaration import Declaration

APP = "com.example.shop"


def guide(*references: Reference) -> Guide:
    given = SimpleNamespace(organisations={}, declaration=Declaration())
    return Guide(APP, given, [f"{APP}.Home", f"{APP}.Pay"], lambda: references)  # type: ignore[arg-type]


def window(number: int, t: float, title: str, *texts: str, buttons: list[str], kind: str = "dialog") -> Window:
    fields: dict[str, Any] = {"title": title, "texts": list(texts), "buttons": buttons, "window_kind": kind}
    return Window(t=int(t * 1e6), err=0, src="hooks:1", app=APP, pid=1, window=number, action="shown", **fields)


def read(one: Guide, *labels: str) -> Reading:
    return one.read([Tappable(Control("Button", "", label), label, "Button", "") for label in labels], 0)


def test_the_window_that_has_the_controls_is_read_whatever_lies_below() -> None:
    one = guide()
    one.feed(window(1, 1, "隐私政策", "请阅读并同意《隐私政策》", buttons=["同意", "不同意", "《隐私政策》"]))
    asked = read(one, "同意", "不同意", "《隐私政策》")
    assert asked.scopes == ("policy",) and asked.dialog and asked.word == "policy"
    assert [asked.of(c).marks for c in asked.answers] == [(("policy", "granted"),), (("policy", "denied"),), ()]
    one.feed(window(2, 3, f"{APP}/.Help", "常见问题", buttons=["返回"], kind="activity"))
    page = read(one, "返回")
    assert page.scopes == () and not page.dialog and page.of(Control("Button", "", "返回")).marks == ()
    assert read(one, "同意", "不同意").scopes == ("policy",)


def test_what_is_asked_here_changes_nothing_and_what_is_tapped_does() -> None:
    one = guide()
    notice = window(1, 1, "隐私政策", "请阅读并同意《隐私政策》", buttons=["同意", "不同意"])
    one.feed(notice)
    assert read(one, "同意", "不同意") == read(one, "同意", "不同意")
    one.feed(Tap(t=3_000_000, err=0, src="hooks:1", app=APP, pid=1, label="不同意", window=1))
    read(one)
    again = "不同意《隐私政策》将无法使用，请再次确认"
    one.feed(window(2, 4, "温馨提示", again, buttons=["同意", "仍不同意"]))
    assert ("policy", "granted") in read(one, "同意", "仍不同意").of(Control("Button", "", "同意")).marks


def test_a_look_waits_for_its_own_picture_and_no_longer_for_one_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    one = guide()
    monkeypatch.setattr("monitor.record.guide._LOGGED_S", 0.2)

    def picture(t: int) -> UiSnapshot:
        return UiSnapshot(t=t, err=0, src="runner", app=APP, name="", focus=f"{APP}/{APP}.Pay")

    def waited(since: int) -> float:
        begun = time.monotonic()
        one.read([], since)
        return time.monotonic() - begun

    one.feed(picture(10))
    assert waited(20) >= 0.2  # its picture was lost
    one.feed(picture(30))
    assert waited(30) < 0.2 and one.met() == {f"{APP}.Pay"}


def test_rows_and_activities_that_were_not_met() -> None:
    def reference(hook: str, role: str = "source") -> Reference:
        return Reference(hook=hook, cls="C", member="m", role=role, owner="app", data_types=["location"])

    one = guide(reference("location.last_known"), reference("camera2.open"), reference("crypto.digest", "transform"))
    assert one.missing() == ([f"{APP}.Home", f"{APP}.Pay"], ["camera2.open", "location.last_known"])
    common: dict[str, Any] = {"t": 1, "err": 0, "src": "hooks:1", "app": APP}
    call = {"role": "source", "data_type": "location", "cls": "C", "method": "m", "sig": "", "outcome": "value"}
    one.feed(ApiCall(**common, hook="location.last_known", **call))
    one.feed(PermissionRequest(**common, permissions=["X"], via="hook"))
    one.feed(HookState(**common, states=[HookGroup(state="hooked", hooks=["log.i"])], calls={"log.i": 3, "log.d": 0}))
    one.feed(Lifecycle(**common, what="activity_resumed", component=f"{APP}/.Home"))
    assert one.missing() == ([f"{APP}.Pay"], ["camera2.open"]) and one.called() == 3
