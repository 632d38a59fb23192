"""What a story shows of stacks, taps and notices."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.examples import event
from monitor.analysis.findings import Finding
from monitor.analysis.moments import Moments, collect, told
from monitor.events import Event, Frame

NOTICE = {"kind": "window", "title": "隐私政策", "texts": ["请阅读"], "buttons": ["同意", "不同意"]}
READ = {"kind": "api_call", "at": 5, "data_type": "imei"}


def frame(method: str, line: int) -> Frame:
    return Frame(cls="a.B", method=method, file="B.java", line=line)


def test_a_hooked_method_is_told_once() -> None:
    stack = [frame("get", 0), frame("get", 7), frame("run", 0), frame("run", 0), frame("main", 3)]
    assert told(stack) == [frame("get", 7), frame("run", 0), frame("main", 3)]


def test_recursion_stays() -> None:
    stack = [frame("walk", 5), frame("walk", 5), frame("walk", 9)]
    assert told(stack) == stack
    assert told([]) == []


def around(*raws: dict[str, Any]) -> tuple[list[Event], Moments]:
    """The moments of a finding about the one read."""
    events = [event(raw, number) for number, raw in enumerate(raws, 1)]
    read = next(e for e, raw in zip(events, raws, strict=True) if raw is READ)
    finding = Finding(
        rule="COL-01", pattern="", status="evidenced", grade="access", level="high", app="a.b", data_type="imei",
        sdk="", recipient="", permission="", first_seen=read.t, last_seen=read.t, events=[read.seq], count=1,
        fingerprint="0" * 16, title="", title_zh="", clauses=[], detail={}, guards=[], assumptions=[], advice="",
        advice_zh="",
    )  # fmt: skip
    return events, collect(finding, lambda: events)


def test_a_yes_to_something_else_is_not_the_agreement() -> None:
    later = {"kind": "tap", "at": 9, "label": "去授权", "window": 0}
    agreed = {"kind": "tap", "at": 2, "label": "同意", "window": 1}
    events, moments = around({**NOTICE, "at": 1}, agreed, READ, later)
    assert moments.earlier is events[1] and moments.agreed is None and moments.settled
    events, moments = around({**NOTICE, "at": 1}, {**agreed, "label": "不同意"}, READ, {**agreed, "at": 9})
    assert moments.agreed is events[3] and not moments.settled
    assert around(READ, {**agreed, "at": 9, "label": "OK"})[1].agreed is None, "nothing was there to agree to"


@pytest.mark.parametrize("order", [1, -1])
def test_the_hook_gives_the_time_of_a_tap(order: int) -> None:
    """Beside the runner's error of some milliseconds, what followed at once would look uncertain."""
    runner = {"kind": "tap", "at": 4.99, "label": "同意", "window": 0, "via": "runner", "src": "runner"}
    hook = {"kind": "tap", "at": 4.995, "label": "同意", "window": 1, "via": "hook"}
    events, moments = around({**NOTICE, "at": 1}, *[runner, hook][::order], READ)
    assert moments.earlier in events and getattr(moments.earlier, "via", "") == "hook"
    late = [{**runner, "at": 8}, {**hook, "at": 8.01}][::order]
    assert getattr(around({**NOTICE, "at": 1}, READ, *late)[1].agreed, "via", "") == "hook"


@pytest.mark.parametrize("at", [1, 7])
def test_the_notice_is_told_wherever_it_was(at: int) -> None:
    """A late notice is no missing one: who reads the finding must see it."""
    shown = [{**NOTICE, "at": at}, {**NOTICE, "at": 8}]
    events, moments = around(*sorted([*shown, READ], key=lambda raw: raw["at"]))
    assert moments.notice is next(e for e in events if e.t == event({**NOTICE, "at": at}, 9).t)
