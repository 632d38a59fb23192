"""Words, windows, taps: what moves the consent timeline and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.base.yamlfile import load
from tests.analysis.played import outcome, play

TABLE: dict[str, dict[str, Any]] = load(Path(__file__).with_name("consent.yaml"))


def cases(group: dict[str, Any]) -> Iterator[list[str]]:
    """The lines of each case, the expected outcome last, with each row's words in place."""
    for row in group.get("each", [[]]):
        for case in group["cases"]:
            lines = [*group.get("before", []), *case]
            for number, words in reversed([*enumerate(row, 1)]):
                lines = [line.replace(f"${number}", words) for line in lines]
            yield lines


@pytest.mark.parametrize("name", TABLE)
def test_what_comes_of_a_session(name: str) -> None:
    wrong = []
    for *lines, expected in cases(TABLE[name]):
        came = outcome(play(*lines, recipients=TABLE[name].get("recipients")))
        how, _, wanted = expected.partition(" ")
        if came != wanted if how == "=>" else wanted not in came:
            wrong.append(f"{lines} {expected}, came {came}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("taps", [["3 touch 同意", "3.1 tap @1 同意"], ["3.1 tap @1 同意", "3 touch 同意"]])
def test_two_witnesses_of_one_tap_are_one_and_the_hook_gives_the_time(taps: list[str]) -> None:
    granted = [m for m in play("notice", *taps).lines.scopes["policy"].marks if m.state == "granted"]
    assert [mark.src for mark in granted] == ["hooks:100"]


def test_a_switch_that_was_kept_is_known_to_have_been_kept() -> None:
    switched = ["8 on @5 个性化广告", "10 off @5 个性化广告"]
    question = "10.2 dialog @7 | 关闭后广告数量不变，是否关闭？ | 再想想 / 仍要关闭"
    assert not play(*switched, question, "12 tap @7 再想想").notices.asked
    assert play(*switched, question.replace("10.2", "30"), "32 tap @7 再想想").kept_on == {}
