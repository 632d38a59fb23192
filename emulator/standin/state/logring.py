"""logcat's ring buffers: bounded, in time order, with followers."""

import asyncio
from collections import deque
from dataclasses import dataclass

from .clock import DeviceClock

BUFFERS = ("main", "system", "crash", "events", "radio")
_MAX_LINES = 20_000
MAX_MESSAGE = 4_000


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


class LogRings:
    """All buffers. `write` from the loop only; `wait` wakes followers."""

    def __init__(self, clock: DeviceClock) -> None:
        self._clock = clock
        self._lines: dict[str, deque[LogLine]] = {name: deque(maxlen=_MAX_LINES) for name in BUFFERS}
        self._serial = 0
        self._last = 0
        self._offset = clock.offset_ns
        self._news = asyncio.Event()

    def write(self, buffer: str, level: str, tag: str, message: str, *, pid: int = 1000, uid: int = 1000) -> None:
        """Adds an entry; a message of several lines becomes several entries, as logd's readers print it."""
        now = self._clock.now_ns()
        if self._clock.offset_ns == self._offset:
            now = max(now, self._last)
        self._offset, self._last = self._clock.offset_ns, now
        clean = message[:MAX_MESSAGE].replace("\0", "")
        self._serial += 1
        line = LogLine(now, self._serial, buffer, uid, pid, level, tag[:128], clean)
        self._lines[buffer].append(line)
        self._news.set()
        self._news = asyncio.Event()

    def main(self, level: str, tag: str, message: str, *, pid: int = 1000, uid: int = 1000) -> None:
        self.write("main", level, tag, message, pid=pid, uid=uid)

    def event(self, tag: str, *values: object, pid: int = 1000, uid: int = 1000) -> None:
        """Events buffer: ``tag: [a,b]``; one value has no brackets. One line, whatever an app put into it."""
        text = str(values[0]) if len(values) == 1 else "[" + ",".join(map(str, values)) + "]"
        text = " ".join(text.splitlines())
        self.write("events", "I", tag, text, pid=pid, uid=uid)

    def lines(self, buffers: list[str], after: int = 0) -> list[LogLine]:
        """Entries with a serial above ``after``, in order."""
        rows = [line for name in buffers for line in self._lines[name] if line.serial > after]
        return sorted(rows, key=lambda line: line.serial)

    def clear(self, buffers: list[str]) -> None:
        for name in buffers:
            self._lines[name].clear()

    @property
    def serial(self) -> int:
        """The serial of the last entry."""
        return self._serial

    async def wait(self, after: int) -> None:
        """Until there is an entry with a serial above ``after``."""
        while self._serial <= after:
            await self._news.wait()
