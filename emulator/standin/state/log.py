"""The device's clock, and what is written down by it: logcat's ring buffers, and for tests what really happened."""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BUFFERS = ("main", "system", "crash", "events", "radio")
_MAX_LINES = 20_000
MAX_MESSAGE = 4_000


class DeviceClock:
    """Wall time in ns since the epoch (`now_ns`) and time since boot (`uptime_ns`). Set by the host's at first, moved
    by `date -s`, and by nothing that happens to the host's."""

    def __init__(self, offset_ms: int = 0, zone: str = "UTC") -> None:
        self.offset_ns = time.time_ns() - time.monotonic_ns() + offset_ms * 1_000_000
        self._boot = time.monotonic_ns() - 60_000_000_000  # the device came up a minute before we did
        self.zone = _zone(zone)

    def now_ns(self) -> int:
        return time.monotonic_ns() + self.offset_ns

    def now_ms(self) -> int:
        return self.now_ns() // 1_000_000

    def uptime_ns(self) -> int:
        return time.monotonic_ns() - self._boot

    def set_ns(self, value: int) -> None:
        """Moves the wall clock; uptime goes on."""
        self.offset_ns = value - time.monotonic_ns()

    def local(self, ms: int | None = None) -> datetime:
        """Local date and time of ``ms`` (default now)."""
        return datetime.fromtimestamp((self.now_ms() if ms is None else ms) / 1000, self.zone)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone(timedelta(hours=8), "CST") if name == "Asia/Shanghai" else UTC


@dataclass(frozen=True)
class LogLine:
    """One entry. ``ns`` is device wall time and never goes back within the rings unless the clock was set."""

    ns: int
    serial: int
    buffer: str
    uid: int
    pid: int
    level: str
    tag: str
    message: str
    values: tuple[object, ...] = ()
    """Of an entry of the events buffer."""


class LogRings:
    """All buffers. `write` from the loop only; `wait` wakes followers."""

    def __init__(self, clock: DeviceClock) -> None:
        self._clock = clock
        self._lines: dict[str, deque[LogLine]] = {name: deque(maxlen=_MAX_LINES) for name in BUFFERS}
        self.serial = 0
        """The serial of the last entry."""
        self._last = 0
        self._offset = clock.offset_ns
        self._news = asyncio.Event()

    def write(
        self, buffer: str, level: str, tag: str, message: str, values: tuple[object, ...] = (), *,
        pid: int = 1000, uid: int = 1000,
    ) -> None:  # fmt: skip
        """Adds an entry."""
        now = self._clock.now_ns()
        if self._clock.offset_ns == self._offset:
            now = max(now, self._last)
        self._offset, self._last = self._clock.offset_ns, now
        clean = message[:MAX_MESSAGE].replace("\0", "")
        self.serial += 1
        line = LogLine(now, self.serial, buffer, uid, pid, level, tag[:128].replace("\0", ""), clean, values)
        self._lines[buffer].append(line)
        self._news.set()
        self._news = asyncio.Event()

    def main(self, level: str, tag: str, message: str, *, pid: int = 1000, uid: int = 1000) -> None:
        self.write("main", level, tag, message, pid=pid, uid=uid)

    def event(self, tag: str, *values: object, pid: int = 1000, uid: int = 1000) -> None:
        """Events buffer: ``tag: [a,b]``; one value has no brackets. One line, whatever an app put into it."""
        text = str(values[0]) if len(values) == 1 else "[" + ",".join(map(str, values)) + "]"
        text = " ".join(text.splitlines())
        self.write("events", "I", tag, text, values, pid=pid, uid=uid)

    def lines(self, buffers: list[str], after: int = 0) -> list[LogLine]:
        """Entries with a serial above ``after``, in order."""
        rows = [line for name in buffers for line in self._lines[name] if line.serial > after]
        return sorted(rows, key=lambda line: line.serial)

    def clear(self, buffers: list[str]) -> None:
        for name in buffers:
            self._lines[name].clear()

    async def wait(self, after: int) -> None:
        """Until there is an entry with a serial above ``after``."""
        while self.serial <= after:
            await self._news.wait()


class TruthLog:
    """Appends one JSON object a line, with device time in ms; the monitor never reads it. Without a path nothing."""

    def __init__(self, path: Path | None, clock: DeviceClock) -> None:
        self._clock = clock
        self._file = path.open("a", encoding="utf-8") if path else None

    def write(self, what: str, **values: Any) -> None:
        if self._file:
            row = {"t_ms": self._clock.now_ms(), "what": what, **values}
            self._file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
