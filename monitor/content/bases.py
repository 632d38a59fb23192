"""Bytes written as text: hexadecimal, base32, base64 and base85, in the alphabets that apps use."""

import base64
import binascii
import re
import string
from collections.abc import Iterator
from itertools import permutations
from typing import Final

from monitor.content.binary import printable, readable

_HEX: Final = b"0123456789abcdefABCDEF"
_SPACES: Final = b" \t\r\n\v\f"
_STANDARD64: Final = bytes.maketrans(b"-_", b"+/")
_B64: Final = re.compile(rb"[A-Za-z0-9+/_\-\s]{11,}={0,2}\s*")
_PADDING: Final = (b"", b"", b"==", b"=")
#: Characters that tell whether they are base64 of text: in ASCII, and in any characters.
_TELLS, _TELLS_MORE = 16, 48
_BLOCKS: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
_BASE32: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE32_LEAST, _BASE32_LONGEST = 13, 63
FROM_BASE32HEX: Final = bytes.maketrans(b"0123456789ABCDEFGHIJKLMNOPQRSTUV", _BASE32)
#: Characters of a last group of eight that stand for whole bytes.
LAST_GROUPS: Final = frozenset({0, 2, 4, 5, 7})
#: Characters of which base85 of twenty characters has at least one, and hardly any other text without spaces.
_MARKS85: Final = b"!#$%&()*+;<=>?@^`{|}~"
_PRINTED: Final = bytes(range(33, 127))
_Z85: Final = bytes.maketrans(
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#",
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~",
)
_NOT_Z85: Final = b"\"',;\\_`|~"
_BASE85_HEAD: Final = 20


def unhex(data: bytes) -> bytes | None:
    """Hexadecimal digits, with or without ``0x``, as bytes; None = they are none, or fewer than eight."""
    digits = data.strip()
    if digits[1:2] in (b"x", b"X") and digits[:1] == b"0":
        digits = digits[2:]
    if len(digits) < 8 or len(digits) % 2 or digits.translate(None, _HEX):
        return None
    return binascii.a2b_hex(digits)


def unpadded64(text: bytes) -> bytes | None:
    """What base64 stands for, in either alphabet, padded or not; None if it is cut short or has other characters."""
    packed = text.rstrip(b"=").translate(_STANDARD64)
    if len(packed) % 4 == 1:
        return None
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error:
        return None


def unbase64(data: bytes) -> bytes | None:
    """The same for eleven characters and more, line breaks allowed."""
    if data.isalnum():
        if len(data) < 11 or len(data) % 4 == 1:
            return None
        return binascii.a2b_base64(data + _PADDING[len(data) % 4])
    return unpadded64(data.translate(None, _SPACES)) if _B64.fullmatch(data) else None


#: From the alphabets that people make of base64's characters, capitals, small letters and digits in another order.
_ORDERS: Final = tuple(
    bytes.maketrans("".join(order).encode(), "".join(_BLOCKS).encode()) for order in permutations(_BLOCKS)
)[1:]


def unbase64_reordered(data: bytes) -> bytes | None:
    """Text in base64 with such an alphabet; None = it is none. Random characters are text of 12 bytes in one of these
    once in 20,000 times."""
    plain = unbase64(data) if len(data) >= _TELLS else None
    if plain is None or printable(plain):
        return None
    for order in _ORDERS:
        if _begins_text(data, order):  # before a large body is rewritten
            whole = unbase64(data.translate(order))
            if whole is not None and printable(whole):
                return whole
    return None


def _begins_text(data: bytes, order: bytes) -> bool:
    """Whether it begins in ASCII, lines too; in other characters more of it must be text."""
    head = unbase64(data[:_TELLS].translate(order))
    if head is None or head.isascii():
        return head is not None and printable(head)
    more = unbase64(data[:_TELLS_MORE].translate(order)) if len(data) >= _TELLS_MORE else None
    return more is not None and any(printable(more[: len(more) - cut]) for cut in range(4))  # not in a character


def unbase32(data: bytes, alphabet: bytes | None = None) -> bytes | None:
    """Base32 in one case, padded or not; None = it is none, or fewer than eight bytes. ``alphabet``: a table from
    another one in capitals, such as ``FROM_BASE32HEX``."""
    text = data.rstrip(b"=")
    if len(text) < _BASE32_LEAST or len(text) % 8 not in LAST_GROUPS or not (text.isupper() or text.islower()):
        return None
    plain = text.upper() if alphabet is None else text.upper().translate(alphabet)
    if plain.translate(None, _BASE32):
        return None
    return base64.b32decode(plain + b"=" * (-len(plain) % 8))


def base32_label(text: bytes) -> Iterator[bytes]:
    """What a label of a host name, of 13 to 63 characters in any case, is in base32 and in base32hex."""
    folded = text.lower()
    for alphabet in (None, FROM_BASE32HEX) if len(text) <= _BASE32_LONGEST and b"=" not in text else ():
        if (data := unbase32(folded, alphabet)) is not None:
            yield data


def unbase85(data: bytes) -> Iterator[bytes]:
    """What a text of twenty characters or more is in base85, in each of its three alphabets (of Git, of Adobe, of
    ZeroMQ) in which its beginning is readable."""
    text = data.removeprefix(b"<~").removesuffix(b"~>")
    if len(text) < _BASE85_HEAD or b"://" in text[:12] or len(text.translate(None, _MARKS85)) == len(text):
        return
    if text.translate(None, _PRINTED):
        return
    for read in (base64.b85decode, base64.a85decode, _unz85):
        try:
            if readable(read(text[:_BASE85_HEAD])):
                yield read(text)
        except ValueError:
            continue


def _unz85(text: bytes) -> bytes:
    if text.translate(None, _NOT_Z85) != text:
        raise ValueError("not Z85")
    return base64.b85decode(text.translate(_Z85))
