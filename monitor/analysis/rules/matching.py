"""A match: how certain it is, when there are enough of them, and the patterns that give them, but those about time and
repetition.

A match is first as certain as its times (``CERTAIN``, ``WITHOUT``). Guards, possible values and filters that call for a
person or leave something open lower it (``softened``): nothing else decides its status. Where a rule asks for several,
none counts before they have come (``Threshold``), and they are together as certain as enough of them are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from monitor.analysis.consent.text import idle, label
from monitor.analysis.rules import answers, declared
from monitor.analysis.rules.answers import NO, TemporalAnswer, consented, refused
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts.col import rows
from monitor.analysis.rules.given import NOBODY, Filter, Subject
from monitor.analysis.timeline import before, gap, near
from monitor.events import ApiCall, Event, Transmission

if TYPE_CHECKING:
    from monitor.analysis.rules.plan import Check

#: Owners that name nobody whose read and whose message could belong together.
_NOBODYS: Final = frozenset({"", "framework"})
#: A read follows the tap that set it off within this time.
SET_OFF_US: Final = 1_000_000
#: Certainty of a value in a message that cannot be read.
_UNREADABLE: Final = "unreadable"
EVIDENCED, REVIEW, INCONCLUSIVE = "evidenced", "review", "inconclusive"
#: The guard of what a person must assess.
PERSON: Final = "needs_a_person"
#: Status when a refusal (or neighbour) was in force, and when consent was not, by answer.
CERTAIN: Final = {"yes": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW, "unread": INCONCLUSIVE}
WITHOUT: Final = {"no": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW, "unread": INCONCLUSIVE}


class Hit(msgspec.Struct, frozen=True, eq=False):
    """A match: its certainty, other supporting events, plain facts to show."""

    event: Event
    subject: Subject
    status: str
    events: tuple[int, ...] = ()
    detail: dict[str, str] = {}


def softened(
    hit: Hit, context: Context, softer: Mapping[str, Filter], why: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """The status and the guards in force, with those of ``softer`` whose filter holds: ``needs_a_person``, and then one
    that leaves open what happened. ``why``: those that do not depend on the moment. Any guard makes evidence a case for
    review."""
    status = hit.status
    why = (*why, "possible_value") if hit.subject.certainty == "possible" else why
    for guard, test in softer.items():
        if (guard == PERSON or status != INCONCLUSIVE) and test(hit.event, context, hit.subject):
            status, why = status if guard == PERSON else INCONCLUSIVE, (*why, guard)
    status = REVIEW if why and status == EVIDENCED else status
    return status, (*why, "not_read") if "unread" in hit.detail else why


class Threshold[Match]:
    """Gives each match once, as soon as it is one of ``least`` in a row within ``span_us`` (0 = any time)."""

    def __init__(self, least: int, span_us: int) -> None:
        self._held: deque[tuple[int, Match]] = deque(maxlen=least)
        self._span = span_us
        self._new = 0
        """How many of the latest were not given yet."""

    def add(self, t: int, match: Match) -> Sequence[Match]:
        """The next match, and what to count now."""
        held, least = self._held, self._held.maxlen or 1
        held.append((t, match))
        self._new = min(self._new + 1, least)
        if len(held) < least or (self._span and abs(t - held[0][0]) > self._span):
            return ()
        given = [match for _, match in list(held)[-self._new :]]
        self._new = 0
        return given


class Matcher:
    """The state of one check in one analysis: asked about events whose filter holds. As it is, each is a match."""

    waits = False
    """Whether later events decide a match."""

    def __init__(self, check: Check) -> None:
        self.check = check

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Whether anything can be a match after what has been observed so far; with a call: whether one like it can
        that is not earlier. Asked again after each change."""
        return True

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """Matches for an event whose filter holds."""
        return (Hit(e, s, EVIDENCED),)

    def advance(self, e: Event, c: Context) -> Iterable[Hit]:
        """Matches that were waiting for a later event."""
        return ()

    def stands(self, hit: Hit, c: Context) -> bool:
        """Whether a match that was set aside for an unread answer is still one at the end."""
        return True

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """Matches that the end of the log decides; ``newest`` is the time of its latest event."""
        return ()


