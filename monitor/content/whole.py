"""Further checks of a message: whether a base64 hit contains a whole value, digests of digests, values split into
pieces."""

from __future__ import annotations

import base64
import binascii
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from monitor.content import automaton
from monitor.content.tree import Tree

_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_ALPHABET: Final = re.compile(rb"[A-Za-z0-9+/]*")
#: Every byte as ``x`` if it is a hexadecimal digit, else as a space: looking for 32 equal bytes skips most of a text.
_HEX_OR_NOT: Final = bytes(0x78 if chr(byte) in "0123456789ABCDEFabcdef" else 0x20 for byte in range(256))
_SHORTEST: Final = b"x" * 32
_HEX_SIZES: Final = (32, 40, 64)
#: Bytes from which on Hyperscan, three times as fast, is worth loading.
_MUCH: Final = 1 << 16
#: Lengths of a digest of 16, 20 or 32 bytes as base64 text and as bytes.
_PACKED: Final = frozenset({22, 24, 27, 28, 43, 44})
_RAW: Final = frozenset({16, 20, 32})
_DIGEST_SIZES: Final = _PACKED | _RAW
#: Characters of a value by which its first piece is looked up.
HEAD: Final = 3
_PIECES: Final = 6
_LONGEST: Final = 64


def holds(text: bytes, start: int, end: int, values: Iterable[bytes]) -> bool:
    """Whether the base64 around a hit decodes to a whole value: the outer characters of a hit carry bits of their
    neighbours, and a value that differs only in its last bits shares all other characters."""
    wanted = tuple(values)
    for back in range(min(4, start + 1)):
        piece = text[start - back : end + 4].translate(_STANDARD)
        run = _ALPHABET.match(piece)
        data = run[0] if run else b""
        if len(data) % 4 == 1:
            data = data[:-1]
        try:
            decoded = base64.b64decode(data + b"=" * (-len(data) % 4))
        except binascii.Error:
            continue
        if any(value in decoded for value in wanted):
            return True
    return False


def hex_digests(text: bytes) -> Iterator[tuple[int, int, bytes]]:
    """What may be a digest in hexadecimal, as (start, end, bytes)."""
    machine = _machine() if len(text) >= _MUCH else None
    for start, end in _runs(text) if machine is None else _runs_of(machine, text):
        yield start, end, bytes.fromhex(text[start:end].decode())


def _runs(text: bytes) -> Iterator[tuple[int, int]]:
    """Runs of hexadecimal digits as long as a digest."""
    marked = text.translate(_HEX_OR_NOT) + b" "
    find, start, end = marked.find, 0, -1
    while (start := find(_SHORTEST, end + 1)) >= 0:
        end = find(b" ", start + len(_SHORTEST))
        if end - start in _HEX_SIZES:
            yield start, end


@functools.cache
def _machine() -> Any:
    digit, other = "[0-9A-Fa-f]", "[^0-9A-Fa-f]"
    return automaton.database([f"{other}{digit}{{{size}}}{other}".encode() for size in _HEX_SIZES])


def _runs_of(machine: Any, text: bytes) -> list[tuple[int, int]]:
    """The same from Hyperscan."""
    found: list[tuple[int, int]] = []

    def take(index: int, _: int, end: int, _flags: int, _context: object) -> None:
        found.append((end - 2 - _HEX_SIZES[index], end - 2))

    machine.scan(b" %b " % text, match_event_handler=take)
    return found


def digests(tree: Tree) -> Iterator[tuple[int, bytes]]:
    """Nodes that may be a digest as base64 or as bytes, as (index, bytes)."""
    for index in [index for index, data in enumerate(tree.data) if len(data) in _DIGEST_SIZES]:
        data = tree.data[index]
        if len(data) in _RAW:
            yield index, data
        elif tree.leaves[index]:
            packed = data.rstrip(b"=").translate(_STANDARD)
            if _ALPHABET.fullmatch(packed):
                try:
                    yield index, base64.b64decode(packed + b"=" * (-len(packed) % 4))
                except binascii.Error:
                    continue


class Cut(NamedTuple):
    """A value in pieces: the node of its first piece and its lookup key."""

    node: int
    value: bytes


def head(value: bytes) -> bytes | None:
    """The lookup key of a value's first piece; None = too short or too long to search for in pieces."""
    return value[:HEAD] if 8 <= len(value) <= _LONGEST else None


def cuts(tree: Tree, heads: Mapping[bytes, Iterable[bytes]]) -> Iterator[Cut]:
    """Values split across neighbouring fields of one message in pieces of at least three characters, complete and with
    nothing in between. This can occur by chance, so it is never more than possible."""
    if not heads:
        return
    for index in [index for index, data in enumerate(tree.data) if data[:HEAD] in heads]:
        data = tree.data[index]
        if not tree.leaves[index] or len(data) > _LONGEST:
            continue
        for value in heads[data[:HEAD]]:
            if len(data) < len(value) and value.startswith(data) and _goes_on(tree, index, value):
                yield Cut(index, value)


def _goes_on(tree: Tree, index: int, value: bytes) -> bool:
    parent, at, pieces = tree.group(index).parent, len(tree.data[index]), 1
    for node in range(index + 1, min(index + 1 + _PIECES, len(tree.data))):
        data = tree.data[node]
        if len(data) < HEAD or not value.startswith(data, at):
            return False
        if not tree.leaves[node] or tree.group(node).parent != parent:
            return False
        at, pieces = at + len(data), pieces + 1
        if at == len(value):
            return pieces > 1
    return False
