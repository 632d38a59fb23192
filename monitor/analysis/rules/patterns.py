"""Patterns about consent and what was sent, and the register of all types."""

from collections.abc import Iterable
from typing import Final

import msgspec

from monitor.analysis.consent.text import idle, label
from monitor.analysis.rules.answers import (
    NO,
    TemporalAnswer,
    consented,
    equivalent_refused,
    lasting,
    refused,
    seconds,
    type_refused,
    withdrawn_within_grace,
)
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts.col import one_row
from monitor.analysis.rules.given import NOBODY, Subject
from monitor.analysis.rules.lasting import Lasting
from monitor.analysis.rules.matching import CERTAIN, EVIDENCED, INCONCLUSIVE, REVIEW, WITHOUT, Hit, Matcher
from monitor.analysis.rules.purposes import agreed_alone, by_purpose, chosen_since, of_the_function, purpose_refused
from monitor.analysis.rules.repeats import RepeatAfter
from monitor.analysis.rules.timed import Background, Rate, Sequence
from monitor.analysis.timeline import before, gap, near
from monitor.events import ApiCall, Event, Transmission

#: Owners that name nobody whose read and whose message could belong together.
_NOBODYS: Final = frozenset({"", "framework"})
#: A read follows the tap that set it off within this time.
_SET_OFF_US: Final = 1_000_000
#: Certainty of a value in a message that cannot be read.
_UNREADABLE: Final = "unreadable"


class BeforeConsent(Matcher):
    """An access or transfer without consent to the scope, and not after what ``not_after`` allows."""

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Not once there is consent, until something changes."""
        return e is None or not all(lasting(c, scope, e) for scope in self.check.scopes(e, c, s))

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        for scope in self.check.scopes(e, c, s):
            temporal, policy = consented(c, scope, e), scope == "policy"
            if policy and temporal.answer in ("unclear", "no"):
                temporal = by_purpose(c, e, temporal, s.data_type)
                if temporal.answer == "unclear" and s.data_type:  # asked for by itself, and agreed to
                    alone = consented(c, f"sensitive:{s.data_type}", e)
                    temporal = alone if alone.answer == "yes" else temporal
            if temporal.answer == "yes" or (policy and _asked(c, e, temporal, s)):
                continue
            excuses = [withdrawn_within_grace(c, scope, e)]
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
                temporal, base = equivalent_refused(c, s.data_type, e)
                detail = {"equivalent_of": base} if base else detail
            else:
                temporal = self._refusal(scope, e, c, s)
            if temporal.answer != "no" and best.answer != "yes":
                best = temporal
        return () if best is NO else (Hit(e, s, CERTAIN[best.answer], best.events, detail | _unread(best)),)

    def _refusal(self, scope: str, e: Event, c: Context, s: Subject) -> TemporalAnswer:
        """Whether a scope was refused, for longer than what was in progress is given."""
        states, grace = self.check.pattern.states, seconds(self.check.limits.get("grace", 0))
        if scope == "permission":
            return NO if isinstance(e, ApiCall) and one_row(e) else type_refused(c, s.data_type, e)
        if scope == "purpose":
            return purpose_refused(c, e, s.data_type, states, grace)
        begun_after = self._begun_after if scope == "personalisation" else self._set_off
        temporal = refused(c, scope, e, states, 0 if grace and begun_after(scope, e, c, s) else grace)
        if scope != "policy" or temporal.answer != "yes":
            return temporal
        since = chosen_since(c, e, s.data_type, temporal)
        if since.answer == "yes" or _asked(c, e, temporal, s):
            return NO
        return temporal if since.answer == "no" else since

    def _begun_after(self, scope: str, e: Event, c: Context, s: Subject) -> bool:
        """Whether the code that sent it read the value after the refusal: then nothing was in progress."""
        read = _read(e, c, s)
        if read is None or not before(read, e):
            return False
        reading = msgspec.structs.replace(e, t=read.t, err=read.err, src=read.src, seq=read.seq)
        return refused(c, scope, reading, self.check.pattern.states).answer == "yes"

    def _set_off(self, scope: str, e: Event, c: Context, s: Subject) -> bool:
        """Whether a tap after the refusal set off the read, or the read of what is sent: then nothing was in progress.
        Not one that answers or leaves something."""
        read = e if isinstance(e, ApiCall) else _read(e, c, s)
        if read is None or read.role != "source":
            return False
        taps = [t for t in c.taps if near(t, read, _SET_OFF_US) and not (t.checked or label(t.label).meaning)]
        wishes = (t for t in taps if not idle(t.label) and t.seq not in c.consent.answered)
        return any(refused(c, scope, tap, self.check.pattern.states).answer == "yes" for tap in wishes)


def _read(e: Event, c: Context, s: Subject) -> ApiCall | None:
    """The last read, by the code that sent a message, of such a value."""
    return c.values.lately.get(e.sdk, {}).get(s.data_type) if isinstance(e, Transmission) and e.sdk else None


def _asked(c: Context, e: Event, temporal: TemporalAnswer, s: Subject) -> bool:
    """Whether the user asked for it by what they did, or agreed to it alone, whatever became of the notice."""
    return of_the_function(c, e, temporal, s) or agreed_alone(c, e, s)


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


#: Those of patterns that the device can show: what is ``documentary`` is a line of the checklist, never a finding.
TYPES: Final[dict[str, type[Matcher]]] = {
    "before_consent": BeforeConsent,
    "after_refusal": AfterRefusal,
    "repeat_after": RepeatAfter,
    "rate": Rate,
    "value_flow": ValueFlow,
    "undisclosed": Matcher,
    "background": Background,
    "sequence": Sequence,
    "lasting": Lasting,
    "opaque": Opaque,
}
