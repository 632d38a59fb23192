"""What is on the screen: ``uiautomator dump`` as a flat list of nodes, and the activity that has the focus or is
resumed in ``dumpsys window`` and ``dumpsys activity activities``. The dump's XML is hostile: no DTD, no entities,
bounded."""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from monitor.session.handset import Component, Node

MAX_BYTES: Final = 16_000_000
_MAX_NODES: Final = 20_000
_MAX_DEPTH: Final = 200
_MAX_TEXT: Final = 20_000
_MAX_NAME: Final = 300
#: Attributes that are true or false, named as ``Node``'s fields.
_FLAGS: Final = "clickable checkable checked enabled scrollable password selected focused".split()

_BOUNDS = re.compile(r"\[(-?\d{1,6}),(-?\d{1,6})\]\[(-?\d{1,6}),(-?\d{1,6})\]")
_REFERENCE = re.compile(r"&#(\d{1,8}|x[0-9A-Fa-f]{1,6});")
_SURROGATES = re.compile(r"&#(5[56]\d{3});&#(5[67]\d{3});")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ERRORS = ("ERROR:", "Killed", "already registered", "Exception")

_RECORD = re.compile(r"ActivityRecord\{\S+ u\d+ ([\w.$]+/[\w.$]+)")
_FOCUS = re.compile(r"^\s*mCurrentFocus=Window\{\S+ (?:u\d+ )?([^}]{1,300})\}")
_FOCUSED_APP = re.compile(r"^\s*mFocusedApp=.*?(?=ActivityRecord)")
_RESUMED = re.compile(r"^\s*(?:mResumedActivity|ResumedActivity|Resumed|topResumedActivity)\s*[:=]\s*ActivityRecord\{")
#: Windows of the system that take the focus when the screen is locked, of Android 7 to 16 (lower case).
_COVERS = frozenset({"statusbar", "notificationshade", "keyguard", "bouncer"})
_MAIN = re.compile(r"^\s*([\w.]+/[\w.$]+)\s*$")


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
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
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
    return Node(
        text=attributes.get("text", "")[:_MAX_TEXT],
        desc=attributes.get("content-desc", "")[:_MAX_TEXT],
        rid=attributes.get("resource-id", "")[:_MAX_NAME],
        cls=attributes.get("class", "")[:_MAX_NAME],
        package=attributes.get("package", "")[:_MAX_NAME],
        bounds=(left, top, right, bottom),
        parent=parent,
        **{name: attributes.get(name) == "true" for name in _FLAGS},
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
        legal = number < 0x110000 and not _ILLEGAL.match(chr(number))
        return match[0] if legal else "\ufffd"

    return _REFERENCE.sub(single, _SURROGATES.sub(pair, text)).encode()


def component(text: str) -> Component:
    """``pkg/.Cls``, ``pkg/pkg.Cls`` or a bare window title."""
    package, slash, cls = text.strip().partition("/")
    if not slash:
        return Component(package)
    return Component(package, package + cls if cls.startswith(".") else cls)


def focused(text: str) -> Component | None:
    """The focused activity window of ``dumpsys window``, else the focused app's activity, else any window.

    There is one pair of lines per display and any may be ``null``; a dialog's window may have a title instead of a
    component. Among equals the last printed wins (the built-in display of foldables comes last).
    """
    windows = [component(title) for title in _focus_titles(text)]
    rows = text.replace("\r", "").split("\n")
    records = [_RECORD.search(row) for row in rows if not _FOCUS.match(row) and _FOCUSED_APP.match(row)]
    activities = [window for window in windows if window.cls]
    found = activities or [component(record[1]) for record in records if record] or windows
    return found[-1] if found else None


def covered(text: str) -> bool:
    """Whether the lock screen, or the shade of notifications, has the focus: nothing below it can be seen or tapped."""
    titles = _focus_titles(text)
    return any(title.lower() in _COVERS for title in titles) and not any("/" in title for title in titles)


def _focus_titles(text: str) -> list[str]:
    return [match[1].strip() for row in text.replace("\r", "").split("\n") if (match := _FOCUS.match(row))]


def resumed(text: str) -> list[Component]:
    """Resumed activities of ``dumpsys activity activities`` (one per display), topmost first, without repetition."""
    records = [_RECORD.search(row) for row in text.replace("\r", "").split("\n") if _RESUMED.match(row)]
    return list(dict.fromkeys(component(record[1]) for record in records if record))


def launcher(text: str, package: str) -> Component | None:
    """The package's first activity in ``cmd package resolve-activity --brief`` or ``query-activities --brief``."""
    matches = [component(match[1]) for row in text.splitlines() if (match := _MAIN.match(row))]
    return next((found for found in matches if found.package == package), None)
