"""One reading of consent: findings, the report's lane, the coverage and the story come from the same marks."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from monitor.analysis.consent.timelines import line, read_marks
from monitor.analysis.consent.tracker import Label, marks_of
from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.explain.moments import Moments
from monitor.analysis.rules.load import load_rules
from monitor.base.errors import EvidenceDamaged
from monitor.reports.html import timeline
from monitor.session.manifest import Session
from tests.analysis.played import session
from tests.reports.conftest import make_view

RULES = load_rules()
EVENTS = session(
    "1 dialog @1 隐私政策 | 请阅读 | 同意 / 不同意",
    "3 tap @1 同意 {via: runner, src: runner, err: 40}",
    "3.01 tap @1 同意",
    "9 reads imei",
)


def shown(found: Assessment) -> tuple[set[tuple[str, str]], list[str], list[str], str]:
    """Findings about consent, bands of the lane, states in the coverage, and the tap of the story."""
    rows = found.coverage
    view = make_view(Session(), EVENTS, found.findings, found.coverage)
    first = next((f for f in found.findings if f.rule in ("COL-01", "COL-04")), None)
    tap = ""
    if first is not None:
        moments = Moments(first, EVENTS, read_marks(rows))
        tap = f"{getattr(moments.decided, 'label', '')} {moments.settled}"
    findings = {(f.rule, f.status) for f in found.findings if f.rule in ("COL-01", "COL-04")}
    return findings, [b["state"] for b in timeline(view)["bands"]], [m.state for m in read_marks(rows)], tap


def test_another_mark_changes_findings_lane_coverage_and_story() -> None:
    assert shown(analyse(EVENTS, RULES)) == (set(), ["shown", "granted"], ["shown", "granted"], "")
    label = Label("policy", "denied", "A. Tester", "2026-01-05T10:00:00Z")
    findings, bands, states, story = shown(analyse(EVENTS, RULES, labels={3: (label,)}))
    assert {"COL-01", "COL-04"} == {rule for rule, _ in findings}
    assert (bands, states, story) == (["shown", "denied"], ["shown", "denied"], "同意 False")


def test_a_label_is_found_by_either_witness_and_says_whose_it_is() -> None:
    label = Label("policy", "granted", "A. Tester", "2026-01-05T10:00:00Z")
    for number in (2, 3):
        rows = analyse(EVENTS, RULES, labels={number: (label,)}).coverage
        last = read_marks(rows)[-1]
        assert (last.state, last.basis, last.t) == ("granted", "labelled", EVENTS[2].t)
        assert {2, 3} <= set(last.events)


def test_marks_survive_the_file_and_damage_is_named() -> None:
    marks = marks_of([], EVENTS)
    assert marks and read_marks([line(mark) for mark in marks]) == marks
    with pytest.raises(EvidenceDamaged):
        read_marks([replace(line(marks[0]), detail={})])
