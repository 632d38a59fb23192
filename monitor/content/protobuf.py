"""Protocol buffers without a schema: walk the wire format and keep what could be meaningful."""

from __future__ import annotations

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


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("varint")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def walk(data: bytes, limit: int = 20_000) -> list[Field]:
    """All fields of ``data`` read as one message, at most ``limit``. Raises ``ValueError`` if it is not one."""
    fields: list[Field] = []
    at = 0
    while at < len(data):
        if len(fields) >= limit:
            raise ValueError("too many fields")
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if not 0 < number <= _MAX_FIELD:
            raise ValueError("field number")
        if wire == 0:
            value, at = _varint(data, at)
            fields.append(Field(number, wire, str(value).encode()))
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError("wire type")
        if size > len(data) - at:
            raise ValueError("short")
        fields.append(Field(number, wire, data[at : at + size]))
        at += size
    if not fields:
        raise ValueError("empty")
    return fields


def as_float(field: Field) -> tuple[float, str] | None:
    """The floating-point interpretation of a fixed field with its type, or None."""
    if field.wire == 1:
        return struct.unpack("<d", field.data)[0], "float64"
    if field.wire == 5:
        return struct.unpack("<f", field.data)[0], "float32"
    return None


def plausible(fields: list[Field]) -> bool:
    """Whether the interpretation looks intended: small field numbers and at least one text or several fields.

    Random bytes often parse, but seldom contain a printable string of four characters or more.
    """
    if any(f.number > 4096 for f in fields):
        return False
    return any(f.wire == 2 and printable(f.data) for f in fields) or any(
        f.wire == 2 and len(f.data) >= 4 and _nested(f.data) for f in fields
    )


def _nested(data: bytes, depth: int = 4) -> bool:
    try:
        fields = walk(data, 2000)
    except ValueError:
        return False
    if any(f.number > 4096 for f in fields):
        return False
    return any(f.wire == 2 and printable(f.data) for f in fields) or (
        depth > 0 and any(f.wire == 2 and len(f.data) >= 4 and _nested(f.data, depth - 1) for f in fields)
    )


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
