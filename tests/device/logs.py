"""The device's log as ``logcat -B`` tells it, from lines in the layout of ``-v threadtime -v epoch -v uid``."""

import re
import struct
from collections.abc import Iterable, Iterator

from monitor.device import parse

_LINE = re.compile(r"\s*(\d+)\.(\d{3})\s+(\S+)\s+(\d+)\s+\d+ \w (.*?): (.*)", re.DOTALL)
_NUMBERS = {tag: (number, names) for number, (tag, *names) in parse.log._DEFAULT_SCHEMA.items()}
_UIDS = {"system": 1000, "u0_a100": 10_100}


def record(tag: str | int, *values: object, uid: int = 1000, pid: int = 900, t_us: int = 0) -> bytes:
    """One of the events buffer where the tag is a number, otherwise of the main buffer."""
    if isinstance(tag, int):
        packed = [
            struct.pack("<Bi", 0, value)
            if isinstance(value, int)
            else struct.pack("<BI", 2, len(raw := str(value).encode())) + raw
            for value in values
        ]
        body = struct.pack("<I", tag) + (bytes([3, len(packed)]) if len(packed) > 1 else b"") + b"".join(packed)
    else:
        body = b"\4" + tag.encode() + b"\0" + str(values[0]).encode() + b"\0"
    seconds, part = divmod(t_us, 1_000_000)
    return struct.pack("<HHiIIIII", len(body), 28, pid, pid, seconds, part * 1000, 2 * isinstance(tag, int), uid) + body


def records(lines: Iterable[str]) -> Iterator[parse.log.Entry]:
    """Lines with the tag of an event are of the events buffer; their values are separated by commas."""
    return parse.log.entries(map(_packed, lines))


def _packed(text: str) -> bytes:
    match = _LINE.fullmatch(text)
    assert match, text
    seconds, part, uid, pid, tag, message = match.groups()
    where = {"uid": _UIDS.get(uid) or int(uid), "pid": int(pid), "t_us": int(seconds) * 1_000_000 + int(part) * 1000}
    number, names = _NUMBERS.get("wm_" + tag[3:]) or _NUMBERS.get(tag) or (tag, [])
    values = message.removeprefix("[").removesuffix("]").split(",", len(names) - 1) if names else [message]
    return record(number, *(int(value) if value.isdigit() and names else value for value in values), **where)
