"""Protocol buffers without a schema: walk the wire format and keep what could be meaningful."""

import struct
from typing import Final, NamedTuple

_MAX_FIELD: Final = 1 << 20
_BREAKS: Final = {ord(c): None for c in "\r\n\t"}


class Field(NamedTuple):
    """One field: number, wire type (0 varint, 1 64 bits, 2 bytes, 5 32 bits) and its value."""

    number: int
    wire: int
    data: bytes
    """Text of a varint, or the raw bytes."""


_UNUSED: Final = frozenset({3, 4, 6, 7})
#: Bytes that no first field begins with: number 0, or a wire type that is not in use.
NO_FIELD: Final = frozenset(byte for byte in range(256) if byte & 7 in _UNUSED or byte < 8)


def read(data: bytes, limit: int = 20_000) -> list[Field] | None:
    """All fields of ``data`` read as one message; None if it is none: most bytes are not, after a field or two."""
    if not data or data[0] in NO_FIELD:
        return None
    fields: list[tuple[int, int, int, int]] = []
    at, size = 0, len(data)
    while at < size:
        key = data[at]
        if key in NO_FIELD:
            return None
        at += 1
        if key >= 128:
            key, at = _varint(data, at, size)
        number, wire = key >> 3, key & 7
        if not 0 < number <= _MAX_FIELD or at >= size or len(fields) >= limit:
            return None
        if wire in (0, 2):
            value = data[at]
            at += 1
            if value >= 128:
                value, at = _varint(data, at, size)
                if value < 0:
                    return None
            if wire == 0:
                fields.append((number, wire, value, at))
                continue
        else:
            value = 8 if wire == 1 else 4
        if value > size - at:
            return None
        fields.append((number, wire, at, at + value))
        at += value
    return [Field(n, wire, data[one:end] if wire else b"%d" % one) for n, wire, one, end in fields]


def _varint(data: bytes, at: int, size: int) -> tuple[int, int]:
    """The number whose first byte, one of several, lies before ``at``, and where it ends; -1 = it does not."""
    value, shift = data[at - 1] & 127, 7
    while at < size and shift <= 63:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    return -1, at


def as_float(field: Field) -> tuple[float, str] | None:
    """The floating-point interpretation of a fixed field with its type, or None."""
    if field.wire == 1:
        return struct.unpack("<d", field.data)[0], "float64"
    if field.wire == 5:
        return struct.unpack("<f", field.data)[0], "float32"
    return None


def plausible(fields: list[Field], depth: int = 5) -> bool:
    """Whether the interpretation looks intended: small field numbers and at least one text or several fields.

    Random bytes often parse, but seldom contain a printable string of four characters or more. ``depth``: how many
    layers of messages in it are looked into.
    """
    if any(f.number > 4096 for f in fields):
        return False
    parts = [f.data for f in fields if f.wire == 2]
    if any(map(printable, parts)):
        return True
    inner = (read(data, 2000) for data in parts if depth and len(data) >= 4)
    return any(below is not None and plausible(below, depth - 1) for below in inner)


def is_position(fields: list[Field]) -> bool:
    """Two fixed fields that can be a latitude and a longitude: a message containing only a position."""
    reals = [r[0] for f in fields if (r := as_float(f))]
    return len(reals) >= 2 and all(1e-3 < abs(r) <= 180 for r in reals[:2])


def printable(data: bytes, least: int = 4) -> bool:
    """UTF-8 text of at least ``least`` bytes without control characters."""
    if len(data) < least:
        return False
    try:
        text = data[:4096].decode("utf-8", "strict" if len(data) <= 4096 else "ignore")
    except UnicodeDecodeError:
        return False
    return text.isprintable() or text.translate(_BREAKS).isprintable()


def grpc_messages(data: bytes) -> list[tuple[bool, bytes]]:
    """The length-prefixed messages of a gRPC body: (compressed, bytes). Raises ``ValueError``."""
    found: list[tuple[bool, bytes]] = []
    at = 0
    while at < len(data):
        if len(data) - at < 5 or data[at] > 1 or len(found) >= 10_000:
            raise ValueError("gRPC frame")
        size = int.from_bytes(data[at + 1 : at + 5], "big")
        if size > len(data) - at - 5:
            raise ValueError("gRPC frame is cut short")
        found.append((data[at] == 1, data[at + 5 : at + 5 + size]))
        at += 5 + size
    return found
