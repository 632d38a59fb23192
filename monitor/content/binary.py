"""Binary formats without a schema: protocol buffers, MessagePack and CBOR, and whether a few bytes mean anything.

Protocol buffers are read here: ``bbpb`` 1.4 was tried, and takes ten times as long for noise, which most bytes are, and
19 times as long for a message.
MessagePack and CBOR are read by ``msgpack`` and ``cbor2``, their elements counted before any is built.
"""

import codecs
import io
import struct
from functools import partial
from typing import Any, Final, NamedTuple

import msgpack

from monitor.content import codings
from monitor.content.tree import Columns, Exceeded
from monitor.content.values import SPARE, flatten

#: No text has these.
CONTROLS: Final = bytes(c for c in range(256) if (c < 32 and c not in b"\t\r\n") or c == 127)
_BREAKS: Final = {ord(c): None for c in "\r\n\t"}
#: As many bytes are not looked into: they count as sensible.
_MANY: Final = 32


def printable(data: bytes, least: int = 4) -> bool:
    """UTF-8 text of at least ``least`` bytes without control characters."""
    if len(data) < least:
        return False
    try:
        text = codecs.utf_8_decode(data[:4096], "strict", len(data) <= 4096)[0]  # the cut may part a character
    except UnicodeDecodeError:
        return False
    return text.isprintable() or text.translate(_BREAKS).isprintable()


def sensible(data: bytes) -> bool:
    """Whether decoded bytes look meaningful: random strings of an encoding's alphabet decode to noise."""
    if len(data) >= _MANY or data.startswith(codings.MAGICS):
        return True
    if printable(data) and len(data.translate(None, CONTROLS)) == len(data):
        return True
    fields = read_protobuf(data)
    if fields is not None and (plausible(fields) or is_position(fields)):
        return True
    for begins, read in ((may_be_msgpack, read_msgpack), (may_be_cbor, read_cbor)):
        try:
            if begins(data) and read(data, _MANY).data:
                return True
        except ValueError:
            continue
    return False


def readable(data: bytes) -> bool:
    """Whether a few bytes are plain text, or begin something compressed."""
    if data.startswith(codings.MAGICS[:-1]):
        return True
    return len(data.translate(None, CONTROLS)) == len(data) and printable(data, 1)


class Field(NamedTuple):
    """One field: number, wire type (0 varint, 1 64 bits, 2 bytes, 5 32 bits) and its value."""

    number: int
    wire: int
    data: bytes
    """Text of a varint, or the raw bytes."""


_MAX_FIELD: Final = 1 << 20
_UNUSED: Final = frozenset({3, 4, 6, 7})
#: Bytes of a value by its wire type; 0 = it is, or begins with, a varint.
_WIDTHS: Final = (0, 8, 0, 0, 0, 4)
#: Bytes that no first field begins with: number 0, or a wire type that is not in use.
NO_FIELD: Final = frozenset(byte for byte in range(256) if byte & 7 in _UNUSED or byte < 8)


def read_protobuf(data: bytes, limit: int = 20_000) -> list[Field] | None:
    """All fields of ``data`` read as one message; None if it is none: most bytes are not, after a field or two."""
    if not data:
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
        value = _WIDTHS[wire]
        if not value:
            value, at = data[at], at + 1
            if value >= 128:
                value, at = _varint(data, at, size)
        begin, at = (at, at + value) if wire else (value, at)
        if value < 0 or at > size:
            return None
        fields.append((number, wire, begin, at))
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
    inner = (read_protobuf(data, 2000) for data in parts if depth and len(data) >= 4)
    return any(below is not None and plausible(below, depth - 1) for below in inner)


def is_position(fields: list[Field]) -> bool:
    """Two fixed fields that can be a latitude and a longitude: a message containing only a position."""
    reals = [r[0] for f in fields if (r := as_float(f))]
    return len(reals) >= 2 and all(1e-3 < abs(r) <= 180 for r in reals[:2])


_UNPACK: Final = partial(msgpack.unpackb, raw=False, strict_map_key=False, unicode_errors="surrogateescape")
_UNREADABLE: Final = (msgpack.exceptions.UnpackException, ValueError, TypeError, RecursionError, OverflowError)


