"""All events of a session at once, in a fraction of the memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec.structs import force_setattr

from monitor.events import ApiCall, Event

_REPEATED: Final = ("hook", "cls", "method", "sig", "role", "data_type", "outcome", "sdk", "process", "app", "src")
_EMPTY: Final = ("values", "inner")
#: Different words that are kept: a log that has more of them gains nothing.
_WORDS: Final = 100_000


def compact(events: Iterable[Event]) -> list[Event]:
    """The same events, in which equal words and arguments of calls are one object: of a million calls, they are
    most of the memory."""
    words: dict[str, str] = {}
    empty: dict[str, Any] = {}
    arguments: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    listed = []
    for event in events:
        if type(event) is ApiCall and len(words) < _WORDS:
            for name in _REPEATED:
                word = getattr(event, name)
                force_setattr(event, name, words.setdefault(word, word))
            for name in _EMPTY:
                if not (held := getattr(event, name)):
                    force_setattr(event, name, empty.setdefault(name, held))
            if len(arguments) < _WORDS:
                force_setattr(event, "args", arguments.setdefault(tuple(event.args.items()), event.args))
        listed.append(event)
    return listed
