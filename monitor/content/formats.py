"""Readers of container formats: each returns fields as (path suffix, key, bytes), or raises ``ValueError``."""

from __future__ import annotations

import base64
import binascii
import json
import re
import urllib.parse
import xml.parsers.expat
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgpack


class Item(NamedTuple):
    """A field of a container format. ``suffix`` continues the path: ``.data[3]``."""

    suffix: str
    key: str
    data: bytes


_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_\-$:@]{1,64}")


def key_step(key: str) -> str:
    """``.key`` for an ordinary name; anything else quoted as in JSON, truncated to 64 characters (keys are hostile
    input)."""
    if _PLAIN_KEY.fullmatch(key):
        return f".{key}"
    return f"[{json.dumps(key[:64])}]"


def _scalar(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if value is True:
        return b"true"
    if value is False or value is None:
        return b""
    return str(value).encode("utf-8", "surrogatepass")


def flatten(value: Any, limit: int) -> Iterator[Item]:
    """The scalars of nested dicts and lists, in order, at most ``limit``; without recursion."""
    stack: list[tuple[str, str, Any]] = [("", "", value)]
    steps: dict[str, str] = {}
    count = 0
    while stack and count < limit:
        suffix, key, item = stack.pop()
        if type(item) is str:
            if item or suffix == "":
                count += 1
                yield Item(suffix, key, item.encode("utf-8", "surrogatepass"))
            continue
        if isinstance(item, dict):
            for name, child in reversed(list(item.items())):
                text = name if isinstance(name, str) else _scalar(name).decode("utf-8", "replace")
                step = steps.get(text)
                if step is None:
                    step = steps[text] = key_step(text)
                stack.append((suffix + step, text, child))
        elif isinstance(item, list | tuple):
            stack.extend((f"{suffix}[{i}]", key, child) for i, child in reversed(list(enumerate(item))))
        elif (data := _scalar(item)) or suffix == "":
            count += 1
            yield Item(suffix, key, data)


def read_json(data: bytes) -> Any:
    """JSON with numbers kept as text (so that an IMEI sent as a number loses no digit). Raises ``ValueError``."""
    try:
        return json.loads(data, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        raise ValueError("nested too deep") from None


def read_json_lines(data: bytes) -> list[Any]:
    """Newline-delimited JSON, two lines or more. Raises ``ValueError``."""
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) < 2 or any(line.strip()[:1] not in (b"{", b"[") for line in lines):
        raise ValueError("not JSON lines")
    return [read_json(line) for line in lines]


def read_msgpack(data: bytes) -> Any:
    """One MessagePack map or array that fills ``data``. Raises ``ValueError``."""
    if not data or not (0x80 <= data[0] <= 0x9F or 0xDC <= data[0] <= 0xDF):
        raise ValueError("not a map or array")
    try:
        return msgpack.unpackb(data, raw=False, strict_map_key=False, unicode_errors="surrogateescape")
    except (msgpack.exceptions.UnpackException, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise ValueError(str(error)[:80]) from None


_FORM: Final = re.compile(rb"[^&=\s{}<>\"]{1,128}=[^&\s<>]*(?:&[^&=\s{}<>\"]{1,128}(?:=[^&\s<>]*)?)*&?")


def read_form(data: bytes, limit: int, *, strict: bool = True) -> list[Item]:
    """Fields of ``a=b&c=d``. ``strict``: only if it looks like a form. Raises ``ValueError``."""
    if strict and (b"=" not in data.strip().rstrip(b"=") or not _FORM.fullmatch(data.strip())):
        raise ValueError("not a form")  # what ends in = and has no other = is base64
    pairs = data.strip().split(b"&", limit)[:limit]
    found = []
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        if name or value:
            text = urllib.parse.unquote_to_bytes(name.replace(b"+", b" ")).decode("utf-8", "replace")
            found.append(Item(key_step(text), text, urllib.parse.unquote_to_bytes(value.replace(b"+", b" "))))
    if not found:
        raise ValueError("empty form")
    return found


_NAME: Final = re.compile(rb'\bname="?([^";\r\n]*)"?', re.I)
_BOUNDARY: Final = re.compile(r'boundary="?([^";,\s]{1,200})"?', re.I)


def read_multipart(data: bytes, content_type: str, limit: int) -> list[Item]:
    """Parts of a multipart body by its boundary (taken from the first line if the header has none). Raises
    ``ValueError``."""
    match = _BOUNDARY.search(content_type)
    if match:
        boundary = b"--" + match[1].encode("latin-1", "replace")
    else:
        boundary = data[:200].partition(b"\r\n")[0]
        if not boundary.startswith(b"--") or len(boundary) < 6:
            raise ValueError("no boundary")
    found: list[Item] = []
    for number, part in enumerate(data.split(boundary, limit)[1:]):
        if part.startswith(b"--"):
            break
        head, gap, body = part.partition(b"\r\n\r\n")
        if not gap:
            continue
        name = _NAME.search(head)
        key = name[1].decode("utf-8", "replace") if name else ""
        found.append(Item(key_step(key) if key else f"[{number}]", key, body.removesuffix(b"\r\n")))
    if not found:
        raise ValueError("no parts")
    return found


def read_xml(data: bytes, limit: int) -> list[Item]:
    """Texts and attributes of an XML document. A document type is refused: no entities. Raises ``ValueError``."""
    found: list[Item] = []
    path: list[str] = []
    text: list[list[str]] = []

    def refuse(*_: object) -> None:
        raise ValueError("document type")

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(path) > 200 or len(found) >= limit:
            raise ValueError("too large")
        path.append(key_step(name))
        text.append([])
        place = "".join(path)
        found.extend(Item(f"{place}.@{k[:64]}", k, v.encode()) for k, v in attributes.items())

    def end(name: str) -> None:
        joined = "".join(text.pop()).strip()
        if joined:
            found.append(Item("".join(path), name, joined.encode()))
        path.pop()

    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda chars: text[-1].append(chars) if text else None
    try:
        parser.Parse(data, True)
    except xml.parsers.expat.ExpatError as error:
        raise ValueError(str(error)) from None
    if not found:
        raise ValueError("no text")
    return found


_B64: Final = re.compile(rb"[A-Za-z0-9+/_\-\s]{11,}={0,2}\s*")
_JWT: Final = re.compile(rb"eyJ[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*")
_HEX: Final = re.compile(rb"(?:0[xX])?((?:[0-9a-fA-F]{2}){4,})")
_UNICODE: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")


def read_base64(data: bytes) -> bytes:
    """Base64 in either alphabet, padded or not, line breaks allowed. Raises ``ValueError``."""
    if not _B64.fullmatch(data):
        raise ValueError("not base64")
    packed = b"".join(data.split()).rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    if len(packed) % 4 == 1:
        raise ValueError("length")
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def read_hex(data: bytes) -> bytes:
    """Hexadecimal digits as bytes. Raises ``ValueError``."""
    match = _HEX.fullmatch(data.strip())
    if not match:
        raise ValueError("not hex")
    return bytes.fromhex(match[1].decode())


def read_jwt(data: bytes) -> list[Item]:
    """Header and payload of a JSON web token. Raises ``ValueError``."""
    token = data.strip()
    if token[:7].lower() == b"bearer ":
        token = token[7:].strip()
    if not _JWT.fullmatch(token):
        raise ValueError("not a token")
    head, payload, _ = token.split(b".")
    return [Item(".header", "", read_base64(head)), Item(".payload", "", read_base64(payload))]


def unescape(text: str) -> str:
    r"""``\uXXXX`` undone, surrogate pairs joined. Raises ``ValueError`` when there is none."""

    def one(match: re.Match[str]) -> str:
        units = bytes.fromhex(match[0].replace("\\u", ""))
        return units.decode("utf-16-be", "replace")

    result, count = _UNICODE.subn(one, text)
    if not count:
        raise ValueError("no escapes")
    return result
