"""Readers of text formats: each returns fields or bytes, or raises ``ValueError``."""

import re
import xml.parsers.expat
from typing import Final
from urllib.parse import unquote_to_bytes as unquote

from monitor.content.bases import unbase64
from monitor.content.tree import Columns, Exceeded, columns, key_step

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
