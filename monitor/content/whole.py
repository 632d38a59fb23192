"""Further checks of a message: whether a base64 hit contains a whole value, digests of digests, values split into
pieces."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from monitor.content.tree import Tree

_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_ALPHABET: Final = re.compile(rb"[A-Za-z0-9+/]*")
_HEX_RUN: Final = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f])")
#: Lengths of a digest of 16, 20 or 32 bytes as base64 text and as bytes.
_PACKED: Final = frozenset({22, 24, 27, 28, 43, 44})
_RAW: Final = frozenset({16, 20, 32})
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
    for run in _HEX_RUN.finditer(text):
        yield run.start(), run.end(), bytes.fromhex(run[0].decode())


def digests(tree: Tree, starts: list[int]) -> Iterator[tuple[int, bytes]]:
    """Nodes that may be a digest as base64 or as bytes, as (where the node starts, bytes)."""
    for node, start in zip(tree.nodes, starts, strict=True):
        size = len(node.data)
        if size in _RAW:
            yield start, node.data
        elif size in _PACKED and node.leaf:
            packed = node.data.rstrip(b"=").translate(_STANDARD)
            if _ALPHABET.fullmatch(packed):
                try:
                    yield start, base64.b64decode(packed + b"=" * (-len(packed) % 4))
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
    nodes = tree.nodes
    for index, node in enumerate(nodes):
        data = node.data
        if not node.leaf or len(data) < HEAD or len(data) > _LONGEST or data[:HEAD] not in heads:
            continue
        for value in heads[data[:HEAD]]:
            if len(data) < len(value) and value.startswith(data) and _goes_on(tree, index, value):
                yield Cut(index, value)


def _goes_on(tree: Tree, index: int, value: bytes) -> bool:
    nodes, parent, at, pieces = tree.nodes, tree.nodes[index].parent, len(tree.nodes[index].data), 1
    for node in nodes[index + 1 : index + 1 + _PIECES]:
        if node.parent != parent or not node.leaf:
            return False
        data = node.data
        if len(data) < HEAD or not value.startswith(data, at):
            return False
        at, pieces = at + len(data), pieces + 1
        if at == len(value):
            return pieces > 1
    return False
