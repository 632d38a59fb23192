"""The XML of ``uiautomator dump`` as a flat list of nodes. It comes from a device, so: no DTD, no entities, bounded."""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from monitor.session.handset import Node

MAX_BYTES: Final = 16_000_000
_MAX_NODES: Final = 20_000
_MAX_DEPTH: Final = 200
_MAX_TEXT: Final = 20_000

_BOUNDS = re.compile(r"\[(-?\d{1,6}),(-?\d{1,6})\]\[(-?\d{1,6}),(-?\d{1,6})\]")
_REFERENCE = re.compile(r"&#(\d{1,8}|x[0-9A-Fa-f]{1,6});")
_PAIR = re.compile(r"&#(5[56]\d{3});&#(5[67]\d{3});")
_ERRORS = ("ERROR:", "Killed", "already registered", "Exception")


class BadTree(ValueError):
    """The text is not a dump: too large, too deep, not well-formed or with a document type."""


def nodes(data: bytes) -> list[Node]:
    """All nodes in document order. Raises ``BadTree``."""
    if len(data) > MAX_BYTES:
        raise BadTree(f"larger than {MAX_BYTES} bytes")
    found: list[Node] = []
    open_nodes: list[int] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "node":
            if len(found) >= _MAX_NODES or len(open_nodes) >= _MAX_DEPTH:
                raise BadTree("more nodes than a screen can hold")
            found.append(_node(attributes, open_nodes[-1] if open_nodes else -1))
            open_nodes.append(len(found) - 1)

    def end(name: str) -> None:
        if name == "node":
            open_nodes.pop()

    def refuse(*_: object) -> None:
        raise BadTree("a document type is not accepted")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(_repair(data), True)
    except expat.ExpatError as error:
        raise BadTree(f"not well-formed at line {error.lineno}") from None
    return found


def dump_error(text: str) -> str:
    """Why ``uiautomator dump`` returned nothing, as one line; a crash on 14 prints nothing at all."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if any(word in line for word in _ERRORS)), "no output (it may have crashed)")


def _node(attributes: Mapping[str, str], parent: int) -> Node:
    bounds = _BOUNDS.fullmatch(attributes.get("bounds", ""))
    left, top, right, bottom = (int(part) for part in bounds.groups()) if bounds else (0, 0, 0, 0)

    def yes(name: str) -> bool:
        return attributes.get(name) == "true"

    return Node(
        text=attributes.get("text", "")[:_MAX_TEXT],
        desc=attributes.get("content-desc", "")[:_MAX_TEXT],
        rid=attributes.get("resource-id", "")[:300],
        cls=attributes.get("class", "")[:300],
        package=attributes.get("package", "")[:300],
        bounds=(left, top, right, bottom),
        clickable=yes("clickable"),
        checkable=yes("checkable"),
        checked=yes("checked"),
        enabled=yes("enabled"),
        scrollable=yes("scrollable"),
        password=yes("password"),
        selected=yes("selected"),
        focused=yes("focused"),
        parent=parent,
    )


def _repair(data: bytes) -> bytes:
    """Android writes emoji as two surrogate references, and control characters as references, which no parser
    accepts."""
    text = data.decode("utf-8", "replace").lstrip("\ufeff \r\n")
    if "&#" not in text:
        return text.encode()

    def pair(match: re.Match[str]) -> str:
        high, low = int(match[1]) - 0xD800, int(match[2]) - 0xDC00
        return chr(0x10000 + (high << 10) + low) if 0 <= high < 0x400 and 0 <= low < 0x400 else match[0]

    def single(match: re.Match[str]) -> str:
        number = int(match[1][1:], 16) if match[1][0] == "x" else int(match[1])
        legal = (
            number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
        )
        return match[0] if legal else "\ufffd"

    return _REFERENCE.sub(single, _PAIR.sub(pair, text)).encode()
