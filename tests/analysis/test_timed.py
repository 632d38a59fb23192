"""Rates, intervals and numbers of matches at their limits: one read too few, one microsecond too late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Facts, Subject
from monitor.analysis.rules.load import load_rules
from monitor.analysis.rules.matching import Hit
from monitor.analysis.rules.model import Pattern
from monitor.analysis.rules.plan import Check
from monitor.analysis.rules.timed import Rate, Sequence
from monitor.knowledge.tables import Hosts
from monitor.session.declaration import Declaration
from tests.analysis.played import numbered, session

SUBJECT = Subject("mac")
RULES = {rule.id: rule for rule in load_rules()}


def rate(**more: Any) -> Rate:
    pattern = Pattern.model_validate({"type": "rate", "event": "api_call", "where": "True", **more})
    return Rate(Check(next(iter(RULES.values())).text, pattern, "guide", "test"))


def fed(
    evaluator: Rate, raws: list[dict[str, Any]], declaration: Declaration | None = None, renamed: Mapping[int, str] = {}
) -> list[Hit]:
    context = Context(Facts(declaration or Declaration(), {}, {}, Hosts({}), renamed))
    calls = numbered({"kind": "api_call", "data_type": "mac", **raw} for raw in raws)
    return [hit for call in calls for hit in evaluator.evaluate(call, context, SUBJECT)]


def at(*seconds: float, **more: Any) -> list[dict[str, Any]]:
    return [{"at": second, "src": "hooks:1", **more} for second in seconds]


@pytest.mark.parametrize(
    ("times", "hits"),
    [((0, 5), 0), ((0, 5, 10), 1), ((0, 5, 10.000001), 0), ((0, 5, 10, 11), 2), ((0, 5, 10, 15.1), 1)],
)
def test_three_within_ten_seconds(times: tuple[float, ...], hits: int) -> None:
    found = fed(rate(within=10, thresholds={"default": {"min": 3}}), at(*times))
    assert [hit.status for hit in found] == ["evidenced"] * hits
    assert all(len(hit.events) == 3 for hit in found)


def test_what_errors_leave_open_is_inconclusive() -> None:
    raws = [{"at": 0, "err": 100, "src": "a"}, {"at": 5, "src": "b"}, {"at": 10.05, "err": 100, "src": "c"}]
    (hit,) = fed(rate(within=10, thresholds={"default": {"min": 3}}), raws)
    assert hit.status == "inconclusive"


def test_one_stack_within_five_milliseconds_is_one_read_and_an_inner_call_none() -> None:
    three = {"default": {"min": 3}}
    assert fed(rate(thresholds=three), at(1, 1.005, 1.010, stack=7)) == []
    assert len(fed(rate(thresholds=three), at(1, 1.006, 1.012, stack=7))) == 1
    assert fed(rate(thresholds=three), [raw | {"parent": 4} for raw in at(1, 2, 3)]) == []


def test_a_loop_for_one_value_is_as_many_reads_as_rounds() -> None:
    within = rate(within=1, thresholds={"default": {"min": 5}})
    loop = at(*(1 + n / 1000 for n in range(16)), stack=7, values=["t1"])
    assert len(fed(within, loop)) == 12
    kept = [dict(raw, values=[f"t{n}"]) for n, raw in enumerate(loop)]
    others = [dict(raw, args={"slot": str(n)}) for n, raw in enumerate(loop)]
    hooks = [dict(raw, hook=f"mac.{n}") for n, raw in enumerate(loop)]
    nothing = [dict(raw, values=[]) for raw in loop]
    for raws in (kept, others, hooks, nothing):
        assert fed(rate(within=1, thresholds={"default": {"min": 5}}), raws) == []
    declaration = Declaration.model_validate({"collection": [{"data_type": "mac", "max_per_start": 10}]})
    assert len(fed(rate(declared=True), loop, declaration)) == 6
    assert fed(rate(declared=True), loop[:10], declaration) == []


def test_two_reads_in_one_line_are_one_tick_of_a_timer() -> None:
    ticks = at(*(s + half for s in (0, 10, 20, 30) for half in (0, 0.001)), stack=7, values=["t1"])
    assert fed(rate(periodic=True, thresholds={"default": {"min": 4}}), ticks)


def test_calls_that_were_only_counted() -> None:
    counted = at(1, aggregated=True, count=9)
    (hit,) = fed(rate(within=10, thresholds={"default": {"min": 5}}), counted)
    assert hit.status == "inconclusive", "the time is unknown"
    (hit,) = fed(rate(thresholds={"default": {"min": 5}}), counted)
    assert (hit.status, hit.detail) == ("evidenced", {"calls": "9"})
    assert fed(rate(thresholds={"default": {"min": 10}}), counted) == []


@pytest.mark.parametrize(
    ("times", "even"),
    [
        ((0, 10, 20, 30), True),
        ((0, 10, 20, 29), True),
        ((0, 10, 20, 40), False),
        ((0, 31, 62, 93), False),
        ((0, 0.1, 0.2, 0.3), False),
    ],
)
def test_equal_intervals(times: tuple[float, ...], even: bool) -> None:
    found = fed(rate(periodic=True, thresholds={"default": {"min": 4}}), at(*times))
    assert bool(found) is even


def test_more_often_than_declared() -> None:
    entry = {"data_type": "mac", "max_frequency": 2}
    declaration = Declaration.model_validate({"collection": [entry]})
    assert [(reads, span) for item in declaration.collection or [] for reads, span in item.budgets] == [(2, 3600)]
    assert fed(rate(declared=True), at(0, 10), declaration) == []
    (hit,) = fed(rate(declared=True), at(0, 10, 20), declaration)
    assert (hit.status, hit.events, hit.detail) == ("evidenced", (1, 2, 3), {"declared": "2", "seconds": "3600"})
    assert fed(rate(declared=True), at(0, 10, 3601), declaration) == []


def test_what_follows_several_follows_the_last_of_them() -> None:
    exits = {"event": "lifecycle", "where": "what == 'process_exit'", "within": 10}
    pattern = Pattern.model_validate({"type": "sequence", "event": "permission_result", "followed_by": exits})
    sequence = Sequence(Check(next(iter(RULES.values())).text, pattern, "guide", "test"))
    context = Context(Facts(Declaration(), {}, {}, Hosts({})))
    asked = ((5, "LOCATION"), (9, "CAMERA"), (9.5, "RECORD_AUDIO"))
    *results, end = session(
        *(f"{at} permission_result {{permission: {name}}}" for at, name in asked), "10 process_exit"
    )
    for one, (_, name) in zip(results, asked, strict=True):
        assert list(sequence.evaluate(one, context, Subject(permission=name))) == []
    assert [hit.subject.permission for hit in sequence.advance(end, context)] == ["CAMERA", "RECORD_AUDIO"]


@pytest.mark.parametrize(
    ("stacks", "statuses"),
    [
        ((1, 2), []),  # o.a7 and q7.m, once each
        ((1, 2, 3), ["evidenced"]),  # o.a7 twice
        ((4, 5), ["review"]),  # all classes in one package: perhaps two libraries
        ((4, 4), ["evidenced"]),  # the same code, whosever it is
        ((0, 0), ["review"]),
        ((9, 9), ["evidenced"]),
    ],
)
def test_renamed_code_is_as_many_callers_as_packages_are_left_of_it(
    stacks: tuple[int, ...], statuses: list[str]
) -> None:
    once = Declaration.model_validate({"collection": [{"data_type": "mac", "max_per_start": 1}]})
    raws = [{"at": 5 * n, "src": "hooks:1", "sdk": "", "stack": stack} for n, stack in enumerate(stacks, 1)]
    left = {1: "o.a7", 2: "q7.m", 3: "o.a7", 4: "(default)", 5: "(default)"}
    found = fed(rate(declared=True), raws, once, left)
    assert [hit.status for hit in found] == statuses
    assert all(2 not in hit.events for hit in found if 3 in stacks)


def test_traits_of_two_renamed_libraries_are_no_fingerprint_of_one() -> None:
    asked = ("display.get_real_metrics", "build.model", "build.brand", "build.board", "build.device", "build.hardware")
    both, one = (
        Context(Facts(Declaration(), {}, {}, Hosts({}), left))
        for left in ({1: "o.a7", 2: "q7.m"}, {1: "o.a7", 2: "o.a7"})
    )
    calls = (f"{at} reads hw_fp {{hook: {hook}, sdk: '', stack: {at % 2 + 1}}}" for at, hook in enumerate(asked, 1))
    for call in session(*calls):
        for context in (both, one):
            context.values.gather(call)
    two, alone = both.values, one.values
    assert len(two.traits["(o.a7)"]) == len(two.traits["(q7.m)"]) == len(alone.traits["(o.a7)"]) / 2 == 3


# Rules that need several matches: each is counted once, and they are together as certain as enough of them are.
AWAY = ["0 foreground", "1 background"]


def found(rule: str, pattern: str, lines: Iterable[str]) -> list[Finding]:
    return [f for f in analyse(session(*lines), [RULES[rule]]).findings if f.pattern == pattern]


def read(at: float) -> str:
    return f"{at} reads android_id"


def start(at: float) -> str:
    return f"{at} process_start {{cause: broadcast BOOT_COMPLETED}}"


@pytest.mark.parametrize("reads", [2, 3, 10])
def test_each_read_is_counted_once(reads: int) -> None:
    (one,) = found("COL-07", "other", [*AWAY, *(read(20 + number) for number in range(reads))])
    assert (one.status, one.count) == ("evidenced", reads)
    assert one.events[-reads:] == list(range(3, 3 + reads))
    assert found("COL-07", "other", [*AWAY, read(20)]) == [], "one is not enough"


def test_every_start_within_the_time_is_counted_and_no_other() -> None:
    hour = 3600.0
    (one,) = found("LIF-01", "often", [start(at) for at in (0, 600, 1200, 1800, 3 * hour, 6 * hour)])
    assert one.count == 4 and one.events == [1, 2, 3, 4]
    assert found("LIF-01", "often", [start(at) for at in (0, 0.4 * hour, 1.1 * hour, 1.6 * hour)]) == []


def test_a_certain_and_an_uncertain_read_are_together_uncertain() -> None:
    unsure = "11 reads android_id {err: 900, src: 'hooks:2'}"  # ten seconds in the background, within its error
    (one,) = found("COL-07", "other", [*AWAY, unsure, read(20)])
    assert (one.status, one.count) == ("inconclusive", 2)
    (one,) = found("COL-07", "other", [*AWAY, unsure, read(20), read(30)])
    assert (one.status, one.count, one.detail["inconclusive"]) == ("evidenced", 2, "1")
    assert set(one.events) >= {4, 5} and 3 not in one.events
