"""Runs of hexadecimal digits that are as long as a digest or a part of one."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Final

from monitor.content import automaton

#: Bytes of a digest, or of what is left of one.
BYTES: Final = (8, 10, 12, 16, 20, 24, 28, 32, 48, 64)
_SIZES: Final = tuple(2 * size for size in BYTES)
#: Every byte as ``x`` if it is a hexadecimal digit, else as a space: looking for equal bytes skips most of a text.
HEX_OR_NOT: Final = bytes(0x78 if byte in b"0123456789ABCDEFabcdef" else 0x20 for byte in range(256))
_SHORTEST: Final = b"x" * _SIZES[0]
#: Bytes from which on Hyperscan, three times as fast, is worth loading.
_MUCH: Final = 1 << 16


def runs(text: bytes) -> list[tuple[int, int]]:
    """Start and end of each, in order."""
    machine = _machine() if len(text) >= _MUCH else None
    if machine is None:
        return list(_slowly(text))
    found: list[tuple[int, int]] = []
    keep, sizes = found.append, _SIZES

    def take(index: int, _: int, end: int, _flags: int, _context: object) -> None:
        keep((end - 1 - sizes[index], end - 1))

    machine.scan(text, match_event_handler=take)
    # What begins or ends the text has nothing around it.
    first = _slowly(text[: _SIZES[-1] + 1])
    last = list(_slowly(text[-_SIZES[-1] - 1 :]))
    shift = len(text) - _SIZES[-1] - 1
    return [
        *((start, end) for start, end in first if start == 0 and end <= _SIZES[-1]),
        *found,
        *((start + shift, end + shift) for start, end in last if start and end + shift == len(text)),
    ]


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
