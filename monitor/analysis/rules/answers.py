"""Three-valued answers about consent, foreground and neighbours of an event: yes, no, maybe (within timing
uncertainty)."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from monitor.analysis.consent.timelines import UNREAD
from monitor.analysis.guarded import permissions_of, short
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.expression import Filter
from monitor.analysis.rules.given import NOBODY
from monitor.analysis.timeline import Mark, Timeline, before, gap
from monitor.events import Base
from monitor.knowledge.wordlists import derived, table

Answer = Literal["yes", "no", "maybe", "unclear", "unread"]
_SECOND = 1_000_000
#: From the start of a return to the foreground to the resume event that reports it.
_RETURN_US = 1_500_000


class TemporalAnswer(NamedTuple):
    """An answer with its supporting events. ``unclear``: certain in time, but the label was ambiguous.
    ``unread``: a window that may have requested it was answered in words that are not understood."""

    answer: Answer
    events: tuple[int, ...] = ()


NO = TemporalAnswer("no")


#: What is in progress when consent is withdrawn may complete (COL-05).
GRACE_US: Final = 60_000_000


def witnesses(of: Iterable[Mark | TemporalAnswer]) -> tuple[int, ...]:
    """The events on which marks or answers rest, each once."""
    return tuple(dict.fromkeys(seq for one in of for seq in one.events))


def consented(c: Context, scope: str, event: Base) -> TemporalAnswer:
    """Whether consent to a scope was in force at the event."""
    line = c.consent.lines.scopes.get(scope)
    vague = False
    if line is None and scope.startswith("share:"):
        line, vague = c.consent.lines.scopes.get("share:*"), True
    if line is None and (line := c.consent.lines.unread.line(scope)) is None:
        return NO
    if event.t - event.err <= line.settled:
        return _consented(line, event, vague)
    known: TemporalAnswer | None = line.answers.get(vague)
    if known is None:
        known = line.answers[vague] = _consented(line, event, vague)
    return known


def lasting(c: Context, scope: str, event: Base) -> bool:
    """Whether consent to a scope was in force at the event, and at any later one as long as nothing changes."""
    line = c.consent.lines.scopes.get(scope)
    return line is not None and event.t - event.err > line.settled and consented(c, scope, event).answer == "yes"


def _consented(line: Timeline, event: Base, vague: bool) -> TemporalAnswer:
    marks = line.possible(event)
    granted = [m for m in marks if m.state == "granted"]
    unread = [m for m in marks if m.state == UNREAD]
    if unread:
        return TemporalAnswer("unread", witnesses(unread))
    if not granted:
        return TemporalAnswer("no", witnesses(marks))
    if len(granted) == len(marks) and not line.unsettled(event):
        clear = not vague and all(m.clear for m in granted)
        return TemporalAnswer("yes" if clear else "unclear", witnesses(granted))
    return TemporalAnswer("maybe", witnesses(marks))


def withdrawn_within_grace(c: Context, scope: str, event: Base) -> Answer:
    """Whether consent was in force and was withdrawn: no longer a matter of "before consent".

    Withdrawal of the policy is assessed separately, with a grace period; for any other scope only the grace period
    counts. ``maybe``: refused again, or before the withdrawal, within timing uncertainty.
    """
    line = c.consent.lines.scopes.get(scope)
    marks = line.possible(event) if line else []
    back = [m for m in marks if m.state == "withdrawn"]
    if line is None or not back:
        return "no"
    stood = {m.state for m in line.without("withdrawn").possible(back[0])}
    if "granted" not in stood:
        return "no"
    if scope != "policy" and not all(gap(m, event)[0] <= GRACE_US for m in back):
        return "no"
    return "yes" if len(back) == len(marks) and len(stood) == 1 else "maybe"


def _refused(line: Timeline, event: Base, states: Collection[str], grace: int) -> TemporalAnswer:
    if event.t - event.err > line.settled and line.last_states.isdisjoint(states) and UNREAD not in line.last_states:
        return NO
    marks = [m for m in line.possible(event) if event.seq not in m.events]
    unread = [m for m in marks if m.state == UNREAD]
    if unread:
        stood = line.without(UNREAD).possible(event)
        again = any(m.state in states and gap(m, event)[1] > grace and event.seq not in m.events for m in stood)
        return TemporalAnswer("unread", witnesses(unread)) if again else NO
    hits = [m for m in marks if m.state in states and gap(m, event)[1] > grace]
    if not hits:
        return NO
    certain = len(hits) == len(marks) and not line.unsettled(event) and all(gap(m, event)[0] > grace for m in hits)
    if not certain:
        return TemporalAnswer("maybe", witnesses(hits))
    return TemporalAnswer("yes" if all(m.clear for m in hits) else "unclear", witnesses(hits))


def refused(c: Context, scope: str, event: Base, states: Collection[str], grace_us: int = 0) -> TemporalAnswer:
    """Whether the scope had been refused or withdrawn (``states``) for longer than ``grace_us`` at the event."""
    line = c.consent.lines.scopes.get(scope)
    return _refused(line, event, states, grace_us) if line else NO


def type_refused(c: Context, data_type: str, event: Base) -> TemporalAnswer:
    """Whether every permission answered for a data type was refused."""
    guards = permissions_of(data_type)
    if not guards:
        return NO
    found: list[TemporalAnswer] = []
    for scope, line in c.consent.lines.scopes.items():
        if scope.startswith("permission:") and short(scope) in guards:
            found.append(_refused(line, event, ("denied",), 0))
    if not found or any(v.answer == "no" for v in found):
        return NO
    answer: Answer = "maybe" if any(v.answer != "yes" for v in found) else "yes"
    return TemporalAnswer(answer, witnesses(found))


@derived
@cache
def _equivalents() -> dict[str, tuple[str, ...]]:
    """Data type to the types for which it can substitute."""
    found: dict[str, tuple[str, ...]] = {}
    for base, others in table("data_types")["equivalents"].items():
        for other in others:
            found[other] = (*found.get(other, ()), base)
    return found


def stands_in(data_type: str) -> bool:
    """Whether another type can be derived from this one."""
    return data_type in _equivalents()


def equivalent_refused(c: Context, data_type: str, event: Base) -> tuple[TemporalAnswer, str]:
    """Whether a type for which ``data_type`` can substitute was refused, and which one."""
    for base in _equivalents().get(data_type, ()):
        temporal = type_refused(c, base, event)
        if temporal.answer != "no":
            return temporal, base
    return NO, ""


def away(c: Context, event: Base, least_us: int) -> TemporalAnswer:
    """Whether the app was in the background, or the screen off, for at least ``least_us`` at the event."""
    marks = c.stage.possible(event)
    hits = [m for m in marks if m.state != "foreground" and gap(m, event)[1] >= least_us]
    if not hits or _returns(c, event):
        return NO
    certain = len(hits) == len(marks) and not c.stage.unsettled(event)
    certain = certain and all(gap(m, event)[0] >= least_us for m in hits)
    return TemporalAnswer("yes" if certain else "maybe", witnesses(hits))


def _returns(c: Context, event: Base) -> bool:
    """Whether the app is just coming to the front: what it does in onRestart and onStart comes before its resume."""
    return any(
        m.state == "foreground" and gap(event, m)[1] >= 0 and gap(event, m)[0] <= _RETURN_US
        for m in c.stage.between(event.t - event.err, event.t + event.err + _RETURN_US)
    )


def idle(c: Context, event: Base, least_us: int) -> TemporalAnswer:
    """Whether the app was in the foreground without any input for at least ``least_us``."""
    marks = c.stage.possible(event)
    if not marks or any(m.state != "foreground" for m in marks):
        return NO
    gaps = [gap(m, event) for m in marks]
    tap = c.since_tap(event)
    if tap is not None:
        gaps.append(tap)
    least, most = min(g[0] for g in gaps), min(g[1] for g in gaps)
    if most < least_us:
        return NO
    return TemporalAnswer("yes" if least >= least_us else "maybe", witnesses(marks))


class Neighbour(NamedTuple):
    """A compiled ``after`` or ``not_after`` clause."""

    filters: dict[str, Filter]
    within_us: int
    perhaps: Mapping[str, Filter] = {}
    """Filters of events that may be others than meant: they answer maybe."""
    lasting: Collection[str] = ()
    """Kinds of which an event fits or not whatever else happens."""

    def fitting(self, c: Context, kind: str) -> Iterable[Any]:
        """The events of a kind that are meant, the latest first."""
        test = self.filters[kind]
        if kind in self.lasting:
            yield from reversed(c.fitting(kind, test))
            return
        yield from (other for other in reversed(c.history[kind]) if test(other, c, NOBODY))

    def earlier(self, c: Context, event: Base) -> TemporalAnswer:
        """Whether such an event happened before ``event`` and, if a time is given, within it."""
        maybe: int | None = None
        for kind in self.filters:
            for other in self.fitting(c, kind):
                if other.seq == event.seq:
                    continue
                answer = self.relation(other, event)
                if answer == "yes" and kind in self.perhaps and self.perhaps[kind](other, c, NOBODY):
                    answer = "maybe"
                if answer == "yes":
                    return TemporalAnswer("yes", (other.seq,))
                if answer == "maybe":
                    maybe = other.seq
        return TemporalAnswer("maybe", (maybe,)) if maybe is not None else NO

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
