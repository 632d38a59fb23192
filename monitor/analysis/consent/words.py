"""Text as it is compared, and the word lists as patterns for it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from monitor.knowledge.lexicon import Phrase, expanded
from monitor.knowledge.wordlists import derived, phrases, table

_MAX = 4000
_SHORT = 200
_SLOT, _SLOT_LATIN = r"[^。;；\n]{0,24}", r"[^.。;；\n]{0,80}"
_END = r"(?![a-z0-9'])"
#: A law that a text refers to: no document of the app's.
_LAW = re.compile("《[^》]{2,30}(?:法|条例|办法|保护规定|实施细则)》")
#: What is said of one thing: 无需登录 of 无需登录，同意并继续 says nothing of the agreement.
CLAUSE = re.compile(r"[,;|·]| [-–—] ")
#: Punctuation and arrows around a label.
_AROUND = " .。…>›»→!！:："
_SPACED = re.compile(r"(?<=[\u2e80-\u9fff]) (?=[\u2e80-\u9fff])")


def plain(text: str) -> str:
    """Text with width, case, quotes, invisible characters, spacing (entirely removed between Chinese characters) and
    traditional characters normalised, without the names of laws."""
    return _remembered(text) if len(text) <= _SHORT else _plain(text)


@derived
@lru_cache(4096)
def _remembered(text: str) -> str:
    """Labels and titles come again and again."""
    return _plain(text)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:_MAX]).casefold().replace("’", "'")
    text = _SPACED.sub("", " ".join(text.translate(_characters()).split()))
    return _LAW.sub("", text) if "《" in text else text


class _Characters(dict[int, int | str | None]):
    """How each character is compared: as itself, simplified, or (None) not at all; looked up once."""

    def __missing__(self, code: int) -> int | None:
        found = self[code] = None if unicodedata.category(chr(code)) == "Cf" else code
        return found


@derived
@cache
def _characters() -> _Characters:
    """The traditional (and regional) characters of the words here become simplified ones."""
    return _Characters({ord(pair[0]): pair[1] for pair in table("characters")["traditional"].split()})


def one_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all words; ``…`` in a word matches up to 24 characters (80 Latin ones) within one sentence, a
    Latin one that ends in ``*`` is the stem of longer ones, and the characters after ``¬`` must not follow it."""
    return re.compile("|".join(map(_alternative, words)) or r"(?!)")


def _alternative(given: str) -> str:
    word, _, others = given.partition("¬")
    unless = f"(?![{re.escape(plain(others))}])" if others else ""
    stem = word.endswith("*")
    word = word.removesuffix("*")
    latin = word.replace("…", "").isascii()
    escaped = (_SLOT_LATIN if latin else _SLOT).join(re.escape(plain(part)) for part in word.split("…"))
    return (rf"(?<![a-z0-9']){escaped}{'' if stem else _END}" if latin else escaped) + unless


@derived
@cache
def pattern(*place: str) -> re.Pattern[str]:
    """The phrases of an act, with its group or strength if it has any, as one pattern for ``plain`` text."""
    return re.compile("|".join(map(_source, phrases()[place])) or r"(?!)")


def regex(act: str) -> re.Pattern[str]:
    """The expressions of an act, for ``plain`` text."""
    return pattern(act)


def _source(phrase: Phrase) -> str:
    if not phrase.expression:
        return _alternative(phrase.text)
    return expanded(phrase.expression, _expressions())


@derived
@cache
def _expressions() -> dict[str, list[str]]:
    return {place[0]: [one.expression for one in found] for place, found in phrases().items()}


def spoken(way: Mapping[str, Any], text: str) -> str:
    """The words that make a speech act in one of its ways in a plain text, empty if none do: of ``any`` of its terms,
    where one of ``and`` is there as well and none of ``unless``; what is ``without`` is left out of the text first."""
    for name in way.get("without", ()):
        text = regex(name).sub("", text)
    words = find(text, *way["any"])
    return "" if ("and" in way and not find(text, *way["and"])) or find(text, *way.get("unless", ())) else words


def find(text: str, *terms: str) -> str:
    """The words in a plain text that are the first of these terms to be found in it; empty if none is. A term is an
    act with its group or strength (``reject/clear``), and its first character may say where: ``^`` at the
    beginning, ``$`` at the end, ``=`` nothing else is said, ``,`` within one clause."""
    return next((match[0] for term in terms if (match := _search(term)(text))), "")


@derived
@cache
def _search(term: str) -> Callable[[str], re.Match[str] | None]:
    name = term.lstrip("^$=,")
    known = pattern(*name.split("/"))
    if term[0] == "=":
        return lambda text: known.fullmatch(text.strip(_AROUND))
    if term[0] == "$":
        return re.compile(f"(?:{known.pattern})[ .!]*$").search
    if term[0] == ",":
        return lambda text: next(filter(None, map(known.search, CLAUSE.split(text))), None)
    return known.match if term[0] == "^" else known.search


def phrase_behind(words: str, ways: Iterable[Mapping[str, Any]]) -> Phrase | None:
    """The phrase of the lexicon by which one of these ways (as for ``spoken``) finds exactly these words; the first."""
    terms = (term for way in ways for term in way.get("any", ()) if find(words, term) == words)
    places = (tuple(term.lstrip("^$=,").split("/")) for term in terms)
    return next((one for place in places for one in phrases()[place] if re.fullmatch(_source(one), words)), None)
