"""The marks of one app: on which lines an unreadable answer is, and from which time a change counts."""

from __future__ import annotations

from monitor.analysis.consent.timelines import Dialog, Timelines
from monitor.analysis.rules.examples import START, event
from monitor.analysis.timeline import Mark
from monitor.events import Event


def at(second: float, err: float = 0) -> Event:
    return event({"kind": "tap", "at": second, "err": err, "label": "x"}, round(second) + 1)


def test_a_change_counts_from_the_earliest_time_it_can_have_happened() -> None:
    lines = Timelines()
    lines.add("policy", at(5, err=250), "granted", True, (6,))
    assert lines.earliest == START + 4_750_000
    lines.add("account", at(7), "granted", True, (8,))
    assert lines.earliest == START + 4_750_000, "a later change does not move it"
    lines.add("share:x", at(1), "denied", True, (2,))
    assert lines.earliest == START + 1_000_000


def test_an_unreadable_answer_is_about_no_permission_and_no_account() -> None:
    lines, tap = Timelines(), at(4)
    lines.add("permission:android.permission.CAMERA", at(1), "denied", True, (2,))
    mark = Mark(tap.t, tap.err, tap.src, tap.seq, "unread", True, (tap.seq,))
    lines.not_read(Dialog(mark, frozenset({"policy", "own"}), "?", "?"))
    assert [lines.state(scope) for scope in ("policy", "sensitive:imei", "account")] == ["unread", "unread", "unknown"]
    assert lines.state("permission:android.permission.CAMERA") == "denied"
