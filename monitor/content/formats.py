"""Text formats, read as fields or bytes, and bytes written as text: hexadecimal, base32, base64 and base85, in the
alphabets that apps use. Readers of formats raise ``ValueError``."""

import base64
import binascii
import re
import string
import xml.parsers.expat
from collections.abc import Iterator
from itertools import permutations
from typing import Final
from urllib.parse import unquote_to_bytes as unquote

from monitor.content.binary import printable, readable
from monitor.content.tree import Columns, Exceeded, columns, key_step

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


#: Possessive: it cannot match in another way, and must not remember the places of a large body to try.
_FORM: Final = re.compile(rb"[^&=\s{}<>\"]{1,128}+=[^&\s<>]*+(?:&[^&=\s{}<>\"]{1,128}+(?:=[^&\s<>]*+)?+)*+&?+")


def read_form(data: bytes, limit: int, *, strict: bool = True) -> Columns:
    """Fields of ``a=b&c=d``. ``strict``: only if it looks like a form. Raises ``ValueError``."""
    data = data.strip()
    if strict and (b"=" not in data.rstrip(b"=") or not _FORM.fullmatch(data)):
        raise ValueError("not a form")  # what ends in = and has no other = is base64
    if b"+" in data:
        data = data.replace(b"+", b" ")
    found: list[bytes] = []
    names: list[str] = []
    for pair in data.split(b"&", limit)[:limit]:
        name, _, value = pair.partition(b"=")
        if name or value:
            names.append((unquote(name) if b"%" in name else name).decode("utf-8", "replace"))
            found.append(unquote(value) if b"%" in value else value)
    if not found:
        raise ValueError("empty form")
    return Columns(found, list(map(str.lower, names)), list(map(key_step, names)))


_ATTRIBUTE: Final = re.compile(rb"=\s*[\"']")
_NAME: Final = re.compile(rb'\bname="?([^";\r\n]*)"?', re.I)
_BOUNDARY: Final = re.compile(r'boundary="?([^";,\s]{1,200})"?', re.I)


def read_multipart(data: bytes, content_type: str, limit: int) -> Columns:
    """Parts of a multipart body by its boundary (taken from the first line if the header has none). Raises
    ``ValueError``."""
    match = _BOUNDARY.search(content_type)
    if match:
        boundary = b"--" + match[1].encode("latin-1", "replace")
    else:
        boundary = data[:200].partition(b"\r\n")[0]
        if not boundary.startswith(b"--") or len(boundary) < 6:
            raise ValueError("no boundary")
    found: list[tuple[str, str, bytes]] = []
    for number, part in enumerate(data.split(boundary, limit)[1:]):
        if part.startswith(b"--"):
            break
        head, gap, body = part.partition(b"\r\n\r\n")
        if not gap:
            continue
        name = _NAME.search(head)
        key = name[1].decode("utf-8", "replace") if name else ""
        found.append((key_step(key) if key else f"[{number}]", key, body.removesuffix(b"\r\n")))
    if not found:
        raise ValueError("no parts")
    return columns(found)


def read_xml(data: bytes, limit: int) -> Columns:
    """Texts and attributes of an XML document; of one with more than ``limit`` elements, the first are read. A document
    type is refused: no entities. Raises ``ValueError``."""
    if any(number >= 2 * limit for number, _ in enumerate(_ATTRIBUTE.finditer(data))):
        raise Exceeded("nodes")  # all attributes of an element are built at once
    elements = 0
    found: list[tuple[str, str, bytes]] = []
    path: list[str] = []
    text: list[list[str]] = []

    def refuse(*_: object) -> None:
        raise ValueError("document type")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if len(path) > 200:
            raise Exceeded("nesting")
        if len(found) >= limit or elements > limit:
            raise Exceeded("nodes")
        path.append(key_step(name))
        text.append([])
        place = "".join(path)
        found.extend((f"{place}.@{k[:64]}", k, v.encode()) for k, v in attributes.items())

    def end(name: str) -> None:
        joined = "".join(text.pop()).strip()
        if joined:
            found.append(("".join(path), name, joined.encode()))
        path.pop()

    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True  # also over comments: a text is in few pieces, whatever is between its characters
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda chars: text[-1].append(chars) if text else None
    whole = True
    try:
        parser.Parse(data, True)
    except Exceeded as limit_reached:
        if str(limit_reached) != "nodes":
            raise
        whole = False
        if text and (rest := "".join(text[-1]).strip()):
            found.append(("".join(path), "", rest.encode()))
    except xml.parsers.expat.ExpatError as error:
        raise ValueError(str(error)) from None
    if not found and whole:
        raise ValueError("no text")
    return columns(found, whole=whole)


_JWT: Final = re.compile(rb"eyJ[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*")
_UNICODE: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
#: What stands before the JSON of a packet of Engine.IO and Socket.IO: length, types, number of attachments, namespace,
#: acknowledgement.
_SOCKET_IO: Final = re.compile(rb"(?:\d{1,6}:)?\d{1,2}(?:\d{0,3}-)?(?:/[^,\[{\"]{0,64},)?\d{0,10}(?=[\[{])")
_SOCKET_IO_HEAD: Final = 90


def socket_io(data: bytes) -> bytes | None:
    """The JSON of a Socket.IO packet; None = it is none."""
    if b"[" not in (head := data[:_SOCKET_IO_HEAD]) and b"{" not in head:
        return None
    match = _SOCKET_IO.match(data)
    return data[match.end() :] if match else None


def engine_io(data: bytes) -> bytes | None:
    """The bytes of a binary packet of Engine.IO as text, ``b`` and the type before its base64; None = it is none."""
    return unbase64(data[2:] if data[1:2] == b"4" and len(data) % 4 == 2 else data[1:])


def read_jwt(data: bytes) -> Columns:
    """Header and payload of a JSON web token. Raises ``ValueError``."""
    token = data.strip()
    if token[:7].lower() == b"bearer ":
        token = token[7:].strip()
    head, payload = map(unbase64, token.split(b".")[:2]) if _JWT.fullmatch(token) else (None, None)
    if head is None or payload is None:
        raise ValueError("not a token")
    return columns([(".header", "", head), (".payload", "", payload)])


def unescape(text: str) -> str:
    r"""``\uXXXX`` undone, surrogate pairs joined. Raises ``ValueError`` when there is none."""
    result, count = _UNICODE.subn(
        lambda match: bytes.fromhex(match[0].replace("\\u", "")).decode("utf-16-be", "replace"), text
    )
    if not count:
        raise ValueError("no escapes")
    return result