class BeforeConsent(Matcher):
    """An access or transfer without consent to the scope, and not after what ``not_after`` allows."""

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Not once there is consent, until something changes."""
        return e is None or not all(answers.lasting(c, scope, e) for scope in self.check.scopes(e, c, s))

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        for scope in self.check.scopes(e, c, s):
            temporal, policy = consented(c, scope, e), scope == "policy"
            if policy and temporal.answer in ("unclear", "no"):
                temporal = declared.by_purpose(c, e, temporal, s.data_type)
                if temporal.answer == "unclear" and s.data_type:  # asked for by itself, and agreed to
                    alone = consented(c, f"sensitive:{s.data_type}", e)
                    temporal = alone if alone.answer == "yes" else temporal
            if temporal.answer == "yes" or (policy and _asked(c, e, temporal, s)):
                continue
            excuses = [answers.withdrawn_within_grace(c, scope, e)]
            if self.check.not_after:
                excuses.append(self.check.not_after.earlier(c, e).answer)
            if "yes" not in excuses:
                status = INCONCLUSIVE if "maybe" in excuses else WITHOUT[temporal.answer]
                return (Hit(e, s, status, temporal.events, _unread(temporal)),)
        return ()


class AfterRefusal(Matcher):
    """An access or transfer while the scope was refused or withdrawn."""

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Not before anything was refused."""
        return c.consent.lines.refused

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        best, detail = NO, dict[str, str]()
        for scope in self.check.scopes(e, c, s):
            if scope == "equivalent":
                temporal, base = answers.equivalent_refused(c, s.data_type, e)
                detail = {"equivalent_of": base} if base else detail
            else:
                temporal = self._refusal(scope, e, c, s)
            if temporal.answer != "no" and best.answer != "yes":
                best = temporal
        return () if best is NO else (Hit(e, s, CERTAIN[best.answer], best.events, detail | _unread(best)),)

    def _refusal(self, scope: str, e: Event, c: Context, s: Subject) -> TemporalAnswer:
        """Whether a scope was refused, for longer than what was in progress is given."""
        states, grace = self.check.pattern.states, answers.seconds(self.check.limits.get("grace", 0))
        if scope == "permission":
            return NO if isinstance(e, ApiCall) and rows(e) == "one" else answers.type_refused(c, s.data_type, e)
        if scope == "purpose":
            return declared.purpose_refused(c, e, s.data_type, states, grace)
        temporal = refused(c, scope, e, states, 0 if grace and self._begun_since(scope, e, c, s) else grace)
        if scope != "policy" or temporal.answer != "yes":
            return temporal
        since = declared.chosen_since(c, e, s.data_type, temporal)
        if since.answer == "yes" or _asked(c, e, temporal, s):
            return NO
        return temporal if since.answer == "no" else since

    def _begun_since(self, scope: str, e: Event, c: Context, s: Subject) -> bool:
        """Whether nothing was in progress: a tap after the refusal, which answers and leaves nothing, set off the read,
        or the read of what is sent; of personalisation, the code that sent it read the value after the refusal."""
        read = c.values.lately.get(e.sdk, {}).get(s.data_type) if isinstance(e, Transmission) and e.sdk else None
        read, begun = e if isinstance(e, ApiCall) else read, list[Event]()
        if read is not None and scope == "personalisation":
            begun = [read] if before(read, e) else []
        elif read is not None and read.role == "source":
            taps = (tap for tap in c.taps if near(tap, read, SET_OFF_US) and tap.seq not in c.consent.answered)
            begun = [tap for tap in taps if not (tap.checked or label(tap.label).meaning or idle(tap.label))]
        return any(refused(c, scope, one, self.check.pattern.states).answer == "yes" for one in begun)


def _asked(c: Context, e: Event, temporal: TemporalAnswer, s: Subject) -> bool:
    """Whether the user asked for it by what they did, or agreed to it alone, whatever became of the notice."""
    return declared.of_the_function(c, e, temporal, s) or declared.agreed_alone(c, e, s)


def _unread(temporal: TemporalAnswer) -> dict[str, str]:
    """The number of the unreadable tap, where the answer depends on it."""
    return {"unread": str(temporal.events[-1])} if temporal.answer == "unread" and temporal.events else {}


class ValueFlow(Matcher):
    """A known value in a transmission; names the call that read it, if observed."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        read = c.values.read_by(s.tag, e.sdk) if isinstance(e, Transmission) else 0
        return (Hit(e, s, EVIDENCED, (read,) if read else (), {"form": s.form}),)


class Opaque(Matcher):
    """A message that cannot be read, shortly after the code that sent it had read something. What it holds is not
    known: a person must find out, so that this is never more than a case for review."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if not isinstance(e, Transmission) or any(match.certainty == "found" for match in e.matches):
            return
        sender = c.values.caller(e)
        for data_type, read in () if sender in _NOBODYS else sorted(c.values.lately.get(sender, {}).items()):
            least, most = gap(read, e)
            if most >= 0 and least <= self.check.within_us:
                detail = {"read": data_type, "bytes": str(e.bytes), "seconds": f"{max(0, e.t - read.t) / 1e6:.1f}"}
                yield Hit(e, Subject(data_type, _UNREADABLE), REVIEW, (read.seq,), detail)
