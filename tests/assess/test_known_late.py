"""A value that becomes known long after it was sent is judged by when it was sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.correlate.arrivals import MATCHES
from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.analysis.rules.examples import event
from monitor.assess.evaluate import evaluate
from monitor.assess.evaluation import Evaluation
from monitor.assess.opened import Opened
from monitor.events import SCHEMA, Transmission
from monitor.evidence.bundle import Bundle
from monitor.session.manifest import App, Session

Raw = dict[str, Any]
READY: Raw = {
    "kind": "hook_state", "at": 0.1, "src": "runner", "process": "com.example.app",
    "states": [{"state": "installed", "hooks": ["telephony.getImei"]}],
}  # fmt: skip
AGREED: list[Raw] = [
    {"kind": "window", "at": 1, "title": "隐私政策", "texts": ["请阅读《隐私政策》"], "buttons": ["同意", "不同意"]},
    {"kind": "tap", "at": 2, "label": "同意", "window": 1},
]  # fmt: skip
SENT: Raw = {"kind": "transmission", "at": 5, "flow": "f1", "scheme": "http", "port": 80, "client_port": 4001}
READ: Raw = {"kind": "api_call", "at": 15, "hook": "telephony.getImei", "data_type": "imei", "values": ["t"]}
JUDGED = ("COL-03", "SHR-03")


def late(flows: list[str], at: float = 16, n: int = 1, tag: str = "t") -> Raw:
    """A late match."""
    match = {"data_type": "imei", "form": "plain", "path": "body.json.x", "certainty": "found", "tag": tag}
    return {"kind": "late_match", "at": at, "src": "proxy:health", "match": match, "flows": flows, "n": n}


def beats(first: int, last: int) -> list[Raw]:
    """Time goes on."""
    return [{"kind": "step", "at": at, "verb": "idle", "label": "", "state": "ok"} for at in range(first, last)]


def recorded(path: Path, raws: list[Raw], schema: int = SCHEMA) -> Path:
    bundle = Bundle.create(path)
    for one in (event(raw, number) for number, raw in enumerate(raws, 1)):
        bundle.log.append(one)
    bundle.seal(Session(app=App(package="com.example.app"), packs=["cn"], schema=schema))
    return path


def judged(path: Path, raws: list[Raw]) -> tuple[Assessment, list[Transmission], list[Finding]]:
    """The log judged from the file, the messages that reports show, and what was found as the events came."""
    shown: set[str] = set()
    with Opened(recorded(path, raws), current=True) as opened:
        sent = [one for one in opened.events() if isinstance(one, Transmission)]
        live = Evaluation(
            opened.tables.rules(["cn"], ""), opened.declaration, opened.organisations, opened.sdks, opened.rows,
            on_finding=lambda one: shown.add(one.rule),
        )  # fmt: skip
        live.feed(opened.log.events())
        found = [one for one in live.close().findings if one.rule in JUDGED]
        assert live.unapplied
        assert {one.rule for one in found} == shown & set(JUDGED)
        return evaluate(opened), sent, found


def states(found: Assessment) -> dict[str, str]:
    return {line.id: line.state for line in found.coverage if line.line == "rule" and line.id in JUDGED}


def counts(found: list[Finding]) -> dict[str, int]:
    return {one.rule: one.count for one in found if one.rule in JUDGED}


@pytest.mark.parametrize("apart", [10, 100_000], ids=["ten seconds", "a day"])
def test_a_value_sent_before_consent_and_known_long_after_it(tmp_path: Path, apart: int) -> None:
    found = late(["f1"], 6 + apart)
    read, after = READ | {"at": 5 + apart}, beats(7 + apart, 40 + apart)
    consented = [AGREED[0] | {"at": 6}, AGREED[1] | {"at": 7}]
    assessment, sent, shown = judged(tmp_path / "b", [READY, SENT, *consented, *beats(8, 15), read, found, *after])
    assert counts(assessment.findings) == {"COL-03": 1, "SHR-03": 1} == counts(shown)
    assert {one.grade for one in assessment.findings if one.rule in JUDGED} == {"collection"}
    assert [[match.tag for match in one.matches] for one in sent] == [["t"]]


def test_its_lawful_twin_stays_silent(tmp_path: Path) -> None:
    sent = SENT | {"scheme": "https", "port": 443}
    assessment, _, shown = judged(tmp_path / "b", [READY, *AGREED, sent, *beats(8, 15), READ, late(["f1"])])
    assert counts(assessment.findings) == {} == counts(shown)
    assert states(assessment) == dict.fromkeys(JUDGED, "silent"), assessment.coverage


def test_nothing_is_said_twice(tmp_path: Path) -> None:
    """What was known at once of the same message, and a message without any value, are not judged again."""
    known = SENT | {"matches": [{"data_type": "imei", "tag": "t"}]}
    other, found = SENT | {"flow": "f2", "at": 5.5}, [late(["f2"]), late(["f1"], 17), late(["f2"], 18, tag="u")]
    raws = [READY, known, other, *beats(8, 15), *found, *beats(19, 60)]
    assessment, _, shown = judged(tmp_path / "b", raws)
    assert counts(assessment.findings) == {"COL-03": 2, "SHR-03": 2} == counts(shown)


def test_what_could_not_be_searched_for_later_values_is_no_silence(tmp_path: Path) -> None:
    sent = SENT | {"scheme": "https", "port": 443}
    ended = {"kind": "health", "at": 17, "src": "proxy:health", "component": "proxy", "what": "stopped"}
    raws = [READY, *AGREED, sent, *beats(8, 15), READ, late(["f1"])]
    for number, unsearched in enumerate(("0", "7", "²")):
        told = {"detail": {"unsearched": unsearched}}
        assessment, *_ = judged(tmp_path / str(number), [*raws, ended | told])
        assert states(assessment) == dict.fromkeys(JUDGED, "not_observable" if unsearched == "7" else "silent")


@pytest.mark.parametrize(
    ("place", "status"), [("body.json.x", "review"), ("body.json.y", "evidenced")], ids=["the same field", "another"]
)
def test_what_may_be_part_of_a_text_of_the_users_is_for_a_person(tmp_path: Path, place: str, status: str) -> None:
    """The user had copied a number, or typed it; only later the app reads that it is also the phone's."""
    text = SENT | {"scheme": "https", "matches": [{"data_type": "clipboard", "tag": "c", "path": place}]}
    raws = [READY, text, SENT | {"flow": "f2", "scheme": "https"}, *beats(8, 15), READ, late(["f1"]), *beats(18, 50)]
    assessment, *_ = judged(tmp_path / "b", raws)
    assert {one.status for one in assessment.findings if one.data_type == "imei" and one.rule == "COL-03"} == {status}


