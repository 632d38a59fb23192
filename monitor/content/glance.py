"""Whether a few bytes that an encoding yields mean anything: random strings of its alphabet decode to noise.

Nearly all noise is told by one look: it is no text, and read as the fields of protocol buffers, or as the values of
MessagePack or CBOR one after the other, it does not end where it should. What passes is asked reader by reader.
"""

import functools
import re
from collections.abc import Iterable
from typing import Final

from monitor.content import cbor, codings, protobuf, values

#: No text has these.
CONTROLS: Final = bytes(c for c in range(256) if (c < 32 and c not in b"\t\r\n") or c == 127)
#: As many bytes are not looked into: they count as sensible.
_MANY: Final = 32


def _one(members: Iterable[int]) -> bytes:
    """Any of these bytes."""
    return b"[%b]" % b"".join(b"\\x%02x" % byte for byte in members)


def _then(first: bytes, more: int = 0) -> bytes:
    """A byte that says how many follow (and ``more``), after ``first``."""
    return b"%b(?:%b)" % (first, b"|".join(b"\\x%02x.{%d}" % (size, size + more) for size in range(_MANY)))


def _held(first: int, most: int) -> bytes:
    """The same, with the number of bytes in the first one."""
    return b"|".join(b"\\x%02x.{%d}" % (first + size, size) for size in range(most))


def _key(wire: int) -> bytes:
    """Number and wire type of a field."""
    keys = sorted(key for key in range(8, 256) if key & 7 == wire)
    return rb"(?:%b|%b[\x80-\xff]{0,8}[\x00-\x7f])" % (
        _one(key for key in keys if key < 128), _one((*range(128 | wire, 256, 8),))
    )  # fmt: skip


def _heads(kinds: Iterable[int], more: int) -> bytes:
    """CBOR's first bytes that are followed by 1, 2, 4 or 8 more."""
    return _one(kind << 5 | info for kind in kinds for info in (24 + more.bit_length() - 1,)) + b".{%d}" % more


_TEXT: Final = (_one(byte for byte in range(128) if byte not in CONTROLS), rb"[\xc2-\xf4][\x80-\xbf]++")
_PROTOBUF: Final = (
    _key(0) + rb"[\x80-\xff]{0,9}[\x00-\x7f]",
    _key(1) + b".{8}",
    _key(5) + b".{4}",
    _then(_key(2)),
    _key(2) + rb"[\x80-\xff][\x00\x80-\xff].*",  # a size in more bytes than it needs
)
_MSGPACK: Final = (
    rb"[\x00-\x9f\xc0\xc2\xc3\xe0-\xff]", rb"[\xcc\xd0].", rb"[\xcd\xd1\xdc\xde].{2}", rb"[\xca\xce\xd2\xdd\xdf].{4}",
    rb"[\xcb\xcf\xd3].{8}", rb"\xd4.{2}|\xd5.{3}|\xd6.{5}|\xd7.{9}|\xd8.{17}", _held(0xA0, 32), _then(rb"[\xc4\xd9]"),
    _then(rb"[\xc5\xda]\x00"), _then(rb"[\xc6\xdb]\x00{3}"), _then(rb"\xc7", more=1), _then(rb"\xc8\x00", more=1),
    _then(rb"\xc9\x00{3}", more=1),
)  # fmt: skip
_NUMBERS: Final = (0, 1, 4, 5, 6)
_CBOR: Final = (
    _one(kind << 5 | info for kind in _NUMBERS for info in range(24)), rb"[\x5f\x7f\x9f\xbf\xff\xf4-\xf7]",
    _heads(_NUMBERS, 1), *(_heads((*_NUMBERS, 7), more) for more in (2, 4, 8)), _held(0x40, 24), _held(0x60, 24),
    _then(rb"[\x58\x78]"), _then(rb"[\x59\x79]\x00"), _then(rb"[\x5a\x7a]\x00{3}"), _then(rb"[\x5b\x7b]\x00{7}"),
)  # fmt: skip


@functools.cache
def _meant() -> re.Pattern[bytes]:
    """Compiled when something is first asked for: that takes as long as asking thousands of times."""
    whole = (
        *(rb"(?:%b)++\Z" % b"|".join(parts) for parts in (_TEXT, _PROTOBUF)),
        rb"(?=[\x80-\x9f\xdc-\xdf])(?:%b)++\Z" % b"|".join(_MSGPACK),
        rb"(?=[\x80-\xbf])(?:%b)++\Z" % b"|".join(_CBOR),
    )
    return re.compile(b"|".join((*whole, *map(re.escape, codings.MAGICS))), re.DOTALL)


def sensible(data: bytes) -> bool:
    """Whether decoded bytes look meaningful."""
    if len(data) >= _MANY:
        return True
    if _meant().match(data) is None:
        return False
    if data.startswith(codings.MAGICS):
        return True
    if len(data.translate(None, CONTROLS)) == len(data) and protobuf.printable(data):
        return True
    fields = protobuf.read(data)
    if fields is not None and (protobuf.plausible(fields) or protobuf.is_position(fields)):
        return True
    return values.is_msgpack(data) or (data[0] < 0xC0 and cbor.is_cbor(data))
