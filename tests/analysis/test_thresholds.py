"""Rules that need several matches: each is counted once, and they are together as certain as enough of them are."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules

RULES = {rule.id: rule for rule in load_rules()}
AWAY = [
    {"kind": "lifecycle", "at": 0, "what": "foreground"},
    {"kind": "lifecycle", "at": 1, "what": "background"},
]


def found(rule: str, pattern: str, raws: list[dict[str, Any]]) -> list[Finding]:
    events = [event(raw, number) for number, raw in enumerate(raws, 1)]
    return [f for f in analyse(events, [RULES[rule]]).findings if f.pattern == pattern]


def read(at: float, **more: Any) -> dict[str, Any]:
    return {"kind": "api_call", "at": at, "data_type": "android_id", **more}


def start(at: float) -> dict[str, Any]:
    return {"kind": "lifecycle", "at": at, "what": "process_start", "cause": "broadcast BOOT_COMPLETED"}


@pytest.mark.parametrize("reads", [2, 3, 10])
def test_each_read_is_counted_once(reads: int) -> None:
    (one,) = found("COL-07", "other", [*AWAY, *(read(20 + number) for number in range(reads))])
    assert (one.status, one.count) == ("evidenced", reads)
    assert one.events[-reads:] == list(range(3, 3 + reads))


def test_one_read_is_not_enough() -> None:
    assert found("COL-07", "other", [*AWAY, read(20)]) == []


def test_every_start_within_the_time_is_counted_and_no_other() -> None:
    hour = 3600.0
    (one,) = found("LIF-01", "often", [start(at) for at in (0, 600, 1200, 1800, 3 * hour, 6 * hour)])
    assert one.count == 4 and one.events == [1, 2, 3, 4]
    assert found("LIF-01", "often", [start(at) for at in (0, 0.4 * hour, 1.1 * hour, 1.6 * hour)]) == []


def unsure(at: float) -> dict[str, Any]:
    """Read when the app may or may not have been away long enough."""
    return read(at, err=900, src="hooks:2")


def test_a_certain_and_an_uncertain_read_are_together_uncertain() -> None:
    at = 11.0  # ten seconds in the background, within the error of the read
    (one,) = found("COL-07", "other", [*AWAY, unsure(at), read(20)])
    assert (one.status, one.count) == ("inconclusive", 2)
    (one,) = found("COL-07", "other", [*AWAY, unsure(at), read(20), read(30)])
    assert (one.status, one.count, one.detail["inconclusive"]) == ("evidenced", 2, "1")
    assert set(one.events) >= {4, 5} and 3 not in one.events
