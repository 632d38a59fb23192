"""Three-valued answers about consent, foreground and neighbours of an event: yes, no, maybe (within timing
uncertainty)."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from monitor.analysis.consent.timelines import UNREAD
from monitor.analysis.guarded import permissions_of, short
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import NOBODY, Filter
from monitor.analysis.timeline import Mark, Timeline, before, gap
from monitor.events import Base
from monitor.knowledge.wordlists import derived, table

Answer = Literal["yes", "no", "maybe", "unclear", "unread"]
_SECOND = 1_000_000
#: From the start of a return to the foreground to the resume event that reports it.
_RETURN_US = 1_500_000
#: What is in progress when consent is withdrawn may complete (COL-05).
GRACE_US: Final = 60_000_000


class TemporalAnswer(NamedTuple):
    """An answer with its supporting events. ``unclear``: certain in time, but the label was ambiguous. ``unread``: a
    window that may have requested it was answered in words that are not understood."""

    answer: Answer
    events: tuple[int, ...] = ()


NO = TemporalAnswer("no")


def seconds(value: float) -> int:
    """Seconds as microseconds."""
    return int(value * _SECOND)


def witnesses(of: Iterable[Mark | TemporalAnswer]) -> tuple[int, ...]:
    """The events on which marks or answers rest, each once."""
    return tuple(dict.fromkeys(seq for one in of for seq in one.events))


def consented(c: Context, scope: str, event: Base) -> TemporalAnswer:
    """Whether consent to a scope was in force at the event."""
    lines = c.consent.lines
    line, vague = lines.scopes.get(scope), False
    if line is None and scope.startswith("share:"):
        line, vague = lines.scopes.get("share:*"), True
    if line is None and (line := lines.timeline(scope)) is None:
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
    granted = [mark for mark in marks if mark.state == "granted"]
    if unread := [mark for mark in marks if mark.state == UNREAD]:
        return TemporalAnswer("unread", witnesses(unread))
    if not granted:
        return TemporalAnswer("no", witnesses(marks))
    if len(granted) != len(marks) or line.unsettled(event):
        return TemporalAnswer("maybe", witnesses(marks))
    clear = not vague and all(mark.clear for mark in granted)
    return TemporalAnswer("yes" if clear else "unclear", witnesses(granted))


def withdrawn_within_grace(c: Context, scope: str, event: Base) -> Answer:
    """Whether consent was in force and was withdrawn: no longer a matter of "before consent".

    Withdrawal of the policy is assessed separately, with a grace period; for any other scope only the grace period
    counts. ``maybe``: refused again, or before the withdrawal, within timing uncertainty.
    """
    line = c.consent.lines.scopes.get(scope)
    marks = line.possible(event) if line else []
    back = [mark for mark in marks if mark.state == "withdrawn"]
    if line is None or not back:
        return "no"
    stood = {mark.state for mark in line.without("withdrawn").possible(back[0])}
    over = scope != "policy" and any(gap(mark, event)[0] > GRACE_US for mark in back)
    if "granted" not in stood or over:
        return "no"
    return "yes" if len(back) == len(marks) and len(stood) == 1 else "maybe"


def refused(c: Context, scope: str, event: Base, states: Collection[str], grace_us: int = 0) -> TemporalAnswer:
    """Whether the scope had been refused or withdrawn (``states``) for longer than ``grace_us`` at the event."""
    line = c.consent.lines.scopes.get(scope)
    return _refused(line, event, states, grace_us) if line else NO


def _refused(line: Timeline, event: Base, states: Collection[str], grace: int) -> TemporalAnswer:
    if event.t - event.err > line.settled and line.last_states.isdisjoint(states) and UNREAD not in line.last_states:
        return NO
    marks = [mark for mark in line.possible(event) if event.seq not in mark.events]
    unread = [mark for mark in marks if mark.state == UNREAD]
    stood = line.without(UNREAD).possible(event) if unread else marks
    hits = [m for m in stood if m.state in states and event.seq not in m.events and gap(m, event)[1] > grace]
    if not hits or unread:
        return TemporalAnswer("unread", witnesses(unread)) if hits else NO
    certain = len(hits) == len(marks) and all(gap(mark, event)[0] > grace for mark in hits)
    if not certain or line.unsettled(event):
        return TemporalAnswer("maybe", witnesses(hits))
    return TemporalAnswer("yes" if all(mark.clear for mark in hits) else "unclear", witnesses(hits))


def type_refused(c: Context, data_type: str, event: Base) -> TemporalAnswer:
    """Whether every permission answered for a data type was refused."""
    guards = permissions_of(data_type)
    lines = c.consent.lines.scopes.items() if guards else ()
    own = [line for scope, line in lines if scope.startswith("permission:") and short(scope) in guards]
    found = [_refused(line, event, ("denied",), 0) for line in own]
    if not found or any(one.answer == "no" for one in found):
        return NO
    return TemporalAnswer("yes" if all(one.answer == "yes" for one in found) else "maybe", witnesses(found))


@derived
@cache
def equivalents() -> dict[str, tuple[str, ...]]:
    """Data type to the types for which it can substitute."""
    found: dict[str, tuple[str, ...]] = {}
    for base, others in table("data_types")["equivalents"].items():
        for other in others:
            found[other] = (*found.get(other, ()), base)
    return found


def equivalent_refused(c: Context, data_type: str, event: Base) -> tuple[TemporalAnswer, str]:
    """Whether a type for which ``data_type`` can substitute was refused, and which one."""
    answers = ((type_refused(c, base, event), base) for base in equivalents().get(data_type, ()))
    return next((found for found in answers if found[0].answer != "no"), (NO, ""))


def away(c: Context, event: Base, least_us: int) -> TemporalAnswer:
    """Whether the app was in the background, or the screen off, for at least ``least_us`` at the event."""
    marks = c.stage.possible(event)
    hits = [mark for mark in marks if mark.state != "foreground" and gap(mark, event)[1] >= least_us]
    # What an app does in onRestart and onStart, as it comes to the front, comes before its resume.
    soon = c.stage.between(event.t - event.err, event.t + event.err + _RETURN_US) if hits else ()
    back = [gap(event, mark) for mark in soon if mark.state == "foreground"]
    back = [times for times in back if times[1] >= 0 and times[0] <= _RETURN_US]
    if not hits or any(most - least <= 2 * _RETURN_US for least, most in back):
        return NO
    certain = len(hits) == len(marks) and not back and not c.stage.unsettled(event)
    certain = certain and all(gap(mark, event)[0] >= least_us for mark in hits)
    return TemporalAnswer("yes" if certain else "maybe", witnesses(hits))


def idle(c: Context, event: Base, least_us: int) -> TemporalAnswer:
    """Whether the app was in the foreground without any input for at least ``least_us``."""
    marks, tap = c.stage.possible(event), c.since_tap(event)
    if not marks or any(mark.state != "foreground" for mark in marks):
        return NO
    gaps = [*(gap(mark, event) for mark in marks), *([tap] if tap else [])]
    least, most = (min(times) for times in zip(*gaps, strict=True))
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
        answer = NO
        for kind in self.filters:
            for other in self.fitting(c, kind):
                then = c.touches.get(other.seq, other)  # a box: when it was touched
                relation = self.relation(then, event) if other.seq != event.seq else "no"
                if relation == "yes" and not (kind in self.perhaps and self.perhaps[kind](other, c, NOBODY)):
                    return TemporalAnswer("yes", (other.seq,))
                if relation != "no":
                    answer = TemporalAnswer("maybe", (other.seq,))
        return answer

    def relation(self, first: Any, then: Any) -> Answer:
        """Whether ``then`` follows ``first`` within the time."""
        least, most = gap(first, then)
        if before(then, first) or (self.within_us and least > self.within_us):
            return "no"
        certain = before(first, then) and (not self.within_us or most <= self.within_us)
        return "yes" if certain else "maybe"
