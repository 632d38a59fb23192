"""Patterns about consent and declaration, and the register of all types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from monitor.analysis.consent.timeline import Moment, before, gap, moment
from monitor.analysis.rules.answers import (
    TemporalAnswer,
    consented,
    equivalent_refused,
    refused,
    seconds,
    stands_in,
    type_refused,
    withdrawn_within_grace,
)
from monitor.analysis.rules.context import Context, Subject, permission_entry
from monitor.analysis.rules.evaluator import (
    CERTAIN,
    EVIDENCED,
    INCONCLUSIVE,
    REVIEW,
    WITHOUT,
    Evaluator,
    Hit,
    neighbour,
    scope_of,
)
from monitor.analysis.rules.minimal import picked
from monitor.analysis.rules.model import Pattern
from monitor.analysis.rules.screens import seen
from monitor.analysis.rules.timed import Background, Rate, Sequence
from monitor.analysis.rules.undisclosed import FIELDS, maybe_unnecessary
from monitor.events import ApiCall, PermissionResult, Window

#: Fields by which a kind of call is declared or not, at any time.
_LASTING = ("data_type", "sdk")
_SAME_DIALOG_US = 3_000_000
#: The device log and the app report the same answer within this time: the second is not a separate refusal.
_REPORTED_TWICE_US = 1_000_000
#: What is in progress when consent is withdrawn may complete (COL-05).
_GRACE_US = 60_000_000


class BeforeConsent(Evaluator):
    """An access or transfer without consent to the scope, and not after what ``not_after`` allows."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._not_after = neighbour(pattern.not_after, where)

    def evaluate(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        for scope in self.scopes(e, c, s):
            temporal = consented(c, scope, e)
            if temporal.answer == "yes":
                continue
            excuses = [withdrawn_within_grace(c, scope, e, _GRACE_US)]
            if self._not_after:
                excuses.append(self._not_after.earlier(c, e).answer)
            if "yes" not in excuses:
                status = INCONCLUSIVE if "maybe" in excuses else WITHOUT[temporal.answer]
                return (Hit(e, s, status, temporal.events, _unread(temporal)),)
        return ()


class AfterRefusal(Evaluator):
    """An access or transfer while the scope was refused or withdrawn."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._grace = seconds(self.limits.get("grace", 0))

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """Where only equivalents count, a type that substitutes for none is not a match."""
        return self.pattern.scopes == ["equivalent"] and not stands_in(s.data_type)

    def awake(self, c: Context) -> bool:
        """Not before anything was refused."""
        return c.consent.lines.refused

    def evaluate(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        best: TemporalAnswer | None = None
        detail: dict[str, str] = {}
        for scope in self.scopes(e, c, s):
            if scope == "permission" and picked(e):
                continue
            if scope == "permission":
                temporal = type_refused(c, s.data_type, e)
            elif scope == "equivalent":
                temporal, base = equivalent_refused(c, s.data_type, e)
                detail = {"equivalent_of": base} if base else detail
            else:
                temporal = refused(c, scope, e, self.pattern.states, self._grace)
            if temporal.answer != "no" and (best is None or best.answer != "yes"):
                best = temporal
        return () if best is None else (Hit(e, s, CERTAIN[best.answer], best.events, detail | _unread(best)),)


class RepeatAfter(Evaluator):
    """A prompt shown again after the scope was refused, without the user needing it."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._repeats: dict[tuple[int, str], list[Hit]] = defaultdict(list)
        self._last: dict[tuple[int, str, str], tuple[Moment, str]] = {}
        self._gate = self.at_least
        self.at_least = 1

    def evaluate(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class. The app's own guide to a permission counts for every refused permission that it names."""
        template = self.pattern.scopes[0]
        if "{permission}" in template and isinstance(e, Window):
            types = seen(e).types
            for name in [n.partition(":")[2] for n in c.consent.lines.scopes if n.startswith("permission:")]:
                guarded = permission_entry(name).get("types", [])
                if isinstance(guarded, list) and types & set(guarded):
                    yield from self._shown(f"permission:{name}", e, c, msgspec.structs.replace(s, permission=name))
            return
        yield from self._shown(scope_of(template, e, c, s), e, c, s)

    def _shown(self, scope: str, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        key = (id(c), scope)
        kind = f"window {e.window}" if isinstance(e, Window) else str(e.__struct_config__.tag)
        source = (*key, "window" if isinstance(e, Window) else "system")
        last = self._last.get(source)
        self._last[source] = (moment(e), kind)
        if last is not None and _same_dialog(last, e, kind):
            return
        temporal = refused(c, scope, e, ("denied",), _REPORTED_TWICE_US if isinstance(e, PermissionResult) else 0)
        if temporal.answer == "no":
            if consented(c, scope, e).answer == "yes":
                self._repeats.pop(key, None)
            return
        within = seconds(self.limits.get("within", self.pattern.within))
        anchor = [m for m in c.consent.lines.scopes[scope].marks if m.state == "denied" and m.seq in temporal.events]
        nearest = min((gap(m, e) for m in anchor), default=(0, 0))
        if nearest[0] > within or self._wanted(e, c, s):
            return
        status = CERTAIN[temporal.answer] if nearest[1] <= within else INCONCLUSIVE
        if status == EVIDENCED and self._perhaps_wanted(scope, e, c):
            status = REVIEW
        hits = self._repeats[key]
        hits.append(Hit(e, s, status, temporal.events))
        if len(hits) < self._gate:
            return
        sure = sum(h.status == EVIDENCED for h in hits)
        unsure = sum(h.status == INCONCLUSIVE for h in hits)
        together = EVIDENCED if sure >= self._gate else INCONCLUSIVE if unsure else REVIEW
        detail = {"repeats": str(len(hits))}
        yield Hit(e, s, together, tuple(x for h in hits for x in (*h.events, h.event.seq)), detail)

    def _wanted(self, e: Any, c: Context, s: Subject) -> bool:
        function = c.declaration.functions.get(c.function(e))
        last = s.permission.rpartition(".")[2]
        return function is not None and any(p.rpartition(".")[2] == last for p in function.permissions)

    def _perhaps_wanted(self, scope: str, e: Any, c: Context) -> bool:
        """A tap shortly before, where no function map is declared; for the policy no declaration could say so. Not one
        that was made before the tester left the app with HOME: what comes up on the return answers no tap."""
        if c.declaration.functions and scope.startswith("permission:"):
            return False
        tap = c.since_tap(e, wish=True)
        near = tap is not None and tap[0] <= seconds(self.limits.get("trigger", 0))
        return near and not c.untouched_return(e, wish=True)


def _unread(temporal: TemporalAnswer) -> dict[str, str]:
    """The number of the unreadable tap, where the answer depends on it."""
    return {"unread": str(temporal.events[-1])} if temporal.answer == "unread" and temporal.events else {}


def _same_dialog(last: tuple[Moment, str], e: Any, kind: str) -> bool:
    """Whether two observations are of one dialog: a prompt and its answer, two answers, or one window reported
    twice."""
    if (last[1], kind) == ("prompt", "permission_result"):
        return True
    if (last[1], kind) == ("permission_result", "prompt"):
        return not before(last[0], e)  # answered before it was shown: another one
    near = e.t - last[0].t < _SAME_DIALOG_US
    return near and (last[1] == kind or not kind.startswith("window"))


class ValueFlow(Evaluator):
    """A known value in a transmission; names the call that read it, if observed."""

    def evaluate(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        read = c.read.get(s.tag)
        return (Hit(e, s, EVIDENCED, (read,) if read else (), {"form": s.form}),)


class Undisclosed(Evaluator):
    """Observed, and not in the declaration. Without that block of the declaration there is no result."""

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """What is declared is declared at any time; necessity depends on consent and thus on the moment."""
        if self.pattern.field == "necessary":
            return not maybe_unnecessary(c, s)
        return self.pattern.field in _LASTING and not FIELDS[self.pattern.field](e, c, s)

    def evaluate(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        known = type(e) is ApiCall and self.pattern.field in _LASTING  # otherwise the call would not have got here
        return (Hit(e, s, EVIDENCED),) if known or FIELDS[self.pattern.field](e, c, s) else ()


class Documentary(Evaluator):
    """Not decidable from the device: a line of the checklist, never a finding."""

    def evaluate(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """Nothing."""
        return ()


TYPES: dict[str, type[Evaluator]] = {
    "before_consent": BeforeConsent,
    "after_refusal": AfterRefusal,
    "repeat_after": RepeatAfter,
    "rate": Rate,
    "value_flow": ValueFlow,
    "undisclosed": Undisclosed,
    "background": Background,
    "sequence": Sequence,
    "documentary": Documentary,
}
