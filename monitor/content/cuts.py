"""Digests that are sent in part or in another shape: their first 8 to 64 bytes in hexadecimal, as base64 or as bytes,
or as a UUID, with or without the bits that say what kind of UUID it is.

None of that needs a pattern of its own: what may be a digest is looked up by how it begins.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple, Protocol

from monitor.content.codings import unpadded64
from monitor.content.runs import BYTES, HEAD, HEX_OR_NOT, runs
from monitor.content.tree import Tree

#: Bytes by which a digest is looked up; in base64 they are eight characters of their own.
_HEAD: Final = HEAD // 2
_HEAD64: Final = 8
_BEGINNING: Final = itemgetter(slice(_HEAD))
#: Bytes that a cut leaves: fewer could be anything.
_SIZES: Final = BYTES
_RAW: Final = frozenset(_SIZES)
_BASE64: Final = frozenset(len(base64.b64encode(bytes(size)).rstrip(b"=")) for size in _SIZES)
#: Lengths of what is looked at: bytes, or base64 with or without its padding.
_OF_URLS: Final = bytes.maketrans(b"+/", b"-_")
_LENGTHS: Final = _RAW | _BASE64 | {-(-size // 4) * 4 for size in _BASE64}
_DIGIT: Final = ord("x")
#: Every byte as ``x`` if it is a hexadecimal digit, as it is if it is a hyphen, else as a space.
_HEX_AND_HYPHENS: Final = bytes(0x2D if byte == 0x2D else mark for byte, mark in enumerate(HEX_OR_NOT))
_MIDDLE: Final = re.compile(rb"-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-")
_UUID: Final = b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"


class Owned(Protocol):
    """Whose digest it is."""

    @property
    def form(self) -> str:
        """The name of the digest."""


class Known[O: Owned](NamedTuple):
    """A digest and its owner."""

    digest: bytes
    owner: O


class Cuts[O: Owned]:
    """The digests known so far."""

    def __init__(self) -> None:
        self._known: dict[bytes, list[Known[O]]] = {}
        self._packed: set[bytes] = set()
        """How they begin in base64, in either alphabet."""
        self._firsts: set[bytes] = set()
        """The first of those bytes and characters."""
        self.heads: set[bytes] = set()
        """How they begin in hexadecimal."""

    def __bool__(self) -> bool:
        return bool(self._known)

    def add(self, digest: bytes, owner: O) -> None:
        """A digest of at least eight bytes, once."""
        beginning = digest[:_HEAD]
        found = self._known.setdefault(beginning, [])
        if len(digest) >= _SIZES[0] and not any(one.digest == digest and one.owner == owner for one in found):
            found.append(Known(digest, owner))
            packed = base64.b64encode(beginning)
            begun = {packed, packed.translate(_OF_URLS)}
            self._packed |= begun
            self._firsts |= {beginning, *(one[:_HEAD] for one in begun)}
            self.heads.add(beginning.hex().encode())

    def _begins(self, data: bytes) -> Iterator[tuple[O, str]]:
        """Owners of the digests that begin with these bytes, and the form."""
        for digest, owner in self._known.get(data[:_HEAD], ()):
            if digest == data:
                yield owner, owner.form
            elif digest.startswith(data):
                yield owner, f"{owner.form}_cut"

    def _shaped(self, data: bytes) -> Iterator[tuple[O, str]]:
        """The same for the 16 bytes of a UUID, whose version and variant say nothing of a digest."""
        for digest, owner in self._known.get(data[:_HEAD], ()):
            if len(digest) >= 16 and _unmarked(digest) == _unmarked(data):
                yield owner, f"{owner.form}_uuid"

    def find(self, text: bytes, found: Iterable[tuple[int, int]] | None = None) -> Iterator[tuple[int, int, O, str]]:
        """Those in hexadecimal in a text, as (start, end, owner, form). ``found``: the text's ``runs``."""
        for start, end in runs(text, self.heads) if found is None else found:
            data = bytes.fromhex(text[start:end].decode())
            yield from ((start, end, *one) for one in self._begins(data))
        if b"-" not in text or not _MIDDLE.search(text):
            return
        marked, end = b" " + text.translate(_HEX_AND_HYPHENS) + b" ", 0
        while (start := marked.find(_UUID, end)) >= 0:
            end = start + len(_UUID)
            if marked[start - 1] != _DIGIT and marked[end] != _DIGIT:
                data = bytes.fromhex(text[start - 1 : end - 1].decode().replace("-", ""))
                yield from ((start - 1, end - 1, *one) for one in self._shaped(data))

    def nodes(self, tree: Tree) -> Iterator[tuple[int, O, str]]:
        """Those in nodes that are one as bytes or as base64, as (index, owner, form)."""
        begun, firsts = self._packed, self._firsts
        fitting = list(tree.sized(_LENGTHS))
        begun_so = map(firsts.__contains__, map(_BEGINNING, map(tree.data.__getitem__, fitting)))
        for index in compress(fitting, begun_so):
            data = tree.data[index]
            if len(data) in _RAW:
                for owner, form in self._begins(data):
                    yield index, owner, form
            if data[:_HEAD64] in begun and tree.leaves[index]:
                raw = unpadded64(data) or b""
                for owner, form in self._begins(raw) if len(raw) in _RAW else ():
                    yield index, owner, form


def _unmarked(data: bytes) -> bytes:
    return data[:6] + bytes((data[6] & 15, data[7], data[8] & 63)) + data[9:16]
