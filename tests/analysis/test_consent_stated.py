"""A consent in words that nobody listed: the operator's statement counts, and without one nothing is held against the
app."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.consent.requests import rows
from monitor.analysis.consent.text import label
from monitor.analysis.consent.tracker import ConsentTracker, read_consent
from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules
from monitor.events import Event
from monitor.knowledge.lexicon import LEXICON
from monitor.knowledge.wordlists import TABLES, using
from tests.analysis.played import play

RULES = load_rules()
#: One and the same app: its notice with the two controls, its question about the position, in other words each time.
WORDINGS = [
    ("隐私政策提示", "请阅读并同意《隐私政策》", "同意并继续", "不同意",
     "位置信息单独同意", "用于推荐附近门店", "同意"),
    ("启程之前", "先看看我们怎么照看你托付的点点滴滴", "出发吧", "先逛逛",
     "离你最近的店", "告诉我们你在哪儿，才好指路，不说也能逛", "告诉你们"),
    ("個人資料說明", "在您開始之前，請先了解我們如何對待您的資料", "進入", "離開",
     "所在之處", "為您尋找左近的店鋪，需要曉得您身在何處", "可以"),
    ("", "《用户须知》与《资料说明》已备好，点击下方即表示您都清楚了", "我都清楚了，开启", "再想想",
     "附近", "想知道你周围有什么吗，我们需要看一眼你的所在", "看吧"),
    ("Before we set off", "Here is how we look after what you entrust to us. Take a minute to read it.", "Let's go",
     "Not for me", "Around you", "To point you to a shop nearby we need to know whereabouts you are.", "Fine by me"),
    ("Welcome", "We wrote down what happens to the things you tell us, in plain words.", "Got it, continue", "Bye",
     "Nearest shop", "Shall we find out where you are to show what is close to you?", "Find me"),
]  # fmt: skip


def session(words: tuple[str, ...], *, stated: bool, refuse: bool = False, early: bool = False) -> list[Event]:
    """Notice, answer, a read and a transfer; question about the position, answer, a read of it."""
    title, text, yes, no, place, why, fine = words
    raws: list[dict[str, Any]] = [
        {"kind": "lifecycle", "at": 0, "what": "installed"},
        {"kind": "lifecycle", "at": 0.5, "what": "activity_resumed"},
        {"kind": "window", "at": 1, "title": title, "texts": [text], "buttons": [yes, no]},
        {"kind": "step", "at": 2, "verb": "consent", "state": "started"},
        {"kind": "tap", "at": 2.4, "label": no if refuse else yes, "via": "runner", "src": "runner", "err": 20},
        {"kind": "tap", "at": 2.41, "label": no if refuse else yes, "window": 1},
        {"kind": "window", "at": 2.5, "action": "hidden"},
        {"kind": "consent", "at": 4, "scope": "policy", "state": "denied" if refuse else "granted"},
        {"kind": "step", "at": 4.01, "verb": "consent", "state": "ok"},
        {"kind": "api_call", "at": 3.5, "data_type": "imei"},
        {"kind": "window", "at": 20, "window": 2, "title": place, "texts": [why], "buttons": [fine, "不了"]},
        {"kind": "step", "at": 21, "verb": "consent", "state": "started"},
        {"kind": "tap", "at": 21.39, "label": fine, "via": "runner", "src": "runner", "err": 20},
        {"kind": "tap", "at": 21.4, "label": fine, "window": 2},
        {"kind": "consent", "at": 22.5, "scope": "sensitive:location", "state": "granted"},
        {"kind": "step", "at": 22.6, "verb": "consent", "state": "ok"},
        {"kind": "api_call", "at": 25, "data_type": "location"},
        {"kind": "transmission", "at": 26, "matches": ["location"]},
    ]
    kept = [raw for raw in raws if stated or raw["kind"] not in ("consent", "step")]
    if early:
        kept.append({"kind": "api_call", "at": 1.5, "data_type": "android_id"})
    kept.sort(key=lambda raw: raw["at"])
    return [event(raw, number) for number, raw in enumerate(kept, 1)]


def about_consent(found: Assessment) -> set[tuple[str, str, str]]:
    rules = {rule.id for rule in RULES if any(p.scopes for p in rule.text.match)} | {"CON-01"}
    return {(f.rule, f.data_type, f.status) for f in found.findings if f.rule in rules}


@pytest.mark.parametrize("words", WORDINGS, ids=[words[2] for words in WORDINGS])
def test_the_same_app_in_other_words_is_the_same_with_the_operators_statement(words: tuple[str, ...]) -> None:
    agreed = about_consent(analyse(session(words, stated=True), RULES))
    assert agreed == about_consent(analyse(session(WORDINGS[0], stated=True), RULES))
    assert not [f for f in agreed if f[2] == "evidenced"]
    refused = about_consent(analyse(session(words, stated=True, refuse=True), RULES))
    assert refused == about_consent(analyse(session(WORDINGS[0], stated=True, refuse=True), RULES))
    assert ("COL-04", "imei", "evidenced") in refused


@pytest.mark.parametrize("words", WORDINGS, ids=[words[2] for words in WORDINGS])
def test_without_a_statement_nothing_that_an_unread_dialog_may_allow_is_evidenced(
    words: tuple[str, ...],
) -> None:
    found = analyse(session(words, stated=False), RULES)
    assert not [f for f in about_consent(found) if f[2] == "evidenced"]


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
    raws: list[dict[str, Any]] = [
        {"kind": "window", "at": 1, "title": "单独同意：统计", "texts": ["需要读取 Android ID 和运营商信息，可选"],
         "buttons": ["不同意", "同意"]},
        {"kind": "step", "at": 2, "verb": "consent", "state": "started"},
        {"kind": "tap", "at": 2.39, "label": "同意", "via": "runner", "src": "runner", "err": 20},
        {"kind": "tap", "at": 2.4, "label": "同意", "window": 1},
        {"kind": "consent", "at": 3, "scope": stated, "state": "granted"},
        {"kind": "step", "at": 3.1, "verb": "consent", "state": "ok"},
    ]  # fmt: skip
    tracker = read_consent([event(raw, number) for number, raw in enumerate(raws, 1)])
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
        return play(*example["session"])
    raws: list[dict[str, Any]] = []
    window = {"kind": "window", "at": 10, "window": 2, "title": example["title"], "texts": _parts(example, "texts"),
              "buttons": _parts(example, "buttons")}  # fmt: skip
    if before := example.get("before"):
        raws += [
            {"kind": "window", "at": 1, "title": "隐私政策", "texts": ["请阅读"], "buttons": ["同意", "不同意"]},
            {"kind": "tap", "at": 3, "label": {"granted": "同意", "denied": "不同意"}[before], "window": 1},
            {"kind": "window", "at": 4, "window": 1, "action": "hidden"},
        ]
    if word := example.get("put_off"):
        raws += [
            {"kind": "window", "at": 7, "title": "隐私政策", "texts": ["请阅读"], "buttons": ["接受", word]},
            {"kind": "tap", "at": 9, "label": word, "window": 1},
            {"kind": "window", "at": 9.1, "window": 1, "action": "hidden"},
        ]
    if "question" in example:
        raws += [{"kind": "tap", "at": 9, "label": "撤回同意", "window": 9}]
    if "stated" in example:
        raws += [{"kind": "consent", "at": 9.5, "scope": "policy", "state": example["stated"], "via": "scenario"}]
    raws += [window]
    if "ticked" in example:
        raws += [{"kind": "tap", "at": 11, "label": "同意《隐私政策》", "checked": "on", "window": 2}]
    tap = {"label": example["tap"], "checked": example.get("checked", ""), "view": example.get("view", "")}
    raws += [{"kind": "tap", "at": 12, "window": 2, **tap}]
    return read_consent(event(raw, number) for number, raw in enumerate(raws, 1))


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
