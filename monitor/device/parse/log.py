"""Lines of ``logcat``, PermissionController's results in the main buffer, and the fields of the events buffer."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.base.yamlfile import load
from monitor.session.handset import Observation

_LINE = re.compile(
    r"^\s*(?:(?P<epoch>\d{9,11}\.\d{3,9})|(?P<date>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9}))\s+(?:[+-]\d{4}\s+)?"
    r"(?:(?P<uid>[\w.]+)\s+)?(?P<pid>\d+)\s+\d+\s+[VDIWEFA]\s(?P<tag>.*?)\s*:(?:\s(?P<message>.*))?$"
)
_RESULT = re.compile(
    r"Permission grant result requestId=-?\d{1,20} callingUid=(\d{1,9}) callingPackage=([\w.]{1,256}) "
    r"permission=([\w.]{1,256}) isImplicit=(true|false) result=(\d{1,3})"
)

_TAG = re.compile(r"^\d+\s+(\w+)\s+(\(.*\))\s*$")
_FIELD = re.compile(r"\(([^|()]+)\|\d")
_DESCRIBED = re.compile(r"(User|Token|PID|Pid|Component Name|screen_state)=")
_PAIR = re.compile(r"(?:^|,)([A-Za-z][\w ]{0,40})=((?:(?!,[A-Za-z][\w ]{0,40}=).)*)")

_TABLE: Final[Any] = load(Path(__file__).with_suffix(".yaml"))
_RESULTS: Final[Mapping[int, tuple[str, str]]] = {
    int(number): tuple(said) for number, said in _TABLE["results"].items()
}
Schema = Mapping[str, tuple[str, ...]]
"""Tag of the events buffer to the names of its fields."""
_DEFAULT_SCHEMA: Final[Schema] = {tag: tuple(names) for tag, names in _TABLE["events"].items()}
_FIELD_NAMES: Final[Mapping[str, str]] = _TABLE["field_names"]


class LogLine(NamedTuple):
    """One line of logcat. ``t_us`` is device time in microseconds since the epoch, ``None`` without ``-v epoch``."""

    t_us: int | None
    resolution_us: int
    """The resolution of the printed time: the actual time may be later by this much."""
    uid: str
    """Number or name; empty without ``-v uid``."""
    pid: int
    tag: str
    message: str


def line(text: str) -> LogLine | None:
    """A line of ``-v threadtime[,epoch][,uid]``; ``None`` for dividers and anything else."""
    match = _LINE.match(text)
    if not match:
        return None
    epoch = match["epoch"]
    digits = len((epoch or match["date"]).rpartition(".")[2])
    seconds, _, fraction = (epoch or "").partition(".")
    return LogLine(
        t_us=int(seconds) * 1_000_000 + int(fraction.ljust(9, "0")) // 1000 if epoch else None,
        resolution_us=10 ** max(0, 6 - digits),
        uid=match["uid"] or "",
        pid=int(match["pid"]),
        tag=match["tag"],
        message=match["message"] or "",
    )


def uid(text: str) -> int | None:
    """The number of a user as ``-v uid`` prints it (``1000``, ``system``, ``u0_a123``); ``None`` for any other name."""
    if text.isdigit():
        return int(text)
    if match := re.fullmatch(r"u(\d{1,4})_a(\d{1,5})", text):
        return int(match[1]) * 100_000 + 10_000 + int(match[2])
    return {"root": 0, "system": 1000, "shell": 2000}.get(text)


def permission_answer(message: str) -> tuple[int, bool, Observation] | None:
    """The result line of one permission of one request, whatever follows ``result=N``: the UID that requested it,
    whether Android did so for the app (implicit), and the answer; ``None`` for other and truncated lines."""
    match = _RESULT.search(message)
    if not match:
        return None
    result, dialog = _RESULTS.get(int(match[5]), ("unknown", "unknown"))
    answer = Observation("permission_answer", package=match[2], permission=match[3], result=result, dialog=dialog)
    return int(match[1]), match[4] == "true", answer._replace(code=int(match[5]))


def schema(text: str) -> dict[str, tuple[str, ...]]:
    """Tag to field names, from the text of ``/dev/event-log-tags``."""
    matches = (_TAG.match(row) for row in text.split("\n"))
    return {match[1]: tuple(_FIELD.findall(match[2])) for match in matches if match}


def fields(tag: str, message: str, known: Schema) -> dict[str, str]:
    """Fields of a message of the events buffer by lower-case name (``component name``, ``pid``, ``reason`` …).

    Accepts both layouts: bare values by position and ``Name=value`` (``-v descriptive``). The last field keeps its
    commas. An unknown tag gives ``{}``; it is known by its full name, or without ``am_`` / ``wm_`` (renamed in 11).
    """
    body = message.strip()
    body = body[1:-1] if body.startswith("[") and body.endswith("]") else body
    names = known.get(tag) or _DEFAULT_SCHEMA.get(tag) or _DEFAULT_SCHEMA.get(tag[3:], ())
    if not body or not names:
        return {}
    pairs = _PAIR.findall(body) if _DESCRIBED.match(body) else []
    pairs = pairs or list(zip(names, body.split(",", len(names) - 1), strict=False))
    return {_FIELD_NAMES.get(key, key): value.strip() for name, value in pairs for key in (name.strip().lower(),)}
