"""Statements about a tap: they settle scope and decision, leave the moment to the tap, and contradictions in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.consent.timelines import kept
from monitor.analysis.consent.tracker import ConsentTracker, Label, Note, read_consent
from monitor.analysis.rules.examples import START, event
from tests.analysis.touched import touches

NOTICE = {
    "kind": "window",
    "at": 1,
    "window": 1,
    "title": "隐私政策",
    "texts": ["请阅读"],
    "buttons": ["同意", "不同意"],
}
STRANGE = {
    "kind": "window",
    "at": 1,
    "window": 1,
    "title": "x",
    "texts": ["看看我们怎么照看你托付的一切"],
    "buttons": ["出发吧", "算了"],
}


def step(at: float, state: str, verb: str = "consent") -> dict[str, Any]:
    return {"kind": "step", "at": at, "err": 0, "verb": verb, "state": state}


def tapped(label: str, at: float = 3) -> dict[str, Any]:
    return {"kind": "tap", "at": at, "label": label, "window": 1}


def stated(state: str, scope: str = "policy", at: float = 4) -> dict[str, Any]:
    return {"kind": "consent", "at": at, "err": 0, "scope": scope, "state": state, "via": "scenario"}


def follow(*raws: dict[str, Any], labels: dict[int, tuple[Label, ...]] | None = None) -> ConsentTracker:
    events = [event(raw, number) for number, raw in enumerate([*raws, *touches(raws)], 1)]
    return read_consent(sorted(events, key=lambda e: (e.t, e.seq)), labels=labels)


def marks(tracker: ConsentTracker, scope: str = "policy") -> list[tuple[str, str, bool, int]]:
    """State, basis, whether it is clear, and second of each mark."""
    found = kept("com.example.app", tracker.lines.scopes)
    return [(m.state, m.basis, m.clear, (m.t - START) // 1_000_000) for m in found if m.scope == scope]


def notes(tracker: ConsentTracker) -> list[Note]:
    return tracker.close()


def test_the_steps_statement_takes_the_moment_of_its_tap() -> None:
    tracker = follow(STRANGE, step(2, "started"), tapped("出发吧"), stated("granted"), step(5, "ok"))
    assert marks(tracker)[-1] == ("granted", "stated", True, 3)
    assert notes(tracker) == [], "the dialog that could not be read is settled"


def test_without_a_statement_the_same_dialog_stays_unread() -> None:
    tracker = follow(STRANGE, step(2, "started"), tapped("出发吧"), step(5, "ok"))
    assert marks(tracker)[-1][0] == "unread"
    assert [note.what for note in notes(tracker)] == ["unread_dialog"]


def test_what_was_read_and_what_is_stated_agree_in_one_mark() -> None:
    tracker = follow(NOTICE, step(2, "started"), tapped("同意"), stated("granted"), step(5, "ok"))
    assert [m for m in marks(tracker) if m[0] == "granted"] == [("granted", "stated", True, 3)]
    assert notes(tracker) == []


def test_a_contradiction_is_noted_and_leaves_the_statement_in_doubt() -> None:
    tracker = follow(NOTICE, step(2, "started"), tapped("不同意"), stated("granted"), step(5, "ok"))
    assert marks(tracker)[-1] == ("granted", "stated", False, 3)
    (note,) = notes(tracker)
    assert note.what == "consent_hint_differs"
    assert note.detail == {"scope": "policy", "stated": "granted", "observed": "denied"}
    assert not tracker.lines.refused, "the refusal that was read is gone"


def test_a_statement_without_a_tap_is_uncertain_over_the_whole_step() -> None:
    tracker = follow(step(2, "started"), stated("granted", at=6), step(7, "ok"))
    (mark,) = kept("com.example.app", tracker.lines.scopes)
    assert (mark.t - START, mark.err, mark.basis) == (4_000_000, 2_000_000, "stated")
    assert [note.what for note in notes(tracker)] == ["stated_without_tap"]


@pytest.mark.parametrize(
    "statement", [stated("granted", "permission:android.permission.CAMERA"), stated("shown"), stated("unknown")]
)
def test_what_decides_nothing_is_ignored(statement: dict[str, Any]) -> None:
    tracker = follow(step(2, "started"), statement, step(5, "ok"))
    assert tracker.lines.scopes == {} and notes(tracker) == []


def test_an_agreement_read_for_another_scope_stays_in_doubt_and_a_refusal_goes() -> None:
    other = follow(NOTICE, step(2, "started"), tapped("同意"), stated("granted", "sensitive:location"), step(5, "ok"))
    assert marks(other, "sensitive:location") == [("granted", "stated", True, 3)]
    assert marks(other)[-1][:3] == ("granted", "read", False)
    gone = follow(NOTICE, step(2, "started"), tapped("不同意"), stated("denied", "sensitive:location"), step(5, "ok"))
    assert [state for state, *_ in marks(gone)] == ["shown"]
    assert marks(gone, "sensitive:location")[-1][0] == "denied"


def test_a_persons_label_names_who_gave_it_and_nothing_takes_the_marks_back() -> None:
    label = Label("policy", "denied", "A. Tester", "2026-11-25T00:00:00Z")
    tracker = follow(NOTICE, tapped("同意"), labels={2: (label,)})
    assert marks(tracker)[-1] == ("denied", "labelled", False, 3)
    (note,) = notes(tracker)
    assert note.detail["by"] == "A. Tester" and note.detail["observed"] == "granted"
    cleared = follow(NOTICE, tapped("同意"), labels={2: (label._replace(state="nothing"),)})
    assert [state for state, *_ in marks(cleared)] == ["shown"]


def test_outside_a_step_the_statement_is_about_the_last_tap_shortly_before() -> None:
    near = follow(STRANGE, tapped("出发吧"), stated("granted", at=30))
    assert marks(near)[-1] == ("granted", "stated", True, 3)
    far = follow(STRANGE, tapped("出发吧"), stated("granted", at=40))
    assert marks(far)[-1][:2] == ("granted", "stated") and marks(far)[-1][3] == 40
    assert {note.what for note in notes(far)} == {"stated_without_tap", "unread_dialog"}


def test_the_mark_names_tap_window_and_statement() -> None:
    tracker = follow(NOTICE, step(2, "started"), tapped("同意"), stated("granted"), step(5, "ok"))
    line = tracker.lines.timeline("policy")
    assert line is not None and line.marks[-1].events == (1, 3, 4, 6)
    assert tracker.notices.stated == {1}, "the window was the policy's notice"
    other = follow(NOTICE, step(2, "started"), tapped("同意"), stated("granted", "account"), step(5, "ok"))
    assert other.notices.stated == set()


def test_a_screen_that_was_read_as_the_stated_request_was_understood() -> None:
    """What it asked for besides is then decided by the same tap."""
    guardian = {**NOTICE, "title": "儿童隐私政策", "texts": ["监护人请阅读并同意"]}
    tracker = follow(guardian, step(2, "started"), tapped("同意"), stated("granted"), step(5, "ok"))
    assert marks(tracker)[-1] == ("granted", "stated", True, 3)
    assert marks(tracker, "guardian")[-1][:3] == ("granted", "read", True)


def test_a_stated_cancellation_of_the_account_leaves_the_policy_withdrawn_that_was_read_with_it() -> None:
    entry = {"kind": "tap", "at": 9, "label": "确认注销用户", "window": 2}
    events = (NOTICE, tapped("同意"), step(8, "started"), entry, stated("withdrawn", "account", 10), step(10.1, "ok"))
    tracker = follow(*events)
    assert marks(tracker, "account") == [("withdrawn", "stated", True, 9)]
    assert marks(tracker)[-1] == ("withdrawn", "read", True, 9)
    kept = follow(*events[:3], {**entry, "label": "同意"}, stated("withdrawn", "account", 10), step(10.1, "ok"))
    assert marks(kept)[-1][0] == "granted"