@pytest.mark.parametrize(
    "unapplied",
    [late(["other"]), late(["f1"], n=51), late([]), late(["f1", "other"], n=2)],
    ids=["no such message", "more messages than named", "none named", "one of two"],
)
def test_silence_has_no_witness_while_a_match_is_in_no_message(tmp_path: Path, unapplied: Raw) -> None:
    sent = SENT | {"scheme": "https", "port": 443}
    assessment, *_ = judged(tmp_path / "b", [READY, *AGREED, sent, *beats(8, 15), READ, unapplied])
    assert states(assessment) == dict.fromkeys(JUDGED, "not_observable")
    (line,) = (one for one in assessment.coverage if one.id == "COL-03")
    assert [one.code for one in line.reasons] == ["late_unapplied"]


def test_a_flood_of_matches_is_bounded_and_counted(tmp_path: Path) -> None:
    flood = [late(["f1"], 16 + number / 1000, tag=f"t{number}") for number in range(MATCHES + 3)]
    sent = SENT | {"scheme": "https", "port": 443}
    assessment, (message,), _ = judged(tmp_path / "b", [READY, *AGREED, sent, *beats(8, 15), READ, *flood])
    assert len(message.matches) == MATCHES
    (line,) = (one for one in assessment.coverage if one.id == "COL-03")
    assert [one.params for one in line.reasons if one.code == "late_unapplied"] == [{"n": "3"}]


def test_only_the_pieces_of_the_log_that_hold_some_are_read_for_them(tmp_path: Path) -> None:
    raws = [READY, SENT, *beats(8, 3000), late(["f1"], 3001)]
    with Opened(recorded(tmp_path / "b", raws), current=True) as opened:
        assert [one.seq for one in opened.log.late_matches(3)] == [len(raws)]
        assert opened.log.read.cache_info().misses == 1
        assert opened.log.read(4).lines  # there are more


def test_logs_of_an_earlier_version_told_it_otherwise(tmp_path: Path) -> None:
    told = {"data_type": "imei", "form": "plain", "path": "body.json.x", "tag": "t", "flow": "f1"}
    found = {"kind": "health", "at": 16, "component": "proxy", "what": "late_needle", "detail": told, "n": 1}
    with Opened(recorded(tmp_path / "b", [READY, SENT, READ, found], 2), current=True) as opened:
        assert counts(evaluate(opened).findings) == {"COL-03": 1, "SHR-03": 1}
