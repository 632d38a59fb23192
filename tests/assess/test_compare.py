"""How two assessments differ."""

from __future__ import annotations

import msgspec
import pytest

from monitor.analysis.consent import timelines
from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.correlate.findings import Assessment
from monitor.assess.compare import Change, Side, difference, side
from monitor.text.reasons import Coverage
from tests.assess.samples import finding


def assessed(*found: object, state: str = "fired") -> Assessment:
    line = Coverage(line="rule", id="COL-01", state=state, why="")
    return Assessment(list(found), [line])  # type: ignore[arg-type]


def one(changes: list[Change]) -> Change:
    assert len(changes) == 1
    return changes[0]


def test_a_session_does_not_differ_from_itself() -> None:
    same = side(assessed(finding(), finding(data_type="oaid")))
    assert difference(same, same) == []


def test_what_is_new_and_what_is_gone() -> None:
    a, b = side(assessed()), side(assessed(finding()))
    assert one(difference(a, b)).what == "new" and one(difference(a, b)).worse
    assert one(difference(b, a)).what == "gone" and not one(difference(b, a)).worse


def test_a_new_finding_of_known_code_is_more_data_or_more_recipients() -> None:
    a = side(assessed(finding(sdk="ads", recipient="x")))
    b = side(assessed(finding(sdk="ads", recipient="x"), finding(sdk="ads", recipient="x", data_type="mac"),
                      finding(sdk="ads", recipient="y"), finding(sdk="push", recipient="x")))  # fmt: skip
    ways = {(change.finding.sdk, change.finding.data_type, change.finding.recipient): change.more
            for change in difference(a, b)}  # fmt: skip
    assert ways == {("ads", "mac", "x"): ("data",), ("ads", "imei", "y"): ("recipients",), ("push", "imei", "x"): ()}
    assert {change.less for change in difference(b, a)} == {("data",), ("recipients",), ()}


def test_what_moved_before_consent_is_worse_and_what_is_too_near_is_neither() -> None:
    def agreed(at: int, *found: object) -> Side:
        mark = KeptMark("com.example.shop", "policy", "granted", at, 1000, "hooks:1", 1, True, "tap", (1,))
        line = msgspec.convert(timelines.line(mark), Coverage)
        both = Assessment(list(found), [*assessed().coverage, line])  # type: ignore[arg-type]
        return side(both)

    after, before, near = (
        agreed(1_000_000, finding(first_seen=2_000_000)),
        agreed(9_000_000, finding()),
        agreed(1, finding()),
    )
    change = one(difference(after, before))
    assert change.what == "changed" and change.more == ("earlier",) and change.worse
    assert one(difference(before, after)).less == ("earlier",)
    assert difference(near, before) == difference(after, near) == difference(side(assessed(finding())), before) == []


@pytest.mark.parametrize("state", ["not_exercised", "not_observable"])
def test_what_only_one_of_them_tested_is_listed_separately(state: str) -> None:
    unseen, seen = side(assessed(state=state)), side(assessed(finding()))
    assert one(difference(unseen, seen)).what == "new_untested"
    assert one(difference(seen, unseen)).what == "gone_untested"
    assert not one(difference(unseen, seen)).worse


def test_package_version_time_and_fingerprint_do_not_matter() -> None:
    a = side(assessed(finding()))
    b = side(assessed(finding(app="com.example.twin", first_seen=9, fingerprint="0" * 16, count=7)))
    assert difference(a, b) == []
    assert one(difference(a, b, counts=True)).more == ("count",)


def test_more_and_less() -> None:
    weak, strong = finding(status="inconclusive", grade="access"), finding(grade="collection")
    change = one(difference(side(assessed(weak)), side(assessed(strong))))
    assert (change.what, change.more, change.less) == ("changed", ("status", "grade"), ()) and change.worse
    back = one(difference(side(assessed(strong)), side(assessed(weak))))
    assert back.less == ("status", "grade") and not back.worse
    assert msgspec.to_builtins(back.finding)["grade"] == "access"
