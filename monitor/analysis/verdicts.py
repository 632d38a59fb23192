"""Three-valued answers about consent, foreground and neighbours of an event: yes, no, maybe (inside the errors)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, Literal, NamedTuple

from monitor.analysis.context import Context, Subject, permissions_of
from monitor.analysis.expression import Filter
from monitor.analysis.timeline import Mark, Timeline, before, gap, standing
from monitor.analysis.words import table
from monitor.events import Base

Answer = Literal["yes", "no", "maybe", "unclear"]
_SECOND = 1_000_000
NOBODY = Subject()


class Verdict(NamedTuple):
    """An answer with the events that bear it. ``unclear``: certain in time, but the label was ambiguous."""

    answer: Answer
    events: tuple[int, ...] = ()


_NO = Verdict("no")


def _witnesses(marks: Iterable[Mark]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(seq for mark in marks for seq in mark.events))


def consented(c: Context, scope: str, event: Base) -> Verdict:
    """Whether consent of a scope stood at the event."""
    line = c.consent.scopes.get(scope)
    vague = False
    if line is None and scope.startswith("share:"):
        line, vague = c.consent.scopes.get("share:*"), True
    if line is None:
        return _NO
    if event.t - event.err <= line.settled:
        return _consented(line, event, vague)
    known: Verdict | None = line.answers.get(vague)
    if known is None:
        known = line.answers[vague] = _consented(line, event, vague)
    return known


def _consented(line: Timeline, event: Base, vague: bool) -> Verdict:
    marks = line.possible(event)
    granted = [m for m in marks if m.state == "granted"]
    if not granted:
        return Verdict("no", _witnesses(marks))
    if len(granted) == len(marks) and not line.unsettled(event):
        clear = not vague and all(m.clear for m in granted)
        return Verdict("yes" if clear else "unclear", _witnesses(granted))
    return Verdict("maybe", _witnesses(marks))


def given_up(c: Context, scope: str, event: Base, grace_us: int) -> Answer:
    """Whether consent stood and was taken back: no longer a matter of "before consent".

    The policy's withdrawal is judged by itself, with a time of grace; for any other scope the grace alone counts.
    ``maybe``: it was refused anew, or before the withdrawal, inside the errors of time.
    """
    line = c.consent.scopes.get(scope)
    marks = line.possible(event) if line else []
    back = [m for m in marks if m.state == "withdrawn"]
    if line is None or not back:
        return "no"
    stood = {m.state for m in standing([m for m in line.marks if m.state != "withdrawn"], back[0])}
    if "granted" not in stood:
        return "no"
    if scope != "policy" and not all(gap(m, event)[0] <= grace_us for m in back):
        return "no"
    return "yes" if len(back) == len(marks) and len(stood) == 1 else "maybe"


def _refused(line: Timeline, event: Base, states: Collection[str], grace: int) -> Verdict:
    if event.t - event.err > line.settled and line.last_states.isdisjoint(states):
        return _NO
    marks = [m for m in line.possible(event) if event.seq not in m.events]
    hits = [m for m in marks if m.state in states and gap(m, event)[1] > grace]
    if not hits:
        return _NO
    certain = len(hits) == len(marks) and not line.unsettled(event) and all(gap(m, event)[0] > grace for m in hits)
    if not certain:
        return Verdict("maybe", _witnesses(hits))
    return Verdict("yes" if all(m.clear for m in hits) else "unclear", _witnesses(hits))


def refused(c: Context, scope: str, event: Base, states: Collection[str], grace_us: int = 0) -> Verdict:
    """Whether the scope stood refused or withdrawn (``states``) for longer than ``grace_us`` at the event."""
    line = c.consent.scopes.get(scope)
    return _refused(line, event, states, grace_us) if line else _NO


def type_refused(c: Context, data_type: str, event: Base) -> Verdict:
    """Whether every permission answered for a data type was refused."""
    guards = permissions_of(data_type)
    if not guards:
        return _NO
    found: list[Verdict] = []
    for scope, line in c.consent.scopes.items():
        if scope.startswith("permission:") and scope.rpartition(".")[2] in guards:
            found.append(_refused(line, event, ("denied",), 0))
    if not found or any(v.answer == "no" for v in found):
        return _NO
    answer: Answer = "maybe" if any(v.answer == "maybe" for v in found) else "yes"
    return Verdict(answer, tuple(dict.fromkeys(seq for v in found for seq in v.events)))


@cache
def _equivalents() -> dict[str, tuple[str, ...]]:
    """Data type to the types that it stands in for."""
    found: dict[str, tuple[str, ...]] = {}
    for base, others in table("judgement")["equivalents"].items():
        for other in others:
            found[other] = (*found.get(other, ()), base)
    return found


def stands_in(data_type: str) -> bool:
    """Whether the type gives the knowledge of another one."""
    return data_type in _equivalents()


def equivalent_refused(c: Context, data_type: str, event: Base) -> tuple[Verdict, str]:
    """Whether a type that ``data_type`` stands in for was refused, and which one."""
    for base in _equivalents().get(data_type, ()):
        verdict = type_refused(c, base, event)
        if verdict.answer != "no":
            return verdict, base
    return _NO, ""


def away(c: Context, event: Base, least_us: int) -> Verdict:
    """Whether the app was in the background, or the screen off, for at least ``least_us`` at the event."""
    if not c.stage.marks:
        return _NO
    marks = c.stage.possible(event)
    hits = [m for m in marks if m.state != "foreground" and gap(m, event)[1] >= least_us]
    if not hits:
        return _NO
    certain = (
        len(hits) == len(marks) and not c.stage.unsettled(event) and all(gap(m, event)[0] >= least_us for m in hits)
    )
    return Verdict("yes" if certain else "maybe", _witnesses(hits))


def idle(c: Context, event: Base, least_us: int) -> Verdict:
    """Whether the app was in the foreground without any input for at least ``least_us``."""
    marks = c.stage.possible(event)
    if not marks or any(m.state != "foreground" for m in marks):
        return _NO
    gaps = [gap(m, event) for m in marks]
    tap = c.since_tap(event)
    if tap is not None:
        gaps.append(tap)
    least, most = min(g[0] for g in gaps), min(g[1] for g in gaps)
    if most < least_us:
        return _NO
    return Verdict("yes" if least >= least_us else "maybe", _witnesses(marks))


class Neighbour(NamedTuple):
    """A compiled ``after`` or ``not_after`` clause."""

    filters: dict[str, Filter]
    within_us: int

    def earlier(self, c: Context, event: Base) -> Verdict:
        """Whether such an event happened before ``event`` and, if a time is given, within it."""
        maybe: int | None = None
        for kind, test in self.filters.items():
            for other in reversed(c.history[kind]):
                if other.seq == event.seq or not test(other, c, NOBODY):
                    continue
                answer = self.relation(other, event)
                if answer == "yes":
                    return Verdict("yes", (other.seq,))
                if answer == "maybe":
                    maybe = other.seq
        return Verdict("maybe", (maybe,)) if maybe is not None else _NO

    def relation(self, first: Any, then: Any) -> Answer:
        """Whether ``then`` follows ``first`` within the time."""
        least, most = gap(first, then)
        if before(then, first) or (self.within_us and least > self.within_us):
            return "no"
        certain = before(first, then) and (not self.within_us or most <= self.within_us)
        return "yes" if certain else "maybe"


def seconds(value: float) -> int:
    """Seconds as microseconds."""
    return int(value * _SECOND)
