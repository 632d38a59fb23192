"""The word lists and fact tables of the analysis (``analysis/tables/``): this version's, or those kept by a recording.

The choice applies to the whole process: one recording is assessed at a time. Kept tables may come from anyone: each
must have the structure of this version's, and whatever it lacks (it may be older) is taken from that.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from monitor.base.errors import InputError, printable
from monitor.base.paths import package_data
from monitor.base.yamlfile import load

TABLES: Final = package_data("analysis") / "tables"
#: Tables whose keys are themselves facts: an older one is not completed.
_OPEN: Final = frozenset({"permissions"})
_place = TABLES
_added: Mapping[str, Any] = {}
_DIGITS: Final = {character: digit for digit, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_MAX_WORDS: Final = 5_000
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
    """A table in use: ``consent_words``, ``data_types``, ``permissions`` … Raises ``InputError``."""
    found = _table(name)
    return _joined(found, _added, "") if name == "consent_words" and _added else found


def _table(name: str) -> Mapping[str, Any]:
    own = _read(TABLES / f"{name}.yaml")
    path = _place / f"{name}.yaml"
    if _place == TABLES or not path.is_file():
        return own
    kept = _read(path)
    if not _alike(kept, own):
        raise InputError("its values have a different type than in this version", where=str(path))
    return kept if name in _OPEN else {**own, **kept}


@contextlib.contextmanager
def using(place: Path) -> Iterator[None]:
    """Use the tables in a directory instead of this version's."""
    global _place
    before, _place = _place, place
    _forget()
    try:
        yield
    finally:
        _place = before
        _forget()


@contextlib.contextmanager
def adding(words: Path) -> Iterator[None]:
    """Read dialogs with the words of a file in addition to the table's: a ``consent_words.yaml`` with the keys to
    extend.

    Raises ``InputError`` with the place of anything that is not a list of words, or of an unknown key.
    """
    global _added
    before, more = _added, _read(words)
    _joined(_table("consent_words"), more, str(words))
    _added = more
    _forget()
    try:
        yield
    finally:
        _added = before
        _forget()


def checked_words(path: Path) -> bytes:
    """The contents of the words file, once it has been read without error. Raises ``InputError``."""
    _joined(_table("consent_words"), _read(path), str(path))
    return path.read_bytes()


def number(text: str) -> int:
    """A number below a hundred in figures or in Chinese (``45``, ``三``, ``四十五``); 0 = it is none."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0) if ten else _DIGITS.get(text, 0)


def _joined(own: Mapping[str, Any], more: Mapping[str, Any], where: str) -> dict[str, Any]:
    joined = dict(own)
    for key, value in more.items():
        if key not in own or key == "traditional":
            hint = f"keys: {', '.join(k for k in own if k != 'traditional')}"
            raise InputError(f"unknown key: {printable(str(key), 40)}", where=where, hint=hint)
        if isinstance(own[key], Mapping) and isinstance(value, Mapping):
            joined[key] = _joined(own[key], value, where)
            continue
        words = value if isinstance(value, list) and isinstance(own[key], list) else None
        if words is None or len(words) > _MAX_WORDS or not all(isinstance(w, str) and w.strip() for w in words):
            raise InputError(f"a list of words is expected: {printable(str(key), 40)}", where=where)
        joined[key] = [*own[key], *words]
    return joined


def _forget() -> None:
    for forget in _derived:
        forget()


def _read(path: Path) -> Mapping[str, Any]:
    data = load(path)
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
