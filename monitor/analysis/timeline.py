"""A state over time when times have errors: which states were possible at the moment of an event."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection
from typing import Any, Final, NamedTuple, Protocol

#: States of a scope in which somebody has said no to it.
AGAINST: Final = ("denied", "withdrawn")
#: Marks for which it is known together what they come to.
_STRIDE: Final = 16


class Moment(NamedTuple):
    """When something happened: microseconds, error, clock source and position in the log."""

    t: int
    err: int
    src: str
    seq: int


class _Timed(Protocol):
    @property
    def t(self) -> int: ...
    @property
    def err(self) -> int: ...
    @property
    def src(self) -> str: ...
    @property
    def seq(self) -> int: ...


def moment(event: _Timed) -> Moment:
    """The moment of an event."""
    return Moment(event.t, event.err, event.src, event.seq)


def before(a: _Timed, b: _Timed) -> bool:
    """Whether ``a`` certainly happened before ``b``: beyond both errors, and what is closer by sequence within one
    source. A call is told when it has returned, or its result has come: it may stand behind much that followed it."""
    apart, errors = b.t - a.t, a.err + b.err
    if a.src == b.src and a.seq and b.seq and -errors <= apart <= errors:
        return a.seq < b.seq
    return apart > errors or _made_after(a, getattr(b, "made", None))


def _made_after(a: _Timed, made: tuple[int, int, str, int] | None) -> bool:
    """Whether what was sent was only ``made`` after ``a``: one clock told both."""
    return made is not None and a.src == made[2] and 0 < a.seq < made[3] and a.t <= made[0]


def gap(a: _Timed, b: _Timed) -> tuple[int, int]:
    """Least and greatest possible ``b - a`` in microseconds. One source shares one clock, so errors cancel; what is
    sent comes after what the app's own clock says of its making."""
    if a.src == b.src:
        return b.t - a.t, b.t - a.t
    least, most = b.t - b.err - a.t - a.err, b.t + b.err - a.t + a.err
    made = getattr(b, "made", None)
    if made is not None and a.src == made[2]:
        least = min(max(least, made[0] - a.t), most)
    return least, most


def near(a: _Timed, b: _Timed, within_us: int) -> bool:
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


def _place(mark: Mark) -> tuple[int, int]:
    return mark.t, mark.seq


class _Past:
    """What marks come to: which of them may be the last, and what is needed to say so of more."""

    __slots__ = ("begins", "ends", "latest", "told")

    def __init__(self, past: _Past | None = None) -> None:
        """Of no marks, or of as many as another one."""
        self.ends: int = past.ends if past else -1
        """No mark can be later than this."""
        self.begins: int | None = past.begins if past else None
        """When the last mark was at the earliest: here and below, of those that certainly changed something."""
        self.told: dict[str, list[tuple[int, int]]] = past.told.copy() if past else {}
        """Source to sequence numbers and latest times of its marks, without those that another one exceeds in both."""
        self.latest: list[Mark] = past.latest if past else []
        """Those not certainly followed by another: ``before`` none of them."""

    def plus(self, marks: list[Mark]) -> _Past:
        """The same of more marks, in the order of all."""
        if not marks:
            return self
        more = _Past(self)
        for m in marks:
            start, end = m.t - m.err, m.t + m.err
            more.ends = max(more.ends, end)
            if m.perhaps:
                continue
            more.begins = start if more.begins is None else max(more.begins, start)
            if m.seq and not any(seq >= m.seq and to >= end for seq, to in more.told.get(m.src, ())):
                kept = [one for one in more.told.get(m.src, ()) if one[0] > m.seq or one[1] > end]
                more.told[m.src] = [*kept, (m.seq, end)]
        begins, told = more.begins, more.told

        def followed(m: Mark) -> bool:
            if begins is not None and begins > m.t + m.err:
                return True
            return m.seq > 0 and any(seq > m.seq and end >= m.t - m.err for seq, end in told.get(m.src, ()))

        # Numbers that contradict the times can have each followed by another one.
        more.latest = [m for m in (*self.latest, *marks) if not followed(m)] or marks[-1:]
        return more

    def precedes(self, event: _Timed) -> bool:
        """Whether each of the marks is before the event by its time."""
        return self.ends < event.t - event.err


