"""Reading the log: raw lines with their place, the chain checked as they are read, and events.

The hash of a line covers its bytes without the newline. ``prev`` is its first member, at a fixed place, and holds the
hash of the preceding line (64 zeros in the first line), so the chain is checked by slicing bytes, without a parser.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from monitor.errors import EvidenceDamaged, InputError
from monitor.events import Event
from monitor.evidence.earlier import today
from monitor.evidence.stacks import StackReader

EVENTS: Final = "data/events"
GENESIS: Final = b"0" * 64
PREFIX: Final = b'{"prev":"'
#: Offset of the first byte after ``{"prev":"<64 hex>",``.
BODY: Final = len(PREFIX) + 64 + 2
#: Longest line in bytes; the log refuses a longer event.
MAX_LINE: Final = 4 << 20
#: What to do about a bundle that was changed.
ORIGINAL: Final = "do not rely on this copy: get the original from whoever gave it to you"
_SEGMENT = re.compile(r"[0-9]{6}\.jsonl")


class Line(NamedTuple):
    """A line without newline, its place, and the hash that the next line must name."""

    file: str
    """Path in the bundle."""
    number: int
    """From 1, in its file."""
    seq: int
    """From 1, in the log."""
    raw: bytes
    complete: bool
    """Whether a newline ended it."""
    offset: int
    """Of its first byte in its file."""

    @property
    def where(self) -> str:
        """For messages: file, line and sequence number."""
        return f"{self.file}:{self.number} (seq {self.seq})"


def frame(prev: bytes, body: bytes) -> bytes:
    """The line of an encoded event: ``prev`` (64 hex digits) put first. Inverse of ``body``."""
    return PREFIX + prev + b'",' + body[1:]


def body(raw: bytes) -> bytes:
    """The encoded event of a line, ``prev`` taken out."""
    return b"{" + raw[BODY:]


def links(raw: bytes, prev: bytes) -> bool:
    """Whether the line names ``prev`` as its predecessor's hash."""
    return raw[:BODY] == PREFIX + prev + b'",'


def segments(bundle: Path) -> list[Path]:
    """The segment files in order. Raises ``InputError`` (no log) or ``EvidenceDamaged`` (a gap, an unknown file)."""
    directory = bundle / EVENTS
    if not directory.is_dir():
        raise InputError("no event log here", where=str(bundle), hint="give the directory of an evidence bundle")
    found = sorted(directory.iterdir())
    for number, path in enumerate(found, 1):
        if not _SEGMENT.fullmatch(path.name) or path.is_symlink() or not path.is_file():
            raise EvidenceDamaged("a file that is not a segment of the log", where=f"{EVENTS}/{path.name}")
        if path.name != f"{number:06}.jsonl":
            raise EvidenceDamaged(
                "a segment of the log is missing", where=EVENTS, expected=f"{number:06}.jsonl", actual=path.name
            )
    return found


def raw_lines(bundle: Path) -> Iterator[Line]:
    """All lines as stored, checked only for length. Raises ``EvidenceDamaged`` for an endless line."""
    seq = 0
    for path in segments(bundle):
        name = f"{EVENTS}/{path.name}"
        number = offset = 0
        with path.open("rb") as file:
            while raw := file.readline(MAX_LINE + 1):
                seq += 1
                number += 1
                complete = raw.endswith(b"\n")
                if not complete and len(raw) > MAX_LINE:
                    raise EvidenceDamaged(f"a line longer than {MAX_LINE} bytes", where=f"{name}:{number} (seq {seq})")
                yield Line(name, number, seq, raw[:-1] if complete else raw, complete, offset)
                offset += len(raw)


def checked_lines(bundle: Path) -> Iterator[tuple[Line, bytes]]:
    """All lines, each with its hash as 64 hex digits. Raises ``EvidenceDamaged`` at the first break of the chain."""
    prev, before = GENESIS, ""
    for line in raw_lines(bundle):
        if not links(line.raw, prev):
            raise EvidenceDamaged(
                "the line does not follow from the previous one",
                where=line.where,
                expected=f"prev {prev.decode()}",
                actual=_shown(line.raw),
                hint=_one_of_two(before),
            )
        if not line.complete:
            raise EvidenceDamaged("the last line is cut off", where=line.where)
        prev, before = sha256(line.raw).hexdigest().encode(), line.where
        yield line, prev


def _one_of_two(before: str) -> str:
    """A line is covered by the next one only, so a break of the chain shows at the line after a changed one."""
    if not before:
        return f"the first line was changed, or lines before it are missing; {ORIGINAL}"
    return f"this line or the one before it, {before}, was changed, or lines between them are missing; {ORIGINAL}"


def _shown(raw: bytes) -> str:
    if raw.startswith(PREFIX):
        return "prev " + raw[len(PREFIX) : BODY - 2].decode("ascii", "replace")
    return "a line without prev"


def parse_event(line: Line, stacks: StackReader) -> Event:
    """The event of a line; ``stacks`` has read all lines before it. Raises ``EvidenceDamaged`` if it is not an event or
    its sequence number is wrong."""
    try:
        event = today(stacks.decode(body(line.raw)))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EvidenceDamaged(f"not an event: {error}", where=line.where) from None
    if event.seq != line.seq:
        raise EvidenceDamaged(
            "sequence number out of order", where=line.where, expected=str(line.seq), actual=str(event.seq)
        )
    return event


def read_events(bundle: Path) -> Iterator[Event]:
    """All events in order, with the chain checked. Raises ``EvidenceDamaged``, ``InputError``."""
    stacks = StackReader()
    for line, _ in checked_lines(bundle):
        yield parse_event(line, stacks)


def tail(bundle: Path, stop: Callable[[], bool], poll: float = 0.05) -> Iterator[Event]:
    """Events of a log that is still being written, as they come, until ``stop()`` is true and all were read.

    Sleeps ``poll`` seconds when there is nothing new. Raises ``EvidenceDamaged`` like ``read_events``.
    """
    prev, seq, number, index, rest = GENESIS, 0, 0, 1, b""
    file, stacks = None, StackReader()
    while True:
        last_round = stop()
        path = bundle / EVENTS / f"{index:06}.jsonl"
        if file is None and path.is_file():
            file, number = path.open("rb"), 0
        chunk = file.read(1 << 20) if file else b""
        rest += chunk
        while (end := rest.find(b"\n")) >= 0:
            raw, rest = rest[:end], rest[end + 1 :]
            seq, number = seq + 1, number + 1
            line = Line(f"{EVENTS}/{path.name}", number, seq, raw, True, 0)
            if not links(raw, prev):
                raise EvidenceDamaged("the line does not follow from the previous one", where=line.where)
            prev = sha256(raw).hexdigest().encode()
            yield parse_event(line, stacks)
        if chunk:
            continue
        if file and (bundle / EVENTS / f"{index + 1:06}.jsonl").is_file():
            # The next segment exists, so this one is complete; one more read catches what was written before the roll.
            rest += file.read()
            if b"\n" not in rest:
                file.close()
                file, index = None, index + 1
            continue
        if last_round:
            if file:
                file.close()
            return
        time.sleep(poll)
