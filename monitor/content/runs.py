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

    def take(index: int, _: int, end: int, _flags: int, _context: object) -> None:
        found.append((end - 2 - _SIZES[index], end - 2))

    machine.scan(b" %b " % text, match_event_handler=take)
    return found


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
