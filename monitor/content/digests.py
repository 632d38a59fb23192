"""Digests in traffic: whole, in part (their first 8 to 64 bytes in hexadecimal, as base64 or as bytes), or as a UUID,
with or without the bits that say what kind of UUID it is.

None of that needs a pattern of its own: what may be a digest is looked up by how it begins.
"""

import base64
import re
from collections.abc import Container, Iterator
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple, Protocol

from monitor.content.bases import unpadded64
from monitor.content.tree import Tree

#: Bytes of a digest, or of what is left of one: fewer could be anything.
_SIZES: Final = (8, 10, 12, 16, 20, 24, 28, 32, 48, 64)
_RAW: Final = frozenset(_SIZES)
_DIGITS: Final = frozenset(2 * size for size in _SIZES)
#: Hexadecimal digits, bytes and characters of base64 by which a digest is looked up.
HEAD: Final = 12
_HEAD: Final = HEAD // 2
_HEAD64: Final = 8
_BEGINNING: Final = itemgetter(slice(_HEAD))
_BASE64: Final = frozenset(len(base64.b64encode(bytes(size)).rstrip(b"=")) for size in _SIZES)
#: Lengths of what is looked at: bytes, or base64 with or without its padding.
_LENGTHS: Final = _RAW | _BASE64 | {-(-size // 4) * 4 for size in _BASE64}
_OF_URLS: Final = bytes.maketrans(b"+/", b"-_")
#: Every byte as ``x`` if it is a hexadecimal digit, else as a space: looking for equal bytes skips most of a text.
_HEX_OR_NOT: Final = bytes(0x78 if byte in b"0123456789ABCDEFabcdef" else 0x20 for byte in range(256))
_SHORTEST: Final = b"x" * min(_DIGITS)
_UUID: Final = re.compile(
    rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])"
)
_MIDDLE: Final = re.compile(rb"-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-")


def hex_runs(text: bytes, heads: Container[bytes]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of hexadecimal digits that is as long as a digest or a part of one and begins as one of
    these (``HEAD`` digits, in lower case)."""
    marked = text.translate(_HEX_OR_NOT) + b" "
    end = -1
    while (start := marked.find(_SHORTEST, end + 1)) >= 0:
        end = marked.find(b" ", start + len(_SHORTEST))
        if end - start in _DIGITS and text[start : start + HEAD].lower() in heads:
            yield start, end


class Owned(Protocol):
    """Whose digest it is."""

    @property
    def form(self) -> str:
        """The name of the digest."""


class Known[O: Owned](NamedTuple):
    """A digest and its owner. ``whole``: a part of it tells nothing (a digest of a digest)."""

    digest: bytes
    owner: O
    whole: bool


class Digests[O: Owned]:
    """The digests known so far."""

    def __init__(self) -> None:
        self._known: dict[bytes, list[Known[O]]] = {}
        self._packed: set[bytes] = set()
        """How they begin in base64, in either alphabet."""
        self._firsts: set[bytes] = set()
        """The first of those bytes and characters."""
        self._heads: set[bytes] = set()
        """How they begin in hexadecimal."""

    def __bool__(self) -> bool:
        return bool(self._known)

    def add(self, digest: bytes, owner: O, *, whole: bool = False) -> None:
        """A digest of at least eight bytes, once."""
        if len(digest) < _SIZES[0]:
            return
        beginning = digest[:_HEAD]
        found = self._known.setdefault(beginning, [])
        if any(one.digest == digest and (whole or one.owner == owner) for one in found):
            return
        found.append(Known(digest, owner, whole))
        packed = base64.b64encode(beginning)
        begun = {packed, packed.translate(_OF_URLS)}
        self._packed |= begun
        self._firsts |= {beginning, *(one[:_HEAD] for one in begun)}
        self._heads.add(beginning.hex().encode())

    def _begins(self, data: bytes) -> Iterator[tuple[O, str]]:
        """Owners of the digests that begin with these bytes, and the form."""
        for digest, owner, whole in self._known.get(data[:_HEAD], ()):
            if digest == data:
                yield owner, owner.form
            elif not whole and digest.startswith(data):
                yield owner, f"{owner.form}_cut"

    def _shaped(self, data: bytes) -> Iterator[tuple[O, str]]:
        """The same for the 16 bytes of a UUID, whose version and variant say nothing of a digest."""
        for digest, owner, whole in self._known.get(data[:_HEAD], ()):
            if not whole and len(digest) >= 16 and _unmarked(digest) == _unmarked(data):
                yield owner, f"{owner.form}_uuid"

    def find(self, text: bytes) -> Iterator[tuple[int, int, O, str]]:
        """Those in hexadecimal in a text, as (start, end, owner, form)."""
        for start, end in hex_runs(text, self._heads) if self._known else ():
            yield from ((start, end, *one) for one in self._begins(bytes.fromhex(text[start:end].decode())))
        for middle in _MIDDLE.finditer(text) if self._known else ():
            if (match := _UUID.match(text, max(0, middle.start() - 8))) is not None:
                data = bytes.fromhex(match[0].decode().replace("-", ""))
                yield from ((*match.span(), *one) for one in self._shaped(data))

    def nodes(self, tree: Tree) -> Iterator[tuple[int, O, str]]:
        """Those in nodes that are one as bytes or as base64, as (index, owner, form)."""
        fitting = list(tree.sized(_LENGTHS)) if self._known else []
        begun = map(self._firsts.__contains__, map(_BEGINNING, map(tree.data.__getitem__, fitting)))
        for index in compress(fitting, begun):
            data = tree.data[index]
            if len(data) in _RAW:
                yield from ((index, *one) for one in self._begins(data))
            if data[:_HEAD64] in self._packed and tree.leaves[index]:
                raw = unpadded64(data) or b""
                yield from ((index, *one) for one in self._begins(raw) if len(raw) in _RAW)


def _unmarked(data: bytes) -> bytes:
    return data[:6] + bytes((data[6] & 15, data[7], data[8] & 63)) + data[9:16]
