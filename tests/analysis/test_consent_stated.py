"""A consent in words that nobody listed: the operator's statement counts, and without one nothing is held against the
app."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.consent.requests import rows
from monitor.analysis.consent.text import label
from monitor.analysis.consent.tracker import ConsentTracker
from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.rules.load import load_rules
from monitor.events import Event
from monitor.knowledge.lexicon import LEXICON
from monitor.knowledge.wordlists import TABLES, using
from tests.analysis import played
from tests.analysis.phrases import PHRASES

RULES = load_rules()
WORDINGS: list[list[str]] = PHRASES["wordings"]


def session(words: Sequence[str], *, stated: bool, refuse: bool = False, early: bool = False) -> list[Event]:
    """Notice, answer, a read and a transfer; question about the position, answer, a read of it."""
    title, text, yes, no, place, why, fine = words
    answer, state = (no, "denied") if refuse else (yes, "granted")
    lines = [
        "0 installed",
        "0.5 activity_resumed",
        f"1 dialog {title} | {text} | {yes} / {no}",
        *(["1.5 reads android_id"] if early else []),
        "2 step consent started",
        f"2.4 touch {answer} {{err: 20}}",
        f"2.41 tap @1 {answer}",
        "2.5 hidden",
        "3.5 reads imei",
        f"4 says policy {state}",
        "4.01 step consent ok",
        f"20 dialog @2 {place} | {why} | {fine} / 不了",
        "21 step consent started",
        f"21.39 touch {fine} {{err: 20}}",
        f"21.4 tap @2 {fine}",
        "22.5 says sensitive:location granted",
        "22.6 step consent ok",
        "25 reads location",
        "26 sends location",
    ]
    return played.session(*(line for line in lines if stated or line.split(" ")[1] not in ("says", "step")))


def about_consent(found: Assessment) -> set[tuple[str, str, str]]:
    rules = {rule.id for rule in RULES if any(p.scopes for p in rule.text.match)} | {"CON-01"}
    return {(f.rule, f.data_type, f.status) for f in found.findings if f.rule in rules}


@pytest.mark.parametrize("words", WORDINGS, ids=[words[2] for words in WORDINGS])
def test_the_same_app_in_other_words_is_the_same_with_the_operators_statement(words: list[str]) -> None:
    """And without one, nothing that a dialog may allow that could not be read is evidenced."""
    agreed = about_consent(analyse(session(words, stated=True), RULES))
    assert agreed == about_consent(analyse(session(WORDINGS[0], stated=True), RULES))
    assert not [f for f in agreed if f[2] == "evidenced"]
    refused = about_consent(analyse(session(words, stated=True, refuse=True), RULES))
    assert refused == about_consent(analyse(session(WORDINGS[0], stated=True, refuse=True), RULES))
    assert ("COL-04", "imei", "evidenced") in refused
    unread = about_consent(analyse(session(words, stated=False), RULES))
    assert not [f for f in unread if f[2] == "evidenced"]


def test_what_cannot_be_read_is_listed_with_what_would_settle_it() -> None:
    found = analyse(session(WORDINGS[1], stated=False), RULES)
    first = next(f for f in found.findings if f.rule == "COL-01")
    assert (first.status, first.guards[-1]) == ("inconclusive", "not_read")
    notes = [line for line in found.coverage if line.id == "unread_dialog"]
    assert [note.detail["control"] for note in notes] == ["出发吧", "告诉你们"]
    assert notes[0].detail["settle"] == '- consent: {scope: "policy", decision: accept, tapOn: "出发吧"}'
    assert first.detail["unread"] in map(str, notes[0].events)
    line = next(line for line in found.coverage if line.id == "COL-01")
    assert (line.state, line.why) == ("inconclusive", "a dialog could not be read")
    found = analyse(session(WORDINGS[1], stated=False, early=True), RULES)
    assert "evidenced" in {f.status for f in found.findings if f.data_type == "android_id"}, "there was no answer yet"


@pytest.mark.parametrize(("stated", "clear"), [("sensitive:android_id", True), ("policy", False)])
def test_what_a_dialog_asks_for_besides_is_agreed_to_where_it_was_understood(stated: str, clear: bool) -> None:
    question = "1 dialog @1 单独同意：统计 | 需要读取 Android ID 和运营商信息，可选 | 不同意 / 同意"
    tracker = played.play(
        question, "2 step consent started", "2.4 tap @1 同意", f"3 says {stated} granted", "3.1 step consent ok"
    )
    mark = tracker.lines.scopes["sensitive:sim_op"].marks[-1]
    assert (mark.state, mark.clear) == ("granted", clear)


def test_a_statement_that_contradicts_the_words_is_noted_and_leaves_doubt() -> None:
    words = WORDINGS[0]
    found = analyse(session((*words[:2], words[3], words[2], *words[4:]), stated=True), RULES)
    assert "consent_hint_differs" in {line.id for line in found.coverage}
    assert not [f for f in about_consent(found) if f[2] == "evidenced"]


def _parts(example: dict[str, Any], name: str) -> list[str]:
    return [part.strip() for part in example.get(name, "").split("/") if part.strip()]


def _followed(example: dict[str, Any]) -> ConsentTracker:
    if "session" in example:
        return played.play(*example["session"])
    lines: list[Any] = []
    if before := example.get("before"):
        lines += [{"granted": "agreed", "denied": "refused"}[before], "4 hidden @1"]
    if word := example.get("put_off"):
        lines += [f"7 dialog @1 隐私政策 | 请阅读 | 接受 / {word}", f"9 tap @1 {word}", "9.1 hidden @1"]
    if "question" in example:
        lines += ["9 tap @9 撤回同意"]
    if "stated" in example:
        lines += [f"9.5 says policy {example['stated']}"]
    window = {name: _parts(example, name) for name in ("texts", "buttons")} | {"title": example["title"]}
    lines += [{"kind": "window", "at": 10, "window": 2, **window}]
    if "ticked" in example:
        lines += ["11 on @2 同意《隐私政策》"]
    tap = {"label": example["tap"], "checked": example.get("checked", ""), "view": example.get("view", "")}
    return played.play(*lines, {"kind": "tap", "at": 12, "window": 2, **tap})


ROWS = [*rows("meanings"), *rows("decisions")]


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_each_row_of_the_table_does_what_its_example_says(row: Any) -> None:
    assert set(row.means) == {"en", "zh"}
    tracker = _followed(row.example)
    line = tracker.lines.timeline(row.example["scope"])
    assert line is not None
    assert line.marks[-1].state == row.example["state"]
    record = [*tracker.records.values()][-1]
    assert row.id in (record.meaning, record.row)


def test_every_table_is_of_its_own_kind_so_that_a_recordings_copy_can_be_used(tmp_path: Path) -> None:
    shutil.copytree(TABLES, tmp_path / "words")
    shutil.copytree(LEXICON, tmp_path / "words", dirs_exist_ok=True)
    with (tmp_path / "words" / "zh.tsv").open("a", encoding="utf-8") as words:
        words.write("出发吧\taccept\tclear\n")
    with using(tmp_path / "words"):
        assert rows() and label("出发吧").meaning == "accept"
    assert label("出发吧").meaning == ""
