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
from monitor.content.bases import unpadded64
from monitor.content.homemade import Disguised, entropy, sure

#: Lengths of keys; bytes of a difference that cannot be there by chance, and different ones among them.
_KEYS: Final = range(1, 17)
_SURE: Final = 8
_DISTINCT: Final = 4
_LONGEST: Final = 64
_VALUES: Final = 256
_NODE: Final = 4096
_PACKED: Final = re.compile(rb"(?![0-9A-Fa-f]+\Z)[A-Za-z0-9+/_-]{12,4096}={0,2}")
_HEXADECIMAL: Final = re.compile(rb"(?:[0-9A-Fa-f]{2}){9,2048}")
_TOTAL: Final = 64 << 10


class _Value[Owner](NamedTuple):
    owner: Owner
    bits: float
    """How unlikely other bytes are to have the same differences."""
    value: bytes


def _xored(data: bytes, distance: int) -> bytes:
    size = len(data) - distance
    if size <= 0:
        return b""
    one, two = int.from_bytes(data[:size]), int.from_bytes(data[distance:])
    return (one ^ two).to_bytes(size)


def _moved(data: bytes) -> bytes:
    """How much each byte is more than the one before, modulo 256: all at once, the highest bit of each apart."""
    size = len(data) - 1
    if size <= 0:
        return b""
    one, two, high = int.from_bytes(data[:-1]), int.from_bytes(data[1:]), int.from_bytes(b"\x80" * size)
    return (((two | high) - (one & ~high)) ^ ((two ^ ~one) & high)).to_bytes(size)


def packed(data: bytes) -> bytes:
    """The bytes of a field that is hexadecimal or base64, empty if it is neither. A text masked with a key below 128
    is ASCII again."""
    if _HEXADECIMAL.fullmatch(data):
        return bytes.fromhex(data.decode())
    return (unpadded64(data) or b"") if _PACKED.fullmatch(data) else b""


class Masks[Owner]:
    """The differences of the values known so far."""

    def __init__(self) -> None:
        self._xored: dict[int, dict[bytes, _Value[Owner]]] = {key: {} for key in _KEYS}
        self._moved: dict[bytes, _Value[Owner]] = {}
        self._known = 0
        self._built: dict[int, tuple[Automaton, list[_Value[Owner]]]] = {}

    def add(self, spellings: Iterable[bytes], owner: Owner) -> None:
        """Add a value in its spellings; the first 256 values count."""
        if self._known >= _VALUES:
            return
        self._known += 1
        for value in spellings:
            if not _SURE < len(value) <= _LONGEST:
                continue
            each = entropy(value.decode("latin-1")) / len(value) if value.isascii() else 4.0
            for key in _KEYS:
                if (left := len(value) - key) >= _SURE:
                    known = _Value(owner, each * left, value)
                    self._keep(self._xored[key], _xored(value, key), known)
                    self._keep(self._xored[key], _xored(value, key)[::-1], known._replace(value=value[::-1]))
            self._keep(self._moved, _moved(value), _Value(owner, each * (len(value) - 1), value))

    @staticmethod
    def _keep(table: dict[bytes, _Value[Owner]], difference: bytes, known: _Value[Owner]) -> None:
        if len(set(difference)) >= _DISTINCT:
            table.setdefault(difference, known)

    def find(self, nodes: Iterable[bytes]) -> Iterator[Disguised[Owner]]:
        """Where values are, by the number of the node: each value once. All nodes are looked at together."""
        starts, parts, size = [], [], 0
        for number, data in enumerate(nodes if self._known else ()):
            if _SURE < len(data) <= _NODE and size + len(data) <= _TOTAL:
                starts.append((size, number))
                parts.append(data)
                size += len(data)
        whole = b"".join(parts)
        seen: set[int] = set()
        compared = len(whole) * self._known
        for form, difference, table in self._differences(whole):
            if not table:
                continue
            automaton, values = self._automaton(table)
            for index, start in automaton.find(difference):
                owner, bits, value = values[index]
                certain = sure(bits, compared)
                if id(owner) in seen or certain is None:
                    continue
                if whole[start : start + len(value)].lower() != value.lower():  # else it is not masked at all
                    seen.add(id(owner))
                    place = bisect.bisect_right(starts, (start, len(whole))) - 1
                    yield Disguised(starts[place][1], owner, form, bits, certain)

    def _automaton(self, table: dict[bytes, _Value[Owner]]) -> tuple[Automaton, list[_Value[Owner]]]:
        """That of a table as it is now, with its values: more are added while messages come."""
        built = self._built.get(id(table))
        if built is None or len(built[1]) != len(table):
            built = self._built[id(table)] = Automaton(list(table)), list(table.values())
        return built

    def _differences(self, data: bytes) -> Iterator[tuple[str, bytes, dict[bytes, _Value[Owner]]]]:
        for key in _KEYS if data else ():
            yield "xor", _xored(data, key), self._xored[key]
        if data:
            yield "moved", _moved(data), self._moved
