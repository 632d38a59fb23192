"""A state over time when times have errors: which states were possible at the moment of an event."""

from __future__ import annotations

from bisect import insort
from typing import Any, NamedTuple, Protocol


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
    """Whether ``a`` certainly happened before ``b``: by sequence within one clock source, otherwise beyond both
    errors."""
    if a.src == b.src and a.seq and b.seq:
        return a.seq < b.seq
    return a.t + a.err < b.t - b.err


def gap(a: _Timed, b: _Timed) -> tuple[int, int]:
    """Least and greatest possible ``b - a`` in microseconds. One source shares one clock, so errors cancel."""
    if a.src == b.src:
        return b.t - a.t, b.t - a.t
    return b.t - b.err - a.t - a.err, b.t + b.err - a.t + a.err


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


class Timeline:
    """Changes of one state. Few marks are expected; a mark that repeats the previous state is kept."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.settled = -1
        """An event that certainly happened after this time follows every mark."""
        self.last_states: frozenset[str] = frozenset()
        """The states possible after ``settled``."""
        self.answers: dict[bool, Any] = {}
        """Cache for callers: answers about the time after ``settled``; cleared on each change."""
        self._last: list[Mark] = []

    def add(self, mark: Mark) -> None:
        """Insert by time, then sequence."""
        insort(self.marks, mark, key=lambda m: (m.t, m.seq))
        self._changed()

    def drop(self, mark: Mark) -> None:
        """Remove a mark (a better witness of the same action was found)."""
        self.marks.remove(mark)
        self._changed()

    def _changed(self) -> None:
        self.settled = max((m.t + m.err for m in self.marks), default=-1)
        self._last = _latest(self.marks)
        self.last_states = frozenset(m.state for m in self._last)
        self.answers.clear()

    def possible(self, event: _Timed) -> list[Mark]:
        """Every mark that may be the latest at the event; empty = certainly no mark before it.

        A mark that may lie on either side of the event is included; ``unsettled`` then says whether the event may also
        precede all marks.
        """
        if event.t - event.err > self.settled:
            return self._last
        return self._near(event)[0]

    def unsettled(self, event: _Timed) -> bool:
        """Whether it is possible that no mark had happened yet."""
        if event.t - event.err > self.settled:
            return all(m.perhaps for m in self.marks)
        return not self._near(event)[1]

    def _near(self, event: _Timed) -> tuple[list[Mark], bool]:
        return standing(self.marks, event), any(not m.perhaps and before(m, event) for m in self.marks)

    def states(self, event: _Timed, start: str = "unknown") -> set[str]:
        """The states possible at the event."""
        found = {m.state for m in self.possible(event)}
        if self.unsettled(event):
            found.add(start)
        return found


def standing(marks: list[Mark], event: _Timed) -> list[Mark]:
    """Those of the given marks that may be the latest at the event."""
    earlier: list[Mark] = []
    near: list[Mark] = []
    for m in marks:
        if before(m, event):
            earlier.append(m)
        elif not before(event, m):
            near.append(m)
    return _latest(earlier) + near


def _latest(marks: list[Mark]) -> list[Mark]:
    """The marks not certainly followed by another that certainly changed something: ``before`` none of them. In one
    pass, with what came last of each clock source."""
    last_seq: dict[str, int] = {}
    begins: dict[str, int] = {}
    unnumbered: dict[str, int] = {}
    for m in marks:
        if m.perhaps:
            continue
        start, src = m.t - m.err, m.src
        begins[src] = max(begins.get(src, start), start)
        if m.seq:
            last_seq[src] = max(last_seq.get(src, 0), m.seq)
        else:
            unnumbered[src] = max(unnumbered.get(src, start), start)
    ranked = sorted(begins.items(), key=lambda item: item[1])[-2:]

    def followed(m: Mark) -> bool:
        end = m.t + m.err
        if any(start > end for src, start in ranked if src != m.src):
            return True
        own = (unnumbered if m.seq else begins).get(m.src)
        return last_seq.get(m.src, 0) > m.seq > 0 or (own is not None and own > end)

    return [m for m in marks if not followed(m)]
