"""Known values in bytes that a codec of the app's own has masked: each byte XORed with a constant or with a short key
over and over, or moved by a constant. The differences between neighbouring bytes do not depend on the constant, and
those at the distance of the key's length not on the key, so that no key is tried.

How unlikely it is that other bytes have these differences decides between ``found`` and ``possible``.
"""

import bisect
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from monitor.content.automaton import Automaton
from monitor.content.formats import unpadded64
from monitor.content.hits import Owner
from monitor.content.homemade import Disguised, entropy, sure

#: Lengths of keys; bytes of a difference that cannot be there by chance, and different ones among them.
_KEYS: Final = range(1, 17)
#: In place of the length of a key: bytes moved by a constant.
_MOVED: Final = 0
_SURE: Final = 8
_DISTINCT: Final = 4
_LONGEST: Final = 64
_VALUES: Final = 256
_NODE: Final = 4096
_PACKED: Final = re.compile(rb"(?![0-9A-Fa-f]+\Z)[A-Za-z0-9+/_-]{12,4096}={0,2}")
_HEXADECIMAL: Final = re.compile(rb"(?:[0-9A-Fa-f]{2}){9,2048}")
_TOTAL: Final = 64 << 10


class _Value(NamedTuple):
    owner: Owner
    bits: float
    """How unlikely other bytes are to have the same differences."""
    value: bytes


def _differences(data: bytes, key: int) -> bytes:
    """What does not depend on a key of that length; of bytes that are ``_MOVED``, how much each is more than the one
    before, modulo 256: all at once, the highest bit of each apart."""
    size = len(data) - (key or 1)
    if size <= 0:
        return b""
    one, two = int.from_bytes(data[:size]), int.from_bytes(data[-size:])
    if key:
        return (one ^ two).to_bytes(size)
    high = int.from_bytes(b"\x80" * size)
    return (((two | high) - (one & ~high)) ^ ((two ^ ~one) & high)).to_bytes(size)


def packed(data: bytes) -> bytes:
    """The bytes of a field that is hexadecimal or base64, empty if it is neither. A text masked with a key below 128
    is ASCII again."""
    if _HEXADECIMAL.fullmatch(data):
        return bytes.fromhex(data.decode())
    return (unpadded64(data) or b"") if _PACKED.fullmatch(data) else b""


class Masks:
    """The differences of the values known so far."""

    def __init__(self) -> None:
        self._tables: dict[int, dict[bytes, _Value]] = {key: {} for key in (*_KEYS, _MOVED)}
        self._built: dict[int, tuple[Automaton, list[_Value]]] = {}
        self._known = 0

    def add(self, spellings: Iterable[bytes], owner: Owner) -> None:
        """Add a value in its spellings; the first 256 values count."""
        if self._known >= _VALUES:
            return
        self._known += 1
        for value in spellings:
            if not _SURE < len(value) <= _LONGEST:
                continue
            each = entropy(value.decode("latin-1")) / len(value) if value.isascii() else 4.0
            for key, table in self._tables.items():
                left = len(value) - (key or 1)
                for turned in (value, value[::-1]) if key else (value,):
                    difference = _differences(value, key)[:: 1 if turned is value else -1]
                    if left >= _SURE and len(set(difference)) >= _DISTINCT:
                        table.setdefault(difference, _Value(owner, each * left, turned))

    def find(self, nodes: Iterable[bytes]) -> Iterator[Disguised]:
        """Where values are, by the number of the node: each value once. All nodes are looked at together."""
        starts, parts, size = [], [], 0
        for number, data in enumerate(nodes if self._known else ()):
            if _SURE < len(data) <= _NODE and size + len(data) <= _TOTAL:
                starts.append((size, number))
                parts.append(data)
                size += len(data)
        whole = b"".join(parts)
        seen: set[int] = set()
        for key, table in self._tables.items() if whole else ():
            for index, start in self._automaton(key).find(_differences(whole, key)) if table else ():
                owner, bits, value = self._built[key][1][index]
                certain = sure(bits, len(whole) * self._known)
                masked = whole[start : start + len(value)].lower() != value.lower()
                if masked and certain is not None and id(owner) not in seen:
                    seen.add(id(owner))
                    place = bisect.bisect_right(starts, (start, len(whole))) - 1
                    yield Disguised(starts[place][1], owner, "xor" if key else "moved", bits, certain)

    def _automaton(self, key: int) -> Automaton:
        """That of a table as it is now: more values are added while messages come."""
        table = self._tables[key]
        if key not in self._built or len(self._built[key][1]) != len(table):
            self._built[key] = Automaton(list(table)), list(table.values())
        return self._built[key][0]
