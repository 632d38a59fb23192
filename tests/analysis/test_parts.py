"""Coverage and its witnesses, explanations, working days, filters."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.cases import Calendar, Case, Year
from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.explain import blocks as explain
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.expression import parse
from monitor.analysis.rules.given import Facts
from monitor.analysis.rules.load import load_rules
from monitor.analysis.timeline import gap
from monitor.base.errors import InputError
from monitor.events import Tap
from monitor.knowledge.catalogue import Row
from monitor.knowledge.tables import Hosts
from monitor.reports._rows import coverage_row
from monitor.reports._view import current_names
from monitor.session.declaration import Declaration
from monitor.text.reasons import Coverage
from tests.analysis.played import numbered, raws

RULES = load_rules()
FIELDS = {"id": "a.b", "class": "a.B", "method": "c", "role": "source", "data_type": "imei", "public": "public"}
ROW = Row.model_validate({**FIELDS, "why": "why it is"})
AGREED = raws([
    "0 health {what: ready}", "0.2 application_created", "agreed", "5 reads android_id {values: [v]}",
    "7 sends {party: first}",
])  # fmt: skip


def state(*more: dict[str, Any], rule: str = "COL-01", instead: list[dict[str, Any]] = AGREED) -> Coverage:
    result = analyse(numbered([*instead, *more]), RULES, hooks=[ROW])
    return next(line for line in result.coverage if line.id == rule)


def test_silence_is_claimed_with_its_witnesses_only() -> None:
    assert state().state == "silent"
    assert state({"kind": "health", "at": 8, "what": "lost", "n": 3}).state == "not_observable"
    assert state({"kind": "health", "at": 8, "what": "late"}).state == "not_observable"
    assert state(instead=AGREED[:4]).state == "not_observable" or state(instead=AGREED[:4]).state == "not_exercised"
    assert state(instead=[AGREED[1], AGREED[0], *AGREED[2:]]).state == "not_observable"
    assert state(instead=[*AGREED[:2], AGREED[4]]).state == "fired"
    assert state(instead=[]).state == "not_observable"


def test_silence_says_what_it_leaves_out() -> None:
    limits = {rule.id: rule.text.limits for rule in RULES}
    line = state()
    assert line.state == "silent" and line.detail == {"limits": limits["COL-01"]}
    for lang, field in (("en", "limits"), ("zh", "limits_zh")):
        said = getattr(next(rule for rule in RULES if rule.id == "COL-01").text, field)
        assert said and coverage_row(line, lang, current_names().rules).why.endswith(said)
    assert "limits" not in state(instead=[*AGREED[:2], AGREED[4]]).detail


def test_unreadable_traffic_is_no_silence() -> None:
    assert state(rule="COL-03").state == "silent"
    pinned = {"kind": "tls_failure", "at": 9, "sni": "pinned.example"}
    line = state(pinned, rule="COL-03")
    assert line.state == "not_observable"
    assert "pinned.example" in line.why
    assert state({**pinned, "reading": "ended"}, rule="COL-03").state == "silent", "nothing was sent in it"
    sent = {"kind": "transmission", "at": 9, "host": "own.example", "reason": "unknown content coding x-own"}
    for decoded, wanted in (("yes", "silent"), ("no", "not_observable"), ("partial", "not_observable")):
        assert state({**sent, "decoded": decoded}, rule="COL-03").state == wanted


def test_hooks_and_items_have_lines() -> None:
    assert state(rule="x.y").state == "fired"
    assert state(rule="a.b").state == "not_exercised"
    hooked = {"kind": "hook_state", "at": 0, "states": [{"state": "hooked", "hooks": ["a.b"]}]}
    assert state(hooked, rule="a.b").state == "silent"
    absent = {"kind": "hook_state", "at": 0, "states": [{"state": "absent_class", "hooks": ["a.b"]}]}
    assert (state(absent, rule="a.b").state, state(absent, rule="a.b").why) == (
        "not_observable",
        "the class does not exist on this device",
    )
    assert state(rule="SZ-04").line == "item"


def test_every_rule_and_hook_can_be_explained() -> None:
    for lang in ("en", "zh"):
        for rule in RULES:
            blocks = explain.rule(rule, lang)  # type: ignore[arg-type]
            assert all(block.heading and block.lines for block in blocks)
    assert any("COL-01" in line for block in explain.hook(ROW, RULES) for line in block.lines)


@given(st.text(max_size=80))
def test_a_filter_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except InputError as error:
        assert "\n" not in str(error)


def test_working_days() -> None:
    own = Year(source="x", holidays=["2025-10-01/2025-10-02"], workdays=["2025-10-11"])
    calendar = Calendar(years={2025: own})
    assert calendar.due(date(2025, 9, 30), 1) == date(2025, 10, 3)
    assert calendar.works(date(2025, 10, 11))
    case = Case(right="删除", channel="mail", requested=date(2025, 9, 1))
    assert case.state(calendar, date(2025, 9, 22)) == "open"
    assert case.state(calendar, date(2025, 9, 23)) == "late"
    assert case.model_copy(update={"answered": date(2025, 9, 22)}).state(calendar, date(2026, 1, 1)) == "in_time"
    with pytest.raises(ValueError):
        Case(right="x", channel="y", requested=date(2025, 9, 2), answered=date(2025, 9, 1))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_after_and_between_agree(start: date, days: int) -> None:
    calendar = Calendar()
    assert calendar.between(start, calendar.due(start, days)) == days


def test_traffic_of_the_system_is_counted_and_attributed_to_no_one() -> None:
    """The same transmission before consent, by the app and by the system."""
    match = {"data_type": "android_id", "form": "plain", "path": "query.id", "certainty": "found", "tag": "t"}
    sent = {"kind": "transmission", "at": 0.5, "matches": [match], "host": "mtalk.google.com"}
    failed = {"kind": "tls_failure", "at": 8, "host": "play.googleapis.com"}
    assert state(sent, rule="COL-03").state == "fired"
    assert state(failed, rule="COL-03").state == "not_observable"
    marked = [{**raw, "attribution": "system"} for raw in (sent, failed)]
    assert state(*marked, rule="COL-03").state == state(rule="COL-03").state == "silent"
    assert state(*marked, rule="system_traffic").detail == {"count": "2"}


def test_bodies_that_were_not_kept_are_noted_and_make_nothing_unobservable() -> None:
    unkept = {"kind": "health", "at": 5, "component": "proxy", "what": "unkept", "n": 40}
    assert state(unkept, unkept, rule="unkept").detail == {"count": "80"}
    assert state(unkept, rule="COL-03").state == state(rule="COL-03").state == "silent"


def test_a_missing_certificate_is_the_reason_for_unread_traffic() -> None:
    failed = {"kind": "tls_failure", "at": 8, "reading": "ca_missing"}
    missing = {"kind": "capability", "at": 0, "name": "system_ca", "state": "no", "why": "x"}
    line = state(missing, failed, rule="COL-03")
    assert line.state == "not_observable" and "certificate was not installed" in line.why
    assert "certificate" not in state(failed, rule="COL-03").why


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0, 1, 400, 3000]), st.booleans()), max_size=30),
       st.integers(0, 30), st.sampled_from([0, 400, 3000]))  # fmt: skip
def test_the_nearest_tap_is_that_of_all_taps(raws: list[tuple[int, int, bool]], at: int, err: int) -> None:
    context = Context(Facts(Declaration(), {}, {}, Hosts({})))
    for number, (when, wide, own) in enumerate(raws, 1):
        src = "hooks:100" if own else "runner"
        context.feed(event({"kind": "tap", "at": when, "err": wide, "label": f"x{number}", "src": src}, number))
    call = event({"kind": "api_call", "at": at, "err": err}, 99)
    earlier = [tap for tap in context.taps if isinstance(tap, Tap) and tap.t <= call.t + tap.err + call.err]
    gaps = [g for g in (gap(tap, call) for tap in earlier) if g[1] >= 0]
    assert context.since_tap(call) == min(gaps, default=None)
