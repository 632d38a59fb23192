"""Digests in traffic: whole, in part (their first 8 to 64 bytes in hexadecimal, as base64 or as bytes), or as a UUID,
with or without the bits that say what kind of UUID it is.

None of that needs a pattern of its own: what may be a digest is looked up by how it begins.
"""

import base64
import re
from collections import defaultdict
from collections.abc import Container, Iterator
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.content.bases import unpadded64
from monitor.content.hits import Owner
from monitor.content.tree import Tree

#: Bytes of a digest, or of what is left of one: fewer could be anything.
_SIZES: Final = (8, 10, 12, 16, 20, 24, 28, 32, 48, 64)
_DIGITS: Final = frozenset(2 * size for size in _SIZES)
#: Hexadecimal digits, and bytes or characters of base64, by which a digest is looked up.
HEAD: Final = 12
_HEAD: Final = HEAD // 2
_BEGINNING: Final = itemgetter(slice(_HEAD))
_BASE64: Final = frozenset(len(base64.b64encode(bytes(size)).rstrip(b"=")) for size in _SIZES)
#: Lengths of what is looked at: bytes, or base64 with or without its padding.
_LENGTHS: Final = frozenset(_SIZES) | _BASE64 | {-(-size // 4) * 4 for size in _BASE64}
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


class _Known(NamedTuple):
    digest: bytes
    owner: Owner
    whole: bool
    """A part of it tells nothing (a digest of a digest)."""


class Digests:
    """The digests known so far."""

    def __init__(self) -> None:
        self._known: defaultdict[bytes, list[_Known]] = defaultdict(list)
        self._beginnings: set[bytes] = set()
        """The first bytes of the digests, and of their base64 in either alphabet."""
        self._heads: set[bytes] = set()
        """How they begin in hexadecimal."""

    def add(self, digest: bytes, owner: Owner, *, whole: bool = False) -> None:
        """A digest of at least eight bytes, once."""
        beginning = digest[:_HEAD]
        found = self._known[beginning]
        if len(digest) >= _SIZES[0] and not any(
            known.digest == digest and (whole or known.owner == owner) for known in found
        ):
            found.append(_Known(digest, owner, whole))
            packed = base64.b64encode(beginning)[:_HEAD]
            self._beginnings |= {beginning, packed, packed.translate(_OF_URLS)}
            self._heads.add(beginning.hex().encode())

    def owners(self, data: bytes) -> Iterator[Owner]:
        """Owners of the digests that begin with these bytes."""
        for digest, owner, whole in self._known.get(data[:_HEAD], ()):
            if digest == data:
                yield owner
            elif not whole and digest.startswith(data):
                yield owner._replace(form=f"{owner.form}_cut")

    def find(self, text: bytes) -> Iterator[tuple[int, int, Owner]]:
        """Those in hexadecimal in a text, as (start, end, owner)."""
        for start, end in hex_runs(text, self._heads) if self._known else ():
            yield from ((start, end, owner) for owner in self.owners(bytes.fromhex(text[start:end].decode())))
        for middle in _MIDDLE.finditer(text) if self._known else ():
            if (match := _UUID.match(text, max(0, middle.start() - 8))) is not None:
                data = bytes.fromhex(match[0].decode().replace("-", ""))
                for digest, owner, whole in self._known.get(data[:_HEAD], ()):
                    if not whole and len(digest) >= 16 and _unmarked(digest) == _unmarked(data):
                        yield *match.span(), owner._replace(form=f"{owner.form}_uuid")

    def nodes(self, tree: Tree) -> Iterator[tuple[int, Owner]]:
        """Those in nodes that are one as bytes or as base64, as (index, owner)."""
        fitting = list(tree.sized(_LENGTHS)) if self._known else []
        begun = map(self._beginnings.__contains__, map(_BEGINNING, map(tree.data.__getitem__, fitting)))
        for index in compress(fitting, begun):
            data = tree.data[index]
            for raw in (data, unpadded64(data) if tree.leaves[index] else None):
                if raw is not None and len(raw) in _SIZES:
                    yield from ((index, owner) for owner in self.owners(raw))


def _unmarked(data: bytes) -> bytes:
    """The 16 bytes of a UUID but the bits of its version and variant, which say nothing of a digest."""
    return data[:6] + bytes((data[6] & 15, data[7], data[8] & 63)) + data[9:16]
