"""Messages of the events buffer, read by the schema of ``/dev/event-log-tags``."""

import re
from collections.abc import Mapping
from typing import Final

from monitor.device.parse.log import TABLE

Schema = Mapping[str, tuple[str, ...]]

_TAG = re.compile(r"^\d+\s+(\w+)\s+(\(.*\))\s*$")
_FIELD = re.compile(r"\(([^|()]+)\|\d")

#: Used where the device's own schema cannot be read.
DEFAULT_SCHEMA: Final[Schema] = {tag: tuple(fields) for tag, fields in TABLE["events"].items()}
_SAME: Final = {
    "process": "process name", "component": "component name", "taskid": "task id", "task": "task id",
    "identity hash code": "token",
}  # fmt: skip


def schema(text: str) -> dict[str, tuple[str, ...]]:
    """Tag to field names, from the text of ``/dev/event-log-tags``."""
    found = {}
    for line in text.split("\n"):
        if match := _TAG.match(line):
            found[match[1]] = tuple(_FIELD.findall(match[2]))
    return found


def fields(tag: str, message: str, known: Schema) -> dict[str, str]:
    """Fields of a message by lower-case name (``component name``, ``pid``, ``process name``, ``reason`` …).

    Accepts both layouts: bare values by position and ``Name=value`` (``-v descriptive``). The last field keeps its
    commas. An unknown tag gives ``{}``.
    """
    body = message.strip()
    body = body[1:-1] if body.startswith("[") and body.endswith("]") else body
    names = _names(tag, known)
    if not body or not names:
        return {}
    described = _described(body)
    if described:
        return described
    values = body.split(",", len(names) - 1)
    return {_name(name): value.strip() for name, value in zip(names, values, strict=False)}


def _names(tag: str, known: Schema) -> tuple[str, ...]:
    """By full name, or by the name without ``am_`` / ``wm_`` (renamed in 11)."""
    return known.get(tag) or DEFAULT_SCHEMA.get(tag) or DEFAULT_SCHEMA.get(tag[3:], ())


def _described(body: str) -> dict[str, str]:
    if not re.match(r"(User|Token|PID|Pid|Component Name|screen_state)=", body):
        return {}
    pairs = re.findall(r"(?:^|,)([A-Za-z][\w ]{0,40})=((?:(?!,[A-Za-z][\w ]{0,40}=).)*)", body)
    return {_name(name): value.strip() for name, value in pairs}


def _name(name: str) -> str:
    lower = name.strip().lower()
    return _SAME.get(lower, lower)
