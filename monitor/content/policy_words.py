"""The vocabulary of privacy policies (``policy_words.yaml``) as patterns."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from monitor.base import yamlfile

_SLOT, _SLOT_LATIN = r"[^。;!?]{0,20}", r"[^.;!?]{0,60}"
_NUMBER = r" ?[\d〇零一二三四五六七八九十百]{1,6} ?"
#: Small letters of other scripts that look like Latin ones: nobody who reads them sees a difference.
_ALIKE = str.maketrans("асеорхуѕіјһԁԛԝӏνορɑ", "aceopxysijhdqwlvopa")
_FILE, _EXPRESSIONS = (Path(__file__).resolve().parent / name for name in ("policy_words.yaml", "expressions.yaml"))


def words() -> Mapping[str, Any]:
    """The table."""
    return yamlfile.own_table(_FILE)


def regex(name: str) -> re.Pattern[str]:
    """What no list of words says, by its name in ``expressions.yaml``."""
    return yamlfile.regex(_EXPRESSIONS, name)


def plain(text: str) -> str:
    """Width and case normalised, blanks between Chinese characters removed."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)
    return re.sub(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])", "", " ".join(text.split()))


def pattern(of: Iterable[str]) -> re.Pattern[str]:
    """Any of the words: whole words for Latin script, singular or plural; longer ones first. In a word, ``…`` stands
    for a few words of the same sentence, ``#`` for a number, a Latin one that ends in ``*`` is the stem of longer ones,
    and the characters after ``¬`` must not follow it."""
    return re.compile("|".join(_expression(word) for word in sorted(set(of), key=len, reverse=True)) or r"(?!)")


def _expression(given: str) -> str:
    word, _, others = given.partition("¬")
    latin = word.replace("…", "").isascii()
    between = {"…": _SLOT_LATIN if latin else _SLOT, "#": _NUMBER}
    pieces = re.split("([…#])", word.removesuffix("*"))
    read = "".join(between.get(piece) or re.escape(simplified(plain(piece))) for piece in pieces)
    end = "" if word.endswith("*") or not latin else "s?(?![a-z0-9])"
    return ("(?<![a-z0-9])" if latin else "") + read + end + (f"(?![{re.escape(others)}])" if others else "")


def simplified(text: str) -> str:
    """Traditional characters of the vocabulary as simplified ones."""
    return text.translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in words()["traditional"].split()}


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
