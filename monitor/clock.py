"""Time with an error bar: intervals, their relation, and the offset between two clocks."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Literal, NamedTuple

Relation = Literal["before", "after", "indeterminate"]


def utc_offset() -> int:
    """Minutes by which this machine's local time is ahead of UTC now."""
    return time.localtime().tm_gmtoff // 60


def now_us() -> int:
    """The host's wall clock in microseconds since the epoch."""
    return time.time_ns() // 1000


class Interval(NamedTuple):
    """``[t - err, t + err]`` in microseconds."""

    t: int
    err: int

    @property
    def lo(self) -> int:
        """Earliest moment."""
        return self.t - self.err

    @property
    def hi(self) -> int:
        """Latest moment."""
        return self.t + self.err


def relation(a: Interval, b: Interval) -> Relation:
    """Whether ``a`` happened before or after ``b``, or whether the errors leave it open."""
    if a.hi < b.lo:
        return "before"
    if a.lo > b.hi:
        return "after"
    return "indeterminate"


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
