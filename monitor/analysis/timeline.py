"""A state over time when times have errors: which states were possible at the moment of an event."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import Any, Final, NamedTuple

from monitor.events import Base

#: States of a scope in which somebody has said no to it.
AGAINST: Final = ("denied", "withdrawn")


class Moment(NamedTuple):
    """When something happened: microseconds, error, clock source and position in the log."""

    t: int
    err: int
    src: str
    seq: int


def moment(event: Timed) -> Moment:
    """The moment of an event."""
    return Moment(event.t, event.err, event.src, event.seq)


def before(a: Timed, b: Timed) -> bool:
    """Whether ``a`` certainly happened before ``b``: beyond both errors, and what is closer by sequence within one
    source. A call is told when it has returned, or its result has come: it may stand behind much that followed it."""
    apart, errors = b.t - a.t, a.err + b.err
    if a.src == b.src and a.seq and b.seq and -errors <= apart <= errors:
        return a.seq < b.seq
    if apart > errors:
        return True
    made = getattr(b, "made", None)  # when what was sent was made, told by the clock of ``a``
    return made is not None and a.src == made[2] and 0 < a.seq < made[3] and a.t <= made[0]


def gap(a: Timed, b: Timed) -> tuple[int, int]:
    """Least and greatest possible ``b - a`` in microseconds. One source shares one clock, so errors cancel; what is
    sent comes after what the app's own clock says of its making."""
    if a.src == b.src:
        return b.t - a.t, b.t - a.t
    least, most = b.t - b.err - a.t - a.err, b.t + b.err - a.t + a.err
    made = getattr(b, "made", None)
    if made is not None and a.src == made[2]:
        least = min(max(least, made[0] - a.t), most)
    return least, most


def near(a: Timed, b: Timed, within_us: int) -> bool:
    """Whether ``b`` may have followed ``a`` within this time (microseconds)."""
    least, most = gap(a, b)
    return most >= 0 and least <= within_us


class Mark(NamedTuple):
    """A change of state. ``clear`` is False where a label was ambiguous; ``events`` are the witnesses.

    ``perhaps``: the tap may have answered nothing, so that the previous state may still hold. ``basis``: ``read``
    (from the words on the screen), ``stated`` (by the scenario's step, with the observed tap as its moment),
    ``labelled`` (by a person afterwards), ``operator``, ``carried``, ``system`` (a permission's result) or ``reset``.
    """

    t: int
    err: int
    src: str
    seq: int
    state: str
    clear: bool = True
    events: tuple[int, ...] = ()
    perhaps: bool = False
    basis: str = "read"


Timed = Moment | Mark | Base


#: Errors of marks from here on are great (microseconds): of what was stated some time after it was done.
_WIDE_US: Final = 5_000_000
_LONG_AGO: Final = -(1 << 62)
_place: Final = attrgetter("t", "seq")
_time: Final = attrgetter("t")


class Timeline:
    """Changes of one state; a mark that repeats the previous state is kept."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self.marks = sorted(marks, key=_place)
        """By time, then sequence."""
        self.settled = -1
        """An event that certainly happened after this time follows every mark."""
        self.last_states: frozenset[str] = frozenset()
        """The states possible after ``settled``."""
        self.answers: dict[bool, Any] = {}
        """Cache for callers: answers about the time after ``settled``; cleared on each change."""
        self._last: list[Mark] = []
        """The marks that may be the latest after ``settled``."""
        self._without: dict[str, Timeline] = {}
        self._wide: list[Mark] = []
        """Marks of great errors, which are few: each is looked at whenever a state is asked for."""
        self._err = 0
        """The greatest error of another mark."""
        for mark in self.marks:
            self._measure(mark)
        self._changed(self._end())

    def add(self, mark: Mark) -> None:
        """Insert by time, then sequence."""
        self.marks.insert(bisect_right(self.marks, (mark.t, mark.seq), key=_place), mark)
        self._measure(mark)
        self._changed(max(self.settled, mark.t + mark.err))

    def drop(self, mark: Mark) -> None:
        """Remove a mark (a better witness of the same action was found)."""
        self.marks.remove(mark)
        self._wide = [one for one in self.marks if one.err > _WIDE_US]
        self._changed(self._end())

    def _measure(self, mark: Mark) -> None:
        if mark.err > _WIDE_US:
            self._wide.append(mark)
        else:
            self._err = max(self._err, mark.err)

    def _end(self) -> int:
        return max((mark.t + mark.err for mark in self.marks), default=-1)

    def _changed(self, settled: int) -> None:
        self.settled, self._last = settled, []
        self._last = self.possible(Moment(settled + 1, 0, "", 0))
        self.last_states = frozenset(m.state for m in self._last)
        self.answers.clear()
        self._without.clear()

    def named(self, seq: int) -> list[Mark]:
        """The marks that name an event as a witness."""
        return [mark for mark in self.marks if seq in mark.events]

    def between(self, first: int, last: int) -> list[Mark]:
        """The marks that can have happened from one time to another."""
        start = bisect_left(self.marks, first - self._err, key=_time)
        narrow = self.marks[start : bisect_right(self.marks, last + self._err, key=_time)]
        return [*(mark for mark in self._wide if mark not in narrow), *narrow]

    def without(self, state: str) -> Timeline:
        """The marks of all other states."""
        if state not in self._without:
            self._without[state] = Timeline(mark for mark in self.marks if mark.state != state)
        return self._without[state]

    def possible(self, event: Timed) -> list[Mark]:
        """Every mark that may be the latest at the event; empty = certainly no mark before it.

        A mark that may lie on either side of the event is included; ``unsettled`` then says whether the event may also
        precede all marks.
        """
        if event.t - event.err > self.settled and self._last:
            return self._last
        found = self._latest(event)
        earlier = [m for m in found if before(m, event)]
        near = [m for m in found if not before(m, event) and not before(event, m)]
        sure = [m for m in earlier if not m.perhaps]
        last = [m for m in earlier if not any(before(m, other) for other in sure)]
        # Numbers that contradict the times can have each followed by another one: then the latest.
        return [*reversed(last or earlier[:1]), *reversed(near)]

    def _latest(self, event: Timed) -> list[Mark]:
        """The marks, from the latest on, among which are all that may be the latest at the event."""
        found = [*self._wide]
        begins = _LONG_AGO  # when the last mark that certainly changed something was at the earliest
        for at in range(bisect_right(self.marks, event.t + event.err + self._err, key=_time) - 1, -1, -1):
            m = self.marks[at]
            if m.t < min(begins - 3 * self._err, event.t - event.err - self._err):
                break  # all before are followed, and follow none of those that may be the latest
            if m.err <= _WIDE_US:
                found.append(m)
                begins = max(begins, m.t - m.err) if before(m, event) and not m.perhaps else begins
        return sorted(found, key=_place, reverse=True) if self._wide else found

    def unsettled(self, event: Timed) -> bool:
        """Whether it is possible that no mark had happened yet."""
        return not any(not m.perhaps and before(m, event) for m in self.marks)

    def states(self, event: Timed, start: str = "unknown") -> Collection[str]:
        """The states possible at the event."""
        found = {m.state for m in self.possible(event)}
        return found | {start} if self.unsettled(event) else found
