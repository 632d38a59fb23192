"""Reasons of coverage: every code has its words in both languages, with the code's own parameters."""

from __future__ import annotations

import string

import pytest

from monitor.text import LANGUAGES, catalogue
from monitor.text.reasons import PARAMETERS, Code, Coverage, Reason, line_words, reason, said
from tests.each import each


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_its_words(lang: str) -> None:
    each(has_words, ((code, lang) for code in Code))


def has_words(code: Code, lang: str) -> None:
    wanted = PARAMETERS.get(code, frozenset())
    assert fields(catalogue(lang)[f"reason.{code}"]) == wanted
    assert said([reason(code, **{name: "7" for name in wanted})], lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_without_a_code(lang: str) -> None:
    keys = {key.removeprefix("reason.") for key in catalogue(lang) if key.startswith("reason.")}
    assert keys == {code.value for code in Code}


def test_parameters_that_are_not_the_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="hosts"):
        reason(Code.UNREADABLE, n="2")


def test_what_another_version_or_a_stranger_wrote_is_shown_as_it_is() -> None:
    assert said([Reason("from_the_future"), Reason("no_tap")], "en") == "from_the_future; no tap was observed"
    assert said([Reason("unreadable", {"n": "1"})], "en") == "unreadable"
    assert line_words(Coverage(line="rule", id="X", state="silent", why="as it was"), "zh") == "as it was"
