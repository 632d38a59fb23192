"""Text as it is compared, the word lists as patterns, and what controls, switches and windows mean by their words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from monitor.analysis.consent.named import switched, topics_named, types_named, without_lists
from monitor.analysis.consent.text import Meaning, closes, contrary, label, one_pattern, pattern, plain
from monitor.analysis.consent.tracker import read_consent
from monitor.analysis.explain.blocks import permission_words
from monitor.analysis.rules.facts.rgt import cancels_account, closing_keeps, closing_slow, odd_demand
from tests.analysis.phrases import PHRASES
from tests.analysis.played import session


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


@pytest.mark.parametrize(("text", "compared"), PHRASES["as_compared"])
def test_width_case_spacing_and_traditional_characters_do_not_count(text: str, compared: str) -> None:
    assert plain(text) == compared


def test_what_is_beyond_the_limit_is_not_read() -> None:
    assert "同意" not in plain("字" * 4000 + "同意")


@pytest.mark.parametrize(("word", "text", "found"), PHRASES["gaps"])
def test_a_gap_stays_in_a_sentence_latin_words_are_whole_and_some_characters_must_not_follow(
    word: str, text: str, found: bool
) -> None:
    assert bool(one_pattern([word]).search(text)) is found


@pytest.mark.parametrize(
    ("name", "scope", "clear"),
    [(name, group["scope"], group["clear"]) for group in PHRASES["switches"] for name in group["names"]],
)
def test_which_scope_a_switch_stands_for_and_how_clearly(name: str, scope: str, clear: bool) -> None:
    assert switched(name) == (name if scope == "other" else scope, clear)


@pytest.mark.parametrize(("text", "types"), PHRASES["data_types"])
def test_data_types_by_their_words(text: str, types: list[str]) -> None:
    assert types_named(text) == set(types)


@pytest.mark.parametrize(("text", "shared"), PHRASES["lists"])
def test_the_name_of_a_list_shares_nothing_and_a_sentence_that_ends_in_one_does(text: str, shared: bool) -> None:
    assert ("share" in topics_named(without_lists(plain(text)))) is shared


@pytest.mark.parametrize(("text", "left"), PHRASES["works"])
def test_a_line_of_titles_of_works_names_no_document(text: str, left: str) -> None:
    assert pattern("works").sub("", text) == left


@pytest.mark.parametrize(("text", "speaks"), PHRASES["closing"])
def test_what_closing_an_account_takes(text: str, speaks: str) -> None:
    (shown,) = session({"kind": "window", "texts": [text]})
    context: Any = SimpleNamespace(consent=read_consent([shown]))
    assert cancels_account(shown, context)
    told = {"d": odd_demand(shown), "s": closing_slow(shown), "k": closing_keeps(shown)}
    assert "".join(name for name, holds in told.items() if holds) == speaks


@pytest.mark.parametrize(("noted", "en", "zh"), PHRASES["permission_words"])
def test_levels_and_alternatives_of_permissions(noted: str, en: str, zh: str) -> None:
    assert (permission_words(noted, "en"), permission_words(noted, "zh")) == (en, zh)
