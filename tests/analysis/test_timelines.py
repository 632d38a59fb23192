"""The marks of one app: where they begin, what a reset leaves, and from which time a change counts."""

from __future__ import annotations

from monitor.analysis.consent.timelines import Dialog, Timelines
from monitor.analysis.rules.examples import START, event
from monitor.analysis.timeline import Mark
from monitor.events import Event


def at(second: float, err: float = 0) -> Event:
    return event({"kind": "tap", "at": second, "err": err, "label": "x"}, round(second) + 1)


def marked(*states: tuple[float, str], scope: str = "policy") -> Timelines:
    lines = Timelines()
    for second, state in states:
        lines.add(scope, at(second), state, True, (round(second) + 1,))
    return lines


def states(lines: Timelines, scope: str) -> list[str]:
    line = lines.timeline(scope)
    return [] if line is None else [mark.state for mark in line.marks]


def test_the_state_is_the_last_in_time_whichever_was_written_last() -> None:
    lines = marked((5, "granted"), (2, "shown"))
    assert lines.state("policy") == "granted" and states(lines, "policy") == ["shown", "granted"]
    assert lines.state("account") == "unknown" and lines.timeline("account") is None


def test_a_change_counts_from_the_earliest_time_it_can_have_happened() -> None:
    lines = marked()
    lines.add("policy", at(5, err=250), "granted", True, (6,))
    assert lines.earliest == START + 4_750_000
    lines.add("account", at(7), "granted", True, (8,))
    assert lines.earliest == START + 4_750_000, "a later change does not move it"
    lines.add("share:x", at(1), "denied", True, (2,))
    assert lines.earliest == START + 1_000_000


def dialog(second: float, *covers: str) -> Dialog:
    tap = at(second)
    return Dialog(Mark(tap.t, tap.err, tap.src, tap.seq, "unread", True, (tap.seq,)), frozenset(covers), "?", "?")


def test_an_unreadable_answer_is_on_every_line_that_it_may_be_about() -> None:
    lines = marked((1, "shown"))
    lines.add("permission:android.permission.CAMERA", at(1), "denied", True, (2,))
    lines.not_read(dialog(4, "policy", "own"))
    assert lines.state("policy") == "unread"
    assert lines.state("sensitive:imei") == "unread", "nothing else is known of this scope"
    assert lines.state("permission:android.permission.CAMERA") == "denied"
    assert lines.state("account") == "unknown"
    # A later scope begins with what may already have been decided.
    lines.add("sensitive:imei", at(6), "granted", True, (7,))
    assert states(lines, "sensitive:imei") == ["unread", "granted"]


def test_after_a_reset_earlier_unreadable_answers_do_not_count() -> None:
    lines = Timelines()
    lines.not_read(dialog(1, "policy", "own"))
    lines.reset(event({"kind": "lifecycle", "at": 5, "what": "cleared"}, 6))
    assert lines.state("sensitive:imei") == "unknown"
    lines.add("sensitive:imei", at(7), "shown", True, (8,))
    assert states(lines, "sensitive:imei") == ["unread", "unknown", "shown"]
