"""Sentences that the code says in English, in the reader's language: recognised by the English text of a group."""

import re
from functools import cache
from string import Formatter

from monitor.text import catalogue, t


def retold(group: str, said: str, lang: str) -> str:
    """The sentence in ``lang`` if the group has it; else as it was said. Values in it are kept.

    >>> retold("said", "no such format: pdff", "zh")
    '没有这种格式：pdff'
    """
    if lang == "en":
        return said
    for pattern, key in _patterns(group):
        if found := pattern.fullmatch(said):
            return t(key, lang, **found.groupdict())
    return said


@cache
def _patterns(group: str) -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(_pattern(text), re.DOTALL), key)
        for key, text in catalogue("en").items()
        if key.startswith(f"{group}.")
    ]


def _pattern(text: str) -> str:
    """A text of the catalogue as a pattern: each value is any text that is not empty."""
    return "".join(
        re.escape(literal) + (f"(?P<{name}>.+?)" if name else "") for literal, name, _, _ in Formatter().parse(text)
    )