class Timeline:
    """Changes of one state; a mark that repeats the previous state is kept. What stood at an event costs no more for
    many marks than for few: for every so many of them it is known what they come to."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.settled = -1
        """An event that certainly happened after this time follows every mark."""
        self.last_states: frozenset[str] = frozenset()
        """The states possible after ``settled``."""
        self.answers: dict[bool, Any] = {}
        """Cache for callers: answers about the time after ``settled``; cleared on each change."""
        self._pasts = [_Past()]
        """What the first ``number * _STRIDE`` marks come to, by number."""
        self._all = self._pasts[0]
        self._first: dict[int, _Past] = {}
        """The same of the first marks, where it was asked for."""
        self._without: dict[str, Timeline] = {}
        self._tally: Counter[str] = Counter()
        """Marks of each state."""
        self._named: dict[int, list[Mark]] = {}
        """Event to the marks that name it as a witness."""
        self._err = 0

    def add(self, mark: Mark) -> None:
        """Insert by time, then sequence."""
        at = bisect_right(self.marks, (mark.t, mark.seq), key=_place)
        self.marks.insert(at, mark)
        self._tally[mark.state] += 1
        for seq in set(mark.events):
            self._named.setdefault(seq, []).append(mark)
        self._err = max(self._err, mark.err)
        self._changed(at)
        for state, line in self._without.items():
            if mark.state != state:
                line.add(mark)

    def drop(self, mark: Mark) -> None:
        """Remove a mark (a better witness of the same action was found)."""
        at = self.marks.index(mark, bisect_left(self.marks, (mark.t, mark.seq), key=_place))
        del self.marks[at]
        self._tally[mark.state] -= 1
        for seq in set(mark.events):
            self._named[seq].remove(mark)
        self._changed(at)
        for state, line in self._without.items():
            if mark.state != state:
                line.drop(mark)

    def __contains__(self, mark: Mark) -> bool:
        start = bisect_left(self.marks, (mark.t, mark.seq), key=_place)
        return mark in self.marks[start : bisect_right(self.marks, (mark.t, mark.seq), key=_place)]

    def holds(self, states: Collection[str]) -> bool:
        """Whether there is a mark of one of these states."""
        return any(self._tally[state] for state in states)

    def named(self, seq: int) -> list[Mark]:
        """The marks that name an event as a witness."""
        return self._named.get(seq, [])

    def between(self, first: int, last: int) -> list[Mark]:
        """The marks that can have happened from one time to another."""
        start = bisect_left(self.marks, first - self._err, key=lambda m: m.t)
        return self.marks[start : bisect_right(self.marks, last + self._err, key=lambda m: m.t)]

    def without(self, state: str) -> Timeline:
        """The marks of all other states."""
        line = self._without.get(state)
        if line is None:
            line = self._without[state] = Timeline()
            for mark in self.marks:
                if mark.state != state:
                    line.add(mark)
        return line

    def _changed(self, at: int) -> None:
        """The marks from the one at this place on are others."""
        del self._pasts[at // _STRIDE + 1 :]
        for start in range((len(self._pasts) - 1) * _STRIDE, len(self.marks) - _STRIDE + 1, _STRIDE):
            self._pasts.append(self._pasts[-1].plus(self.marks[start : start + _STRIDE]))
        self._all = self._pasts[-1].plus(self.marks[(len(self._pasts) - 1) * _STRIDE :])
        self.settled = self._all.ends
        self.last_states = frozenset(m.state for m in self._all.latest)
        self.answers.clear()
        self._first.clear()

    def possible(self, event: _Timed) -> list[Mark]:
        """Every mark that may be the latest at the event; empty = certainly no mark before it.

        A mark that may lie on either side of the event is included; ``unsettled`` then says whether the event may also
        precede all marks.
        """
        if event.t - event.err > self.settled:
            return self._all.latest
        number, rest = self._split(event)
        earlier: list[Mark] = []
        near: list[Mark] = []
        start, end, src, seq = event.t - event.err, event.t + event.err, event.src, event.seq
        made = getattr(event, "made", None)
        for m in rest:  # as ``before``, which is asked most often here
            if m.t + m.err < start:
                earlier.append(m)
            elif m.t - m.err <= end:
                if m.src != src or not m.seq or not seq or m.seq == seq:
                    (earlier if _made_after(m, made) else near).append(m)
                elif m.seq < seq:
                    earlier.append(m)
        if earlier != rest[: len(earlier)]:
            return self._pasts[number].plus(earlier).latest + near
        first = number * _STRIDE + len(earlier)
        past = self._first.get(first)
        if past is None:
            past = self._first[first] = self._pasts[number].plus(earlier)
        return past.latest + near

    def unsettled(self, event: _Timed) -> bool:
        """Whether it is possible that no mark had happened yet."""
        if event.t - event.err > self.settled:
            return self._all.begins is None
        number, rest = self._split(event)
        return self._pasts[number].begins is None and not any(not m.perhaps and before(m, event) for m in rest)

    def _split(self, event: _Timed) -> tuple[int, list[Mark]]:
        """How many times ``_STRIDE`` marks are before the event, of which it is known what they come to; the others."""
        number = bisect_left(self._pasts, True, key=lambda past: not past.precedes(event)) - 1
        number = max(number, 0)
        return number, self.marks[number * _STRIDE :]

    def states(self, event: _Timed, start: str = "unknown") -> Collection[str]:
        """The states possible at the event."""
        if event.t - event.err > self.settled:
            return self.last_states if self._all.begins is not None else self.last_states | {start}
        found = {m.state for m in self.possible(event)}
        if self.unsettled(event):
            found.add(start)
        return found
