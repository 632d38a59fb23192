"""All events of a session at once, in a fraction of the memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final, get_origin

import msgspec
from msgspec.structs import force_setattr

from monitor.events import Event

#: Numbers that differ from one event to the next.
_OWN: Final = frozenset({"seq", "t", "call"})
#: Different words, and different arguments, that are kept: a log that has more of them gains nothing.
_WORDS: Final = 100_000
_SIMPLE: Final = (dict[str, str], dict[str, int])
_seq: Final = attrgetter("seq")


def compact(events: Iterable[Event]) -> list[Event]:
    """The same events, in which equal words, numbers and arguments are one object: of a million calls, they are most of
    the memory."""
    words: dict[Any, Any] = {}
    empty: dict[type, Any] = {}
    arguments: dict[tuple[tuple[str, Any], ...], dict[str, Any]] = {}
    listed = []
    for event in events:
        repeated, held = _fields(type(event))
        if len(words) < _WORDS:
            for name in repeated:
                word = getattr(event, name)
                force_setattr(event, name, words.setdefault(word, word))
        for name, simple in held:
            value = getattr(event, name)
            if not value:
                force_setattr(event, name, empty.setdefault(type(value), value))
            elif simple and len(arguments) < _WORDS:
                force_setattr(event, name, arguments.setdefault(tuple(value.items()), value))
        listed.append(event)
    return listed


@cache
def _fields(kind: type[Event]) -> tuple[tuple[str, ...], tuple[tuple[str, bool], ...]]:
    """The fields of a kind that hold a word or a number, and those that hold more, with whether it is words or numbers
    by name."""
    fields = {field.name: field.type for field in msgspec.structs.fields(kind) if field.name not in _OWN}
    words = tuple(name for name, of in fields.items() if of in (str, int))
    held = tuple((name, of in _SIMPLE) for name, of in fields.items() if get_origin(of) in (list, dict))
    return words, held


class Numbered(Mapping[int, Event]):
    """Events by number, found by halving: a table of a million of them is as large as a quarter of the events."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = sorted(events, key=_seq)

    def __getitem__(self, seq: int) -> Event:
        place = bisect_left(self._events, seq, key=_seq)
        if place == len(self._events) or self._events[place].seq != seq:
            raise KeyError(seq)
        return self._events[place]

    def __iter__(self) -> Iterator[int]:
        return map(_seq, self._events)

    def __len__(self) -> int:
        return len(self._events)
