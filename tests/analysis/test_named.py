"""What the words of a switch or a consent name: scopes and data types, and what only sounds alike."""

from __future__ import annotations

import pytest

from monitor.analysis.consent.named import switched, topics_named, types_named, without_lists
from monitor.analysis.consent.text import pattern, plain
from tests.analysis.phrases import PHRASES


@pytest.mark.parametrize(
    ("name", "scope", "clear"),
    [(name, group["scope"], group["clear"]) for group in PHRASES["switches"] for name in group["names"]],
)
def test_which_scope_a_switch_stands_for_and_how_clearly(name: str, scope: str, clear: bool) -> None:
    assert switched(name) == (name if scope == "other" else scope, clear)


@pytest.mark.parametrize(("text", "types"), PHRASES["data_types"])
def test_data_types_by_their_words(text: str, types: list[str]) -> None:
    """What is typed in is named in every form: its words count only where data is collected."""
    assert types_named(text) == set(types)


@pytest.mark.parametrize(("text", "shared"), PHRASES["lists"])
def test_the_name_of_a_list_shares_nothing_and_a_sentence_that_ends_in_one_does(text: str, shared: bool) -> None:
    assert ("share" in topics_named(without_lists(plain(text)))) is shared


@pytest.mark.parametrize(("text", "left"), PHRASES["works"])
def test_a_line_of_titles_of_works_names_no_document(text: str, left: str) -> None:
    assert pattern("works").sub("", text) == left
