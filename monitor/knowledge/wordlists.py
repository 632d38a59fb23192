"""The lexicon and the fact tables of the analysis (``analysis/tables/``): this version's, or those kept by a recording.

The choice applies to the whole process: one recording is assessed at a time. Kept tables may come from anyone: each
must have the structure of this version's, and whatever it lacks (it may be older) is taken from that.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from monitor.base import paths, yamlfile
from monitor.base.errors import InputError, printable
from monitor.knowledge.lexicon import LEXICON, Phrase, acts, by_place, places, read_lexicon, read_phrases

TABLES: Final = paths.package_data("analysis") / "tables"
#: Tables that are always this version's: their conditions are names of its code.
_OWN: Final = frozenset({"consent_decisions"})
#: Tables whose keys are themselves facts: an older one is not completed.
_OPEN: Final = frozenset({"permissions"})
_place = TABLES
_added: Sequence[Phrase] = ()
_DIGITS: Final = {character: digit for digit, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_derived: list[Callable[[], None]] = []


class _Cached(Protocol):
    def cache_clear(self) -> None:
        """Forget."""


def derived[F: _Cached](function: F) -> F:
    """Mark a cached function whose results depend on the tables: its cache is cleared when the tables change."""
    _derived.append(function.cache_clear)
    return function


@derived
@cache
def table(name: str) -> Mapping[str, Any]:
    """A table in use: ``data_types``, ``permissions`` … Raises ``InputError``."""
    own = _read(TABLES / f"{name}.yaml")
    path = _place / f"{name}.yaml"
    if _place == TABLES or name in _OWN or not path.is_file():
        return own
    kept = _read(path)
    if name not in _OPEN:
        kept = {key: value for key, value in kept.items() if key in own}  # what another version has besides is not read
    if not _alike(kept, own):
        raise InputError("its values have a different type than in this version", where=str(path))
    return kept if name in _OPEN else {**own, **kept}


@derived
@cache
def phrases() -> Mapping[tuple[str, ...], Sequence[Phrase]]:
    """The lexicon in use, by place: (act), (act, group) or (act, strength). Raises ``InputError``.

    A kept one replaces this version's acts that it has phrases of; regular expressions are always this version's.
    """
    own = read_lexicon(LEXICON)
    kept = read_lexicon(_place) if _place != TABLES else []
    acts = {phrase.act for phrase in kept}
    return by_place([*(one for one in own if one.expression or one.act not in acts), *kept, *_added])


def groups_of(act: str) -> list[str]:
    """The groups of an act, in its order: ``location``, ``contacts`` … of ``types``."""
    return [place[1] for place in places() if place[0] == act and len(place) > 1]


@contextlib.contextmanager
def _in_use(place: Path, added: Sequence[Phrase]) -> Iterator[None]:
    global _place, _added
    before, _place, _added = (_place, _added), place, added
    _forget()
    try:
        yield
    finally:
        _place, _added = before
        _forget()


def using(place: Path) -> contextlib.AbstractContextManager[None]:
    """For a block, use the tables and the lexicon in a directory instead of this version's."""
    return _in_use(place, _added)


def adding(words: Path) -> contextlib.AbstractContextManager[None]:
    """For a block, read dialogs with the phrases of a file in addition to the lexicon's: one in the format of its
    files. Raises ``InputError`` with the place of the first faulty line."""
    return _in_use(_place, added_phrases(words))


def checked_words(path: Path) -> bytes:
    """The contents of the file of added phrases, once it has been read without error. Raises ``InputError``."""
    added_phrases(path)
    return path.read_bytes()


def added_phrases(path: Path) -> list[Phrase]:
    """The phrases of a user's own file. Raises ``InputError``."""
    return _earlier(path) if path.suffix == ".yaml" else read_phrases(path)


def _earlier(path: Path) -> list[Phrase]:
    """The phrases of a file as bundles of earlier versions keep it: a mapping of act, or of act and part, to words."""
    found = []
    for act, given in _read(path).items():
        for part, words in given.items() if isinstance(given, dict) else [("", given)]:
            place = tuple(filter(None, (act, part)))
            if place not in places() or not isinstance(words, list) or not all(isinstance(one, str) for one in words):
                raise InputError(f"not a list of words for an act: {printable(str(act), 40)}", where=str(path))
            strong = part in acts()[act].get("strengths", ())
            name, strength = (act, part) if strong else (".".join(place), "")
            found += [Phrase(word, name, strength, path.stem) for word in words if word.strip()]
    return found


def number(text: str) -> int:
    """A number below a hundred in figures or in Chinese (``45``, ``三``, ``四十五``); 0 = it is none."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0) if ten else _DIGITS.get(text, 0)


def _forget() -> None:
    for forget in _derived:
        forget()


def _read(path: Path) -> Mapping[str, Any]:
    data = yamlfile.load(path)
    if not isinstance(data, dict):
        raise InputError("a mapping is expected", where=str(path))
    return data


def _alike(value: Any, own: Any) -> bool:
    """Whether a value has the same types as this version's: list items like the first, mapping values by key, or like
    the first value where keys are open."""
    if isinstance(own, dict) and isinstance(value, dict):
        first = next(iter(own.values()), None)
        return all(_alike(item, own.get(key, first)) for key, item in value.items())
    if isinstance(own, list) and isinstance(value, list):
        return not own or all(_alike(item, own[0]) for item in value)
    return type(value) is type(own)