def may_be_msgpack(data: bytes) -> bool:
    """Whether the first byte begins a map or an array."""
    return bool(data) and (0x80 <= data[0] <= 0x9F or 0xDC <= data[0] <= 0xDF)


def read_msgpack(data: bytes, limit: int) -> Columns:
    """The scalars of one MessagePack map or array that fills ``data``. Raises ``ValueError``; ``Exceeded`` if it has
    more elements than may be built."""
    if not may_be_msgpack(data):
        raise ValueError("not a map or array")
    left = SPARE * limit

    def counted(items: list[Any]) -> list[Any]:
        nonlocal left
        left -= len(items) + 1
        if left < 0:
            raise Exceeded("nodes")
        return items

    hooks: dict[str, Any] = {}
    if len(data) > left:  # an element takes a byte at least
        hooks = {"list_hook": counted, "object_pairs_hook": lambda pairs: dict(counted(pairs))}
        hooks |= {"max_array_len": left, "max_map_len": left}
    try:
        value = _UNPACK(data, **hooks)
    except Exceeded:
        raise
    except _UNREADABLE as error:
        size, _, kind = str(error).partition(" exceeds max_")
        if kind and 0 < int(size) * (2 if kind.startswith("map") else 1) < len(data):  # else it cannot be true
            raise Exceeded("nodes") from None
        raise ValueError(str(error)[:80]) from None
    return flatten(value, limit)


_CBOR_TAGGED: Final = b"\xd9\xd9\xf7"
_CBOR_DEPTH: Final = 100
#: First bytes of no value: sizes that are reserved, none stated where one must be, simple values without a meaning.
_NO_CBOR: Final = frozenset(
    byte for byte in range(256)
    if byte & 31 in (28, 29, 30) or byte in (0x1F, 0x3F, 0xDF) or 0xE0 <= byte <= 0xF3 or byte == 0xF8
)  # fmt: skip
#: Tags that cbor2 gives a meaning: none is given here, where a shared reference could stand for more than was sent.
_TAGS: Final = dict.fromkeys((*range(40), 100, 256, 258, 260, 261, 1004, 43000, 55799), lambda value, _: value)


def may_be_cbor(data: bytes) -> bool:
    """Whether the first bytes begin a map or an array."""
    return bool(data) and (0x80 <= data[0] <= 0xBF or data.startswith(_CBOR_TAGGED))


def read_cbor(data: bytes, limit: int) -> Columns:
    """The scalars of one map or array (RFC 8949) that fills ``data``. Raises ``ValueError``; ``Exceeded`` if it has
    more elements than may be built."""
    if not may_be_cbor(data):
        raise ValueError("not a map or array")
    _count_cbor(data, SPARE * limit)
    import cbor2  # few messages need it

    source = io.BytesIO(data)
    decoder = cbor2.CBORDecoder(
        source, semantic_decoders=_TAGS, max_depth=_CBOR_DEPTH, tag_hook=lambda tag, _: tag.value
    )
    try:
        value = decoder.decode()
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)[:80]) from None
    if source.tell() != len(data) or not value:
        raise ValueError("not CBOR")
    return flatten(value, limit)


def _count_cbor(data: bytes, left: int) -> None:
    """Walk over the values one after the other, whatever contains which. Raises ``ValueError`` if they do not fill the
    bytes, ``Exceeded`` if there are more than ``left``."""
    at, size = 0, len(data)
    while at < size:
        left -= 1
        if left < 0:
            raise Exceeded("nodes")
        if data[at] in _NO_CBOR:
            raise ValueError("not CBOR")
        kind, count = data[at] >> 5, data[at] & 31
        at += 1
        if count == 31:
            continue  # of no stated size
        if count >= 24:
            width = 1 << (count - 24)
            count = int.from_bytes(data[at : at + width], "big")
            at += width
        if kind in (2, 3):
            at += count
        elif kind in (4, 5) and count > size - at:
            raise ValueError("not CBOR")
    if at > size:
        raise ValueError("cut short")
