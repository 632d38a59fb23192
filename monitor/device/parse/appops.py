"""``dumpsys appops`` and ``cmd appops get``: modes and last accesses (never a log of accesses)."""

from __future__ import annotations

import re
from typing import NamedTuple

_UID = re.compile(r"^  Uid (\w{1,20}):\s*$")
_PACKAGE = re.compile(r"^    Package ([\w.$]{1,256}):\s*$")
_UID_MODE = re.compile(r"^      ([A-Z_0-9]+(?:\(\d+\))?): mode=(\w+)\s*$")
_OP = re.compile(r"^      ([A-Z_0-9]+(?:\(\d+\))?) \((\w+)(?: / switch [A-Z_0-9]+=\w+)?\):\s*$")
_TAG = re.compile(r"^        (\S.{0,200}?)=\[\s*$")
_ACCESS = re.compile(
    r"^\s+(Access|Reject): \[(\w+)-(\w+)\]\s?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) \((-?[\w+]+)\)"
    r"(?: duration=\+?(\w+))?"
)
_RUNNING = re.compile(r"^\s+Running start at: \+(\w+)")
_SPAN = re.compile(r"(\d+)(ms|d|h|m|s)")
_GET = re.compile(r"^(?:Uid mode: )?([A-Z_0-9]+(?:\(\d+\))?): (\w+)(.*)$")
_AGO = re.compile(r"\b(time|rejectTime)=\+(\w+) ago")
_SCALE = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}


class Access(NamedTuple):
    """The last access (or refusal) of one op in one state of the process, for one attribution tag."""

    rejected: bool
    state: str
    """``pers``, ``top``, ``fgsvc``, ``fg``, ``bg``, ``cch``."""
    flag: str
    """``s`` self, ``tp`` / ``tpd`` by or for a proxy …"""
    at: str
    """Device-local time, as printed."""
    ago_ms: int
    duration_ms: int
    tag: str


class Op(NamedTuple):
    """One op of a package (or of a uid: ``package`` empty): its mode and last accesses.

    A UID's mode and a package's mode can disagree: both are returned.
    """

    uid: str
    package: str
    op: str
    mode: str
    accesses: tuple[Access, ...] = ()
    running: bool = False


def dump(text: str) -> list[Op]:
    """Every op of ``dumpsys appops [--package P] [--op O]``, in order. Unknown lines are skipped."""
    found: list[Op] = []
    uid = package = tag = ""
    for line in text.replace("\r", "").split("\n"):
        if match := _UID.match(line):
            uid, package, tag = match[1], "", ""
        elif match := _PACKAGE.match(line):
            package, tag = match[1], ""
        elif match := _UID_MODE.match(line):
            found.append(Op(uid, "", match[1], match[2]))
        elif match := _OP.match(line):
            found.append(Op(uid, package, match[1], match[2]))
            tag = ""
        elif match := _TAG.match(line):
            tag = "" if match[1] == "null" else match[1]
        elif found and (match := _ACCESS.match(line)):
            access = Access(
                match[1] == "Reject", match[2], match[3], match[4], span_ms(match[5]), span_ms(match[6]), tag
            )
            found[-1] = found[-1]._replace(accesses=(*found[-1].accesses, access))
        elif found and _RUNNING.match(line):
            found[-1] = found[-1]._replace(running=True)
    return found


class Mode(NamedTuple):
    """A line of ``appops get``. ``ago_ms`` and ``rejected_ago_ms`` are -1 when nothing was recorded."""

    op: str
    mode: str
    uid_mode: bool
    ago_ms: int
    rejected_ago_ms: int
    running: bool


def get(text: str) -> list[Mode]:
    """``cmd appops get PKG [OP]``. Only the first line of the uid block may carry ``Uid mode:`` on some builds.

    One op can have both a UID line and a contradicting package line: both are returned.
    """
    found = []
    for line in text.replace("\r", "").split("\n"):
        match = _GET.match(line.strip())
        if not match:
            continue
        ago = {kind: span_ms(value) for kind, value in _AGO.findall(match[3])}
        found.append(
            Mode(
                match[1],
                match[2],
                line.lstrip().startswith("Uid mode:"),
                ago.get("time", -1),
                ago.get("rejectTime", -1),
                "(running)" in match[3],
            )
        )
    return found


def span_ms(text: str | None) -> int:
    """``-4d8h19m35s378ms`` in milliseconds (its size, without sign); 0 for nothing."""
    return sum(int(number) * _SCALE[unit] for number, unit in _SPAN.findall(text or ""))
