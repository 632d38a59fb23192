"""Words, windows, taps, statements: what moves the consent timeline and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.consent.tracker import Label
from monitor.base.yamlfile import load
from tests.analysis.played import cases, outcome, play

TABLE: dict[str, dict[str, Any]] = load(Path(__file__).with_name("consent.yaml"))
STATED = ("4 says policy granted", "5 step consent ok")
HOW = {"=>": str.__eq__, "@>": str.__eq__, "~>": str.__contains__}


@pytest.mark.parametrize("name", TABLE)
def test_what_comes_of_a_session(name: str) -> None:
    wrong = []
    for *lines, expected in cases(TABLE[name]):
        how, _, wanted = expected.partition(" ")
        came = outcome(play(*lines, recipients=TABLE[name].get("recipients")), timed=how == "@>")
        if not HOW[how](came, wanted):
            wrong.append(f"{lines} {expected}, came {came}")
    assert not wrong, "\n".join(wrong)


def test_a_switch_that_was_kept_is_known_to_have_been_kept() -> None:
    switched = ["8 on @5 个性化广告", "10 off @5 个性化广告"]
    question = "10.2 dialog @7 | 关闭后广告数量不变，是否关闭？ | 再想想 / 仍要关闭"
    assert not play(*switched, question, "12 tap @7 再想想").notices.asked
    assert play(*switched, question.replace("10.2", "30"), "32 tap @7 再想想").kept_on == {}


def test_a_contradiction_is_noted_with_both_and_the_refusal_that_was_read_is_gone() -> None:
    tracker = play("notice", "2 step consent started", "3 tap @1 不同意", *STATED)
    (note,) = tracker.close()
    assert note.detail == {"scope": "policy", "stated": "granted", "observed": "denied"}
    assert not tracker.lines.refused


def test_a_persons_label_names_who_gave_it_and_nothing_takes_the_marks_back() -> None:
    label = Label("policy", "denied", "A. Tester", "2026-11-25T00:00:00Z")
    tracker = play("agreed", labels={2: (label,)})
    (note,) = tracker.close()
    assert note.detail["by"] == "A. Tester" and note.detail["observed"] == "granted"
    assert outcome(tracker, timed=True).startswith("policy shown 1, policy denied? (labelled) 3")
    cleared = play("agreed", labels={2: (label._replace(state="nothing"),)})
    assert outcome(cleared) == "policy shown"


def test_the_mark_names_tap_window_and_statement() -> None:
    tracker = play("notice", "2 step consent started", "3 tap @1 同意", *STATED)
    assert tracker.lines.scopes["policy"].marks[-1].events == (1, 3, 4, 6)
    assert tracker.notices.stated == {1}, "the window was the policy's notice"
    other = play("notice", "2 step consent started", "3 tap @1 同意", "4 says account granted", STATED[1])
    assert other.notices.stated == set()
