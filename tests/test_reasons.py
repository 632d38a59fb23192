"""Reasons of coverage: every code has its words in both languages, with the code's own parameters."""

from __future__ import annotations

import string

import pytest

from monitor.text import LANGUAGES, catalogue
from monitor.text.reasons import Code, Coverage, Reason, line_words, parameters, reason, said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_its_words_with_its_parameters_and_no_words_are_without_a_code(lang: str) -> None:
    texts = {key.removeprefix("reason."): text for key, text in catalogue(lang).items() if key.startswith("reason.")}
    assert texts.keys() == set(Code)
    for code in Code:
        fields = {name for _, name, _, _ in string.Formatter().parse(texts[code]) if name}
        assert fields == parameters(code), code
        assert said([reason(code, **dict.fromkeys(fields, "7"))], lang), code


def test_parameters_that_are_not_the_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="hosts"):
        reason(Code.UNREADABLE, n="2")


def test_what_another_version_or_a_stranger_wrote_is_shown_as_it_is() -> None:
    assert said([Reason("from_the_future"), Reason("no_tap")], "en") == "from_the_future; no tap was observed"
    assert said([Reason("unreadable", {"n": "1"})], "en") == "unreadable"
    assert line_words(Coverage(line="rule", id="X", state="silent", why="as it was"), "zh") == "as it was"
