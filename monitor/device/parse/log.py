"""Records of ``logcat -B``: PermissionController's results in the main buffer, and the fields of the events buffer.

As text, a tag with a line break looks like the beginning of another record, with whatever user it states.
"""

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base.yamlfile import load
from monitor.session.handset import Observation

_LINE = re.compile(
    r"^\s*(?:\d{9,11}\.\d{3,9}|(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9})\s+(?:[+-]\d{4}\s+)?"
    r"(?:[\w.]+\s+)?\d+\s+\d+\s+[VDIWEFA]\s(?P<tag>.*?)\s*:(?:\s(?P<message>.*))?$"
)
_RESULT = re.compile(
    r"Permission grant result requestId=-?\d{1,20} callingUid=(\d{1,9}) callingPackage=([\w.]{1,256}) "
    r"permission=([\w.]{1,256}) isImplicit=(true|false) result=(\d{1,3})"
)

_TAG = re.compile(r"^(\d{1,10})\s+(\w+)\s+(\(.*\))\s*$")
_FIELD = re.compile(r"\(([^|()]+)\|\d")
#: struct logger_entry (liblog): size of the payload and of the header, pid, tid, seconds, nanoseconds, buffer, and from
#: Android 7 on the user, as the kernel tells it to logd. A payload is smaller than 5 KiB.
_HEADER: Final = struct.Struct("<HHiIIII")
_UID: Final = struct.Struct("<I")
_LONGEST: Final = 5 * 1024
_LONGEST_HEADER: Final = 64
_EVENTS: Final = 2
#: Type of a value in the events buffer to how it is packed.
_NUMBERS: Final = {0: struct.Struct("<i"), 1: struct.Struct("<q"), 4: struct.Struct("<f")}
_STRING, _LIST = 2, 3
#: Between the buffers, where a logcat prints it in binary, too.
_DIVIDER: Final = b"--------- "

_TABLE: Final[Any] = load(Path(__file__).with_suffix(".yaml"))
_RESULTS: Final[Mapping[int, tuple[str, str]]] = {
    int(number): tuple(said) for number, said in _TABLE["results"].items()
}
Schema = Mapping[int, tuple[str, ...]]
"""Number of a tag of the events buffer to its name and the names of its fields."""
_DEFAULT_SCHEMA: Final[Schema] = {number: tuple(names) for number, names in _TABLE["events"].items()}
_FIELD_NAMES: Final[Mapping[str, str]] = _TABLE["field_names"]


class Entry(NamedTuple):
    """One record. ``t_us`` is device time in microseconds since the epoch."""

    t_us: int
    uid: int | None
    """Of the process that wrote it; ``None``: logd does not say."""
    pid: int
    tag: str | int
    """A number in the events buffer, the writer's text in the others."""
    values: tuple[str, ...]
    """Of an event, in order; otherwise the message."""


class LogLine(NamedTuple):
    """One line of logcat's text."""

    tag: str
    message: str


def entries(chunks: Iterable[bytes]) -> Iterator[Entry]:
    """The records in the output of ``logcat -B``. Raises ``ValueError`` where it is anything else; what is cut off at
    the end is no record."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        start = 0
        while (size := _size(rest, start)) and start + size <= len(rest):
            if not rest.startswith(_DIVIDER, start):
                yield _entry(rest[start : start + size])
            start += size
        rest = rest[start:]


def _size(data: bytes, start: int) -> int:
    """Of the record there, with its header, in bytes; 0: unknown as yet."""
    end = data.find(b"\n", start, start + _LONGEST_HEADER)
    if data.startswith(_DIVIDER, start) and end >= 0:
        return end + 1 - start
    if len(data) - start < _HEADER.size:
        return 0
    payload, header, *_ = _HEADER.unpack_from(data, start)
    if data.startswith(_DIVIDER, start) and len(data) - start < _LONGEST_HEADER:
        return 0
    if payload > _LONGEST or not _HEADER.size <= header <= _LONGEST_HEADER:
        raise ValueError(f"a record of {payload} bytes after a header of {header}")
    return int(payload + header)


def _entry(data: bytes) -> Entry:
    _, header, pid, _, seconds, nanoseconds, buffer = _HEADER.unpack_from(data)
    uid = _UID.unpack_from(data, _HEADER.size)[0] if header >= _HEADER.size + _UID.size else None
    t_us, payload = seconds * 1_000_000 + nanoseconds // 1000, data[header:]
    if buffer & 0xF == _EVENTS:
        return Entry(t_us, uid, pid, int.from_bytes(payload[:4], "little"), tuple(_values(payload[4:])))
    tag, _, message = payload[1:].partition(b"\0")  # after one byte, the priority
    return Entry(t_us, uid, pid, _text(tag), (_text(message.partition(b"\0")[0]),))


def _values(data: bytes) -> Iterator[str]:
    """Of an event, lists flattened; those that logd cut off are missing."""
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind == _LIST:
            at += 1  # how many follow
        elif kind == _STRING and at + 4 <= len(data):
            end = at + 4 + int.from_bytes(data[at : at + 4], "little")
            yield _text(data[at + 4 : end])
            at = end
        elif kind in _NUMBERS and at + _NUMBERS[kind].size <= len(data):
            yield str(_NUMBERS[kind].unpack_from(data, at)[0])
            at += _NUMBERS[kind].size
        else:
            return


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def line(text: str) -> LogLine | None:
    """A line of ``-v threadtime[,epoch][,uid]``; ``None`` for dividers and anything else."""
    match = _LINE.match(text)
    return LogLine(match["tag"], match["message"] or "") if match else None


def permission_answer(message: str) -> tuple[int, bool, Observation] | None:
    """The result line of one permission of one request, whatever follows ``result=N``: the UID that requested it,
    whether Android did so for the app (implicit), and the answer; ``None`` for other and truncated lines."""
    match = _RESULT.search(message)
    if not match:
        return None
    result, dialog = _RESULTS.get(int(match[5]), ("unknown", "unknown"))
    answer = Observation("permission_answer", package=match[2], permission=match[3], result=result, dialog=dialog)
    return int(match[1]), match[4] == "true", answer._replace(code=int(match[5]))


def schema(text: str) -> dict[int, tuple[str, ...]]:
    """The device's schema, from the text of ``/dev/event-log-tags``."""
    matches = filter(None, map(_TAG.match, text.split("\n")))
    return {int(match[1]): (match[2], *_FIELD.findall(match[3])) for match in matches}


def event(entry: Entry, known: Schema) -> tuple[str, dict[str, str]]:
    """The tag of an event and its fields by lower-case name (``component name``, ``pid``, ``reason`` …); empty if its
    number is unknown, or the entry is no event."""
    if isinstance(entry.tag, str):
        return "", {}
    tag, *names = known.get(entry.tag) or _DEFAULT_SCHEMA.get(entry.tag, ("",))
    keys = (_FIELD_NAMES.get(key, key) for key in (name.strip().lower() for name in names))
    return tag, {key: value.strip() for key, value in zip(keys, entry.values, strict=False)}
