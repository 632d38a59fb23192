"""The session's clock, and time with an error bar: intervals, the offset between two clocks."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from monitor.base import host


def utc_offset() -> int:
    """Minutes by which this machine's local time is ahead of UTC now."""
    return time.localtime().tm_gmtoff // 60


def wall_us() -> int:
    """The host's wall clock in microseconds since the epoch. It may step; only ``SessionClock`` should ask it."""
    return time.time_ns() // 1000


def boot_us() -> int:
    """Microseconds since the machine was started, time asleep included; never steps, the same in every process."""
    return host.boot_ns() // 1000


class SessionClock:
    """Microseconds since the epoch that never go back: the wall clock as it was at the anchor, carried on by the boot
    clock.

    Processes that share an ``anchor`` (microseconds from the boot clock to the epoch) share the time.
    """

    def __init__(self, anchor: int | None = None) -> None:
        self.anchor = wall_us() - boot_us() if anchor is None else anchor

    def now(self) -> int:
        """The session's time."""
        return boot_us() + self.anchor

    def asleep(self) -> int:
        """Microseconds for which the machine has been asleep since it was started; 0 where no clock tells."""
        while True:
            before = time.monotonic_ns()
            boot = boot_us()
            if time.monotonic_ns() - before < 10_000_000:  # else nothing ran between the two readings
                return boot - before // 1000 if host.COUNTS_SLEEP else 0

    def ahead(self) -> int:
        """Microseconds by which the wall clock is ahead of the session's time: changes when the wall clock steps."""
        return wall_us() - self.now()


class Lateness:
    """By how much events came later than ones that are newer."""

    def __init__(self) -> None:
        self._newest = 0
        self.most_us = 0
        """The most so far, in microseconds."""

    def met(self, t: int) -> None:
        """The next event's time."""
        if t > self._newest:
            self._newest = t
        elif self._newest - t > self.most_us:
            self.most_us = self._newest - t


_clock = SessionClock()
_sessions = 0
_lock = threading.Lock()


def wait_for[Answer](ready: Callable[[], Answer], seconds: float, every: float = 0.2) -> Answer:
    """Ask until ``ready()`` says something or the time is over; what it said last."""
    end = time.monotonic() + seconds
    while not (answer := ready()) and time.monotonic() < end:
        time.sleep(every)
    return answer


def now_us() -> int:
    """This process's session time in microseconds since the epoch; never goes back."""
    return _clock.now()


def session_clock() -> SessionClock:
    """The clock of ``now_us``."""
    return _clock


@contextmanager
def session_time() -> Iterator[SessionClock]:
    """Anchor the process's clock to the wall clock anew, unless a session is already under way in this process."""
    global _clock, _sessions
    with _lock:
        if not _sessions:
            _clock = SessionClock()
        _sessions += 1
    try:
        yield _clock
    finally:
        with _lock:
            _sessions -= 1


def keep_time_of(anchor: int) -> None:
    """Make this process follow the session clock of another one, ``time.time`` included: libraries stamp what they
    observe with that, and a step of the wall clock must not move it. For a process of our own that does nothing else.
    """
    global _clock
    _clock = SessionClock(anchor)
    time.time = lambda: now_us() / 1e6


@contextmanager
def repeated(call: Callable[[], object], seconds: float, name: str, *, join_s: float | None = None) -> Iterator[None]:
    """During the block, call ``call`` every so many seconds in a thread, until it returns something true.

    ``join_s``: how long the end of the block waits for a call that is under way; None: until it returns.
    """
    over = threading.Event()

    def run() -> None:
        while not over.wait(seconds) and not call():
            pass

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(join_s)


class Interval(NamedTuple):
    """``[t - err, t + err]`` in microseconds."""

    t: int
    err: int

    @property
    def lo(self) -> int:
        """Earliest moment."""
        return self.t - self.err


class Ping(NamedTuple):
    """One clock comparison in microseconds: host before, remote clock, host after."""

    sent: int
    remote: int
    received: int


class Offset(NamedTuple):
    """``remote - host`` in microseconds with its bound: half the smallest round trip."""

    offset: int
    err: int

    def to_host(self, remote: int, extra_err: int = 0) -> Interval:
        """A remote time as an interval on the host's timeline."""
        return Interval(remote - self.offset, self.err + extra_err)


def estimate(pings: Iterable[Ping]) -> Offset:
    """The offset by the ping with the smallest round trip (never averaged: load makes trips long, not short).

    Raises ``ValueError`` without pings.
    """
    best = min(pings, key=lambda p: p.received - p.sent)
    half = (best.received - best.sent + 1) // 2
    return Offset(best.remote - (best.sent + best.received) // 2, max(half, 1))
