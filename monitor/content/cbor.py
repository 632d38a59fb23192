"""CBOR (RFC 8949) without a schema, bounded before anything is built."""

import struct
from typing import Any, Final

from monitor.content.columns import Columns, TooDeep, TooMany
from monitor.content.values import SPARE, flatten

SELF_DESCRIBED: Final = b"\xd9\xd9\xf7"
_DEPTH: Final = 100
_REALS: Final = {25: ">e", 26: ">f", 27: ">d"}
_SIMPLE: Final[dict[int, object]] = {20: False, 21: True, 22: None, 23: None}
_BREAK: Final = object()
_FEW: Final = 4096


def may_be_cbor(data: bytes) -> bool:
    """Whether the first bytes begin a map or an array."""
    return bool(data) and (0x80 <= data[0] <= 0xBF or data.startswith(SELF_DESCRIBED))


def is_cbor(data: bytes) -> bool:
    """Whether a few bytes are one map or array with something in it."""
    if not may_be_cbor(data) or _is_cut_short(data) or _is_noise(data):
        return False
    try:
        read_cbor(data, _FEW)
    except (ValueError, TooDeep, TooMany):
        return False
    return True


def _is_cut_short(data: bytes) -> bool:
    """Whether the first byte announces more than follows, or nothing: most noise does, and is not read then."""
    kind, info = data[0] >> 5, data[0] & 31
    if kind not in (4, 5) or info in (24, 25, 26, 27, 31):
        return False
    return not info or info > 27 or info * (kind - 3) >= len(data)


def _is_noise(data: bytes) -> bool:
    """Whether its values, one after the other, whatever contains which, do not fill the bytes."""
    at, size = 0, len(data)
    while at < size:
        head = data[at]
        kind, info = head >> 5, head & 31
        at += 1
        if kind == 7:
            if info in _REALS:
                at += 1 << (info - 24)
            elif info != 31 and info not in _SIMPLE:
                return True
            continue
        if info == 31 and 2 <= kind <= 5:
            continue
        if info > 27:
            return True
        count = info
        if info >= 24:
            count = int.from_bytes(data[at : at + (1 << (info - 24))], "big")
            at += 1 << (info - 24)
        if kind in (2, 3):
            at += count
        elif kind in (4, 5) and count > size - at:
            return True
    return at > size


def read_cbor(data: bytes, limit: int) -> Columns:
    """The scalars of one map or array that fills ``data``. Raises ``ValueError``; ``TooMany`` if it has more elements
    than may be built."""
    if not may_be_cbor(data):
        raise ValueError("not a map or array")
    reader = _Reader(data, SPARE * limit)
    value = reader.value(0)
    if reader.at != len(data) or not isinstance(value, dict | list) or not value:
        raise ValueError("not CBOR")
    return flatten(value, limit)


class _Reader:
    def __init__(self, data: bytes, left: int) -> None:
        self.data, self.at, self._left = data, 0, left

    def _take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise ValueError("cut short")
        self.at += size
        return self.data[self.at - size : self.at]

    def _size(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise ValueError("a length that is none")
        return int.from_bytes(self._take(1 << (info - 24)), "big")

    def value(self, depth: int) -> Any:
        """The next value; ``_BREAK`` for the end of one without a length."""
        self._left -= 1
        if self._left < 0:
            raise TooMany("too many elements")
        if depth > _DEPTH:
            raise TooDeep("nested too deep")
        head = self._take(1)[0]
        kind, info = head >> 5, head & 31
        if kind == 7:
            return self._simple(info)
        open_ended = info == 31 and 2 <= kind <= 5
        size = -1 if open_ended else self._size(info)
        if kind == 0:
            return size
        if kind == 1:
            return -1 - size
        if kind in (2, 3):
            raw = self._take(size) if size >= 0 else self._joined(kind, depth)
            return raw if kind == 2 else raw.decode("utf-8")
        if kind == 6:
            return self.value(depth + 1)
        if size > len(self.data) - self.at:
            raise ValueError("cut short")
        return self._list(size, depth) if kind == 4 else self._map(size, depth)

    def _simple(self, info: int) -> object:
        if info == 31:
            return _BREAK
        if info in _REALS:
            return repr(struct.unpack(_REALS[info], self._take(1 << (info - 24)))[0])
        if info in _SIMPLE:
            return _SIMPLE[info]
        raise ValueError("an unassigned value")

    def _joined(self, kind: int, depth: int) -> bytes:
        parts = []
        while (part := self.value(depth + 1)) is not _BREAK:
            if not isinstance(part, bytes if kind == 2 else str):
                raise ValueError("not CBOR")
            parts.append(part if isinstance(part, bytes) else part.encode())
        return b"".join(parts)

    def _list(self, size: int, depth: int) -> list[Any]:
        found: list[Any] = []
        while len(found) != size and (one := self.value(depth + 1)) is not _BREAK:
            found.append(one)
        if 0 <= size != len(found):
            raise ValueError("not CBOR")
        return found

    def _map(self, size: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        count = 0
        while count != size and (key := self.value(depth + 1)) is not _BREAK:
            value = self.value(depth + 1)
            if not isinstance(key, str | int | bytes) or value is _BREAK:
                raise ValueError("not CBOR")
            found[key] = value
            count += 1
        if 0 <= size != count:
            raise ValueError("not CBOR")
        return found
