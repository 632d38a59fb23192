"""Runs of hexadecimal digits that are as long as a digest or a part of one."""

import functools
from collections.abc import Container, Iterable, Iterator
from typing import Any, Final

from monitor.content import automaton

#: Bytes of a digest, or of what is left of one.
BYTES: Final = (8, 10, 12, 16, 20, 24, 28, 32, 48, 64)
_SIZES: Final = tuple(2 * size for size in BYTES)
#: Digits by which one may be known before it is looked at.
HEAD: Final = 12


class _Any:
    def __contains__(self, _: object) -> bool:
        return True


_ANY: Final = _Any()
#: Every byte as ``x`` if it is a hexadecimal digit, else as a space: looking for equal bytes skips most of a text.
HEX_OR_NOT: Final = bytes(0x78 if byte in b"0123456789ABCDEFabcdef" else 0x20 for byte in range(256))
_SHORTEST: Final = b"x" * _SIZES[0]
#: Bytes from which on Hyperscan, three times as fast, is worth loading.
_MUCH: Final = 1 << 16


def runs(text: bytes, heads: Container[bytes] = _ANY) -> list[tuple[int, int]]:
    """Start and end of each, in order. ``heads``: the first ``HEAD`` digits of those that are wanted, in lower case."""
    machine = _machine() if len(text) >= _MUCH else None
    if machine is None:
        return [run for run in _slowly(text) if text[run[0] : run[0] + HEAD].lower() in heads]
    found: list[tuple[int, int]] = []
    sizes = _SIZES

    def take(index: int, _: int, end: int, _flags: int, _context: object) -> None:
        start = end - 1 - sizes[index]
        if text[start : start + HEAD].lower() in heads:
            found.append((start, end - 1))

    machine.scan(text, match_event_handler=take)
    # What begins or ends the text has nothing around it.
    first = runs(text[: _SIZES[-1] + 1], heads)
    last = runs(text[-_SIZES[-1] - 1 :], heads)
    shift = len(text) - _SIZES[-1] - 1
    return [
        *((start, end) for start, end in first if start == 0 and end <= _SIZES[-1]),
        *found,
        *((start + shift, end + shift) for start, end in last if start and end + shift == len(text)),
    ]


def within(text: bytes, parts: Iterable[tuple[int, int]], heads: Container[bytes]) -> list[tuple[int, int]]:
    """The same of parts of a text, next to which are no digits."""
    return [(first + start, first + end) for first, last in parts for start, end in runs(text[first:last], heads)]


def _slowly(text: bytes) -> Iterator[tuple[int, int]]:
    marked = text.translate(HEX_OR_NOT) + b" "
    find, start, end = marked.find, 0, -1
    while (start := find(_SHORTEST, end + 1)) >= 0:
        end = find(b" ", start + len(_SHORTEST))
        if end - start in _SIZES:
            yield start, end


@functools.cache
def _machine() -> Any:
    digit, other = "[0-9A-Fa-f]", "[^0-9A-Fa-f]"
    return automaton.database([f"{other}{digit}{{{size}}}{other}".encode() for size in _SIZES])
