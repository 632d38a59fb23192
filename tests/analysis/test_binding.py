"""The correlator's working data: the order of waiting events, calls that need not wait, the parts of an event."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.correlate.binding import Bound, CallKind, Waiting, bind, matched, subjects
from monitor.analysis.rules.answers import NOBODY
from monitor.analysis.rules.context import Context, Facts
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules
from monitor.declaration import none
from monitor.events import Transmission
from monitor.tables import Hosts

RULES = {rule.id: rule for rule in load_rules()}


def bound(rule: str, pattern: str) -> Bound:
    (found,) = [e for e in RULES[rule].evaluators() if e.pattern.name == pattern]
    return bind(RULES[rule], found)


def call(number: int = 1, **more: Any) -> Any:
    return event({"kind": "api_call", "data_type": "imei", **more}, number)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=60), st.integers(0, 9))
def test_events_come_by_time_then_position_then_arrival(items: list[tuple[int, int]], seed: int) -> None:
    """Whatever the order of arrival, and however often something is taken meanwhile."""
    waiting, rng, taken, left = Waiting(), random.Random(seed), [], []
    for arrival, (t, order) in enumerate(items):
        waiting.push(t, order, call(arrival + 1))
        left.append((t, order, arrival + 1))
        first = waiting.first()
        assert first == min(left)[0]
        if rng.random() < 0.2:
            until = rng.randrange(50)
            found = [e.seq for e, _ in waiting.take(until)]
            ready = sorted(item for item in left if item[0] <= until)
            assert found == [item[2] for item in ready]
            left = sorted(set(left) - set(ready))
            taken += found
    rest = [e.seq for e, _ in waiting.take(None)]
    assert rest == [item[2] for item in sorted(left)] and waiting.first() is None
    assert sorted(taken + rest) == list(range(1, len(items) + 1)), "none is lost, none comes twice"


def test_a_call_waits_only_where_an_evaluator_may_need_it() -> None:
    other = bound("LIF-02", "starts")
    kind = CallKind("row", "ipc", (other,))
    assert kind.wanted and kind.picky
    own = call(data_type="ipc", args={"package": "com.example.app"})
    foreign = call(data_type="ipc", args={"package": "cn.other.app"})
    assert kind.idle(own) and not kind.idle(foreign)
    assert not kind.idle(call(data_type="ipc", args={}, values=["tag"])), "a value that was returned is remembered"
    assert not CallKind("row", "ipc", ()).wanted
    # One evaluator without such a test needs them all; a position is always remembered.
    assert not CallKind("row", "ipc", (other, bound("COL-08", "lifetime"))).picky
    assert not CallKind("row", "location", (other,)).picky


def test_evaluators_are_asked_once_something_can_be_a_hit() -> None:
    refusal, always = bound("COL-04", "read"), bound("COL-08", "lifetime")
    kind = CallKind("row", "imei", (refusal, always))
    context = Context(Facts(none(), {}, {}, Hosts({})))

    def asked() -> list[str]:
        return [item.rule.id for item in kind.awake(context)]

    def feed(*raws: dict[str, Any]) -> None:
        for raw in raws:
            context.feed(event(raw, raw["at"]))
        context.advance(None)

    assert asked() == ["COL-08"], "nothing was refused yet"
    feed({"kind": "window", "at": 1, "title": "隐私政策", "buttons": ["同意", "不同意"]})
    assert asked() == ["COL-08"]
    feed({"kind": "tap", "at": 3, "label": "不同意", "window": 1})
    assert asked() == ["COL-04", "COL-08"]
    other = Context(Facts(none(), {}, {}, Hosts({})))
    assert [item.rule.id for item in kind.awake(other)] == ["COL-08"], "each app by itself"
    assert asked() == ["COL-04", "COL-08"]


def test_a_transmission_is_split_by_data_type_with_the_best_match_of_each() -> None:
    sent = event(
        {"kind": "transmission", "matches": [
            {"data_type": "imei", "certainty": "possible", "path": "a"},
            {"data_type": "imei", "path": "b", "tag": "t1"},
            {"data_type": "imei", "path": "c", "tag": "t2"},
            {"data_type": "mac", "certainty": "possible", "path": "d"},
        ]}, 1,
    )  # fmt: skip
    assert isinstance(sent, Transmission)
    found = {s.data_type: (s.certainty, s.path, s.tag) for s in matched(sent)}
    assert found == {"imei": ("found", "b", "t1"), "mac": ("possible", "d", "")}


@pytest.mark.parametrize(
    ("rule", "pattern", "raw", "parts"),
    [
        ("PRM-01", "permission", {"kind": "permission_request", "permissions": ["a.X", "a.Y"]}, ["a.X", "a.Y"]),
        ("COL-01", "main", {"kind": "permission_request", "permissions": ["a.X", "a.Y"]}, [""]),
    ],
)
def test_permissions_are_examined_one_by_one_where_the_rule_is_about_them(
    rule: str, pattern: str, raw: dict[str, Any], parts: list[str]
) -> None:
    item = bound(rule, pattern)
    found = list(subjects(event(raw, 1), item))
    assert [s.permission for s in found] == parts
    if parts == [""]:
        assert found == [NOBODY]
