"""Text as it is compared, the word lists as patterns, and what a control does, by the words on it."""

from __future__ import annotations

import pytest

from monitor.analysis.consent.text import Meaning, closes, contrary, label, one_pattern, plain
from tests.analysis.phrases import PHRASES


@pytest.mark.parametrize("text, meaning, clear", PHRASES["labels"])
def test_labels(text: str, meaning: str, clear: bool) -> None:
    assert label(text) == Meaning(meaning, clear)


@pytest.mark.parametrize("text", PHRASES["closing_labels"])
def test_a_label_of_nothing_but_refusals_closes(text: str) -> None:
    assert closes(text)


@pytest.mark.parametrize("text", PHRASES["labels_that_say_more"])
def test_a_label_that_says_more_may_request_something(text: str) -> None:
    assert not closes(text)


@pytest.mark.parametrize(("controls", "refuses"), PHRASES["contraries"])
def test_a_control_refuses_what_another_says_without_the_negation(controls: list[str], refuses: str) -> None:
    assert contrary(controls) == ({refuses} if refuses else set())


def test_a_long_label_is_read_in_linear_time() -> None:
    assert not closes("暂不稍后再说" * 600 + "打开")


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("ＡＧＲＥＥ", "agree"),
        ("暂 不 同\u200b意", "暂不同意"),
        ("僅瀏覽模式", "仅浏览模式"),
        ("Don’t  allow\n", "don't allow"),
        ("同意 and 继续", "同意 and 继续"),
    ],
)
def test_width_case_spacing_and_traditional_characters_do_not_count(text: str, compared: str) -> None:
    assert plain(text) == compared


def test_what_is_beyond_the_limit_is_not_read() -> None:
    assert "同意" not in plain("字" * 4000 + "同意")


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("向…提供", "向合作伙伴提供", True),
        ("向…提供", "向前走。提供", False),
        ("向…提供", "向" + "字" * 25 + "提供", False),
        ("share…with", "share it with us", True),
        ("share…with", "share it. with us", False),
        ("ok", "ok!", True),
        ("ok", "book", False),
        ("训练¬营", "训练模型", True),
        ("训练¬营", "训练营", False),
    ],
)
def test_a_gap_stays_in_a_sentence_latin_words_are_whole_and_some_characters_must_not_follow(
    word: str, text: str, found: bool
) -> None:
    assert bool(one_pattern([word]).search(text)) is found
