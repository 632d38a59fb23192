"""Accepted findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from monitor.analysis.correlate.findings import fingerprint
from monitor.assess.baseline import Baseline, accepting, held_against, load_baseline, updated, written
from monitor.base.errors import InputError
from tests.assess.samples import finding

TODAY = date(2026, 6, 1)
OTHER = finding(fingerprint="cd" * 8, data_type="oaid")


def test_only_what_is_not_accepted_is_new() -> None:
    baseline = accepting([finding()], reason="agreed with the vendor", author="qa", until="2026-06-01")
    held = held_against([finding(), OTHER, finding(status="review", fingerprint="ef" * 8)], baseline, TODAY)
    assert (held.new, held.accepted) == ([OTHER], [finding()])
    assert not held.expired and not held.unused


def test_an_expired_entry_accepts_nothing_and_is_named() -> None:
    baseline = accepting([finding()], reason="r", author="qa", until="2026-05-31")
    held = held_against([finding()], baseline, TODAY)
    assert held.new == [finding()] and [e.fingerprint for e in held.expired] == ["ab" * 8]


def test_an_entry_without_its_finding_is_named_and_taken_out() -> None:
    baseline = accepting([finding(), OTHER], reason="r", author="qa", until="2026-07-01")
    assert [e.fingerprint for e in held_against([OTHER], baseline, TODAY).unused] == ["ab" * 8]
    fresh = accepting([OTHER, finding(fingerprint="12" * 8)], reason="s", author="dev", until="2026-08-01")
    again = updated(baseline, [OTHER, finding(fingerprint="12" * 8)], fresh)
    assert [(e.fingerprint, e.reason) for e in again.accepted] == [("cd" * 8, "r"), ("12" * 8, "s")]


def test_what_becomes_worse_is_new_again() -> None:
    """Accepted was that the app tried: not that it reads, nor that what it reads leaves."""
    tried, reads, sends = (finding(grade=grade) for grade in ("attempted", "access", "collection"))
    baseline = accepting([reads], reason="r", author="qa", until="2026-07-01")
    for now, new in ((tried, False), (reads, False), (sends, True)):
        held = held_against([now], baseline, TODAY)
        assert (held.new, held.accepted) == (([now], []) if new else ([], [now]))
        assert [e.fingerprint for e in held.worse] == (["ab" * 8] if new else []) and not held.expired
    again = updated(baseline, [sends], accepting([sends], reason="s", author="dev", until="2026-08-01"))
    assert [(e.grade, e.reason) for e in again.accepted] == [("collection", "s")]
    whatever = baseline.model_copy(update={"accepted": [baseline.accepted[0].model_copy(update={"grade": ""})]})
    assert held_against([sends], whatever, TODAY).accepted == [sends]


def test_an_entry_that_names_another_rule_accepts_nothing() -> None:
    """Whoever reviews the file reads the rule, and not the fingerprint."""
    grave, harmless = finding(rule="COL-03", level="critical"), finding(rule="LIF-01", fingerprint="cd" * 8)
    baseline = accepting([harmless], reason="r", author="qa", until="2026-07-01")
    lying = baseline.accepted[0].model_copy(update={"fingerprint": grave.fingerprint})
    held = held_against([grave, harmless], baseline.model_copy(update={"accepted": [*baseline.accepted, lying]}), TODAY)
    assert (held.new, held.accepted, held.misnamed) == ([grave], [harmless], [lying])
    again = updated(Baseline(accepted=[lying]), [grave], accepting([grave], reason="s", author="d", until="2026-08-01"))
    assert [(e.rule, e.reason) for e in again.accepted] == [("COL-03", "s")]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    baseline = accepting([finding(), OTHER], reason="原因", author="qa", until="2026-07-01", app="com.example.shop")
    path = tmp_path / "baseline.yaml"
    path.write_text(written(baseline), "utf-8")
    assert load_baseline(path) == baseline


ENTRY = "accepted: [{{fingerprint: '{0}', rule: COL-01, reason: {1}, author: qa, until: '{2}'}}]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.format("ab" * 8, "''", "2026-07-01"), "must not be empty"),
        (ENTRY.format("ab" * 8, "r", "soon"), "not a day: 'soon', write YYYY-MM-DD"),
        (ENTRY.format("xyz", "r", "2026-07-01"), "fingerprint"),
        ("accepted: 3", "accepted"),
        ("accept: []", "unknown key 'accept'"),
        (
            "accepted:\n"
            + "- {fingerprint: 'abababababababab', rule: A, reason: r, author: a, until: '2026-01-01'}\n" * 2,
            "abababababababab: duplicate",
        ),
    ],
)
def test_a_faulty_file_is_one_clear_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "baseline.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        load_baseline(path)
    assert said in str(caught.value) and "\n" not in str(caught.value) and str(path) in str(caught.value)


def test_names_that_hold_the_separator_are_told_apart() -> None:
    """An app names its classes and hosts as it likes: two findings must not come to one fingerprint."""
    marks = [fingerprint(*parts) for parts in (("a\x1fb", "c"), ("a", "b\x1fc"), ("a", "b", "c"), ("a\x1e1b", "c"))]
    assert len(set(marks)) == len(marks)
    assert fingerprint("COL-01", "a") == "eec179776962e233", "baselines of earlier versions hold"
