"""The vocabulary of privacy policies (``policy_words.yaml``) as patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from monitor.yamlfile import load

_FILE = Path(__file__).resolve().parent / "policy_words.yaml"


@cache
def words() -> Mapping[str, Any]:
    """The table."""
    data = load(_FILE)
    assert isinstance(data, dict)
    return data


def plain(text: str) -> str:
    """Width and case removed, blanks between Chinese characters too."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])", "", " ".join(text.split()))


def pattern(of: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, whole words where they are Latin, singular or plural; longer ones first."""
    parts = []
    for word in sorted({plain(w) for w in of}, key=len, reverse=True):
        escaped = re.escape(word)
        parts.append(rf"(?<![a-z0-9]){escaped}s?(?![a-z0-9])" if word.isascii() else escaped)
    return re.compile("|".join(parts) or r"(?!)")


@cache
def patterns(group: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a group: name to pattern. Sections keep only their words."""
    table = words()[group]
    return {name: pattern(entry["words"] if isinstance(entry, dict) else entry) for name, entry in table.items()}


@cache
def listed(group: str) -> re.Pattern[str]:
    """The pattern of a plain list."""
    return pattern(words()[group])


def data_types(text: str) -> list[str]:
    """Data type ids that a text names, in the order of the vocabulary."""
    plain_text = plain(text[:20_000])
    return [name for name, one in patterns("types").items() if one.search(plain_text)]
