"""Patterns about consent and declaration, and the register of all types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from monitor.analysis.context import Context, Subject, permission_entry
from monitor.analysis.facts import seen
from monitor.analysis.judge import CERTAIN, EVIDENCED, INCONCLUSIVE, REVIEW, WITHOUT, Hit, Judge, filters, scope_of
from monitor.analysis.model import Pattern
from monitor.analysis.timed import Background, Rate, Sequence
from monitor.analysis.timeline import Moment, before, gap, moment
from monitor.analysis.undisclosed import FIELDS, maybe_unnecessary
from monitor.analysis.verdicts import (
    Neighbour,
    Verdict,
    consented,
    equivalent_refused,
    given_up,
    refused,
    seconds,
    stands_in,
    type_refused,
)
from monitor.events import ApiCall, PermissionResult, Window

#: Fields that a kind of call is in the declaration by, or not, whatever the moment.
_LASTING = ("data_type", "sdk")
_SAME_DIALOG_US = 3_000_000
#: The log and the app tell of the same answer this near: the other one is no earlier refusal.
_TOLD_TWICE_US = 1_000_000
#: What is under way when consent is taken back may come to its end (COL-05).
_GRACE_US = 60_000_000


class BeforeConsent(Judge):
    """An access or transfer while consent of the scope was not given, and not after what ``not_after`` allows."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        find = pattern.not_after
        self._not_after = Neighbour(filters(find, where), seconds(find.within)) if find else None

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        for scope in self.scopes(e, c, s):
            verdict = consented(c, scope, e)
            if verdict.answer == "yes":
                continue
            excuses = [given_up(c, scope, e, _GRACE_US)]
            if self._not_after:
                excuses.append(self._not_after.earlier(c, e).answer)
            if "yes" not in excuses:
                status = INCONCLUSIVE if "maybe" in excuses else WITHOUT[verdict.answer]
                return (Hit(e, s, status, verdict.events),)
        return ()


class AfterRefusal(Judge):
    """An access or transfer while the scope stood refused or withdrawn."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._grace = seconds(self.limits.get("grace", 0))

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """Where only equivalents count, a type that stands in for nothing is no match."""
        return self.pattern.scopes == ["equivalent"] and not stands_in(s.data_type)

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if not c.consent.refused:
            return ()
        best: Verdict | None = None
        detail: dict[str, str] = {}
        for scope in self.scopes(e, c, s):
            if scope == "permission":
                verdict = type_refused(c, s.data_type, e)
            elif scope == "equivalent":
                verdict, base = equivalent_refused(c, s.data_type, e)
                detail = {"equivalent_of": base} if base else detail
            else:
                verdict = refused(c, scope, e, self.pattern.states, self._grace)
            if verdict.answer != "no" and (best is None or best.answer != "yes"):
                best = verdict
        return () if best is None else (Hit(e, s, CERTAIN[best.answer], best.events, detail),)


class RepeatAfter(Judge):
    """A prompt shown again after the scope was refused, without a user's need for it."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._repeats: dict[tuple[int, str], list[Hit]] = defaultdict(list)
        self._last: dict[tuple[int, str, str], tuple[Moment, str]] = {}
        self._gate = self.at_least
        self.at_least = 1

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class. The app's own guide to a permission counts for every refused permission that it names."""
        template = self.pattern.scopes[0]
        if "{permission}" in template and isinstance(e, Window):
            types = seen(e).types
            for name in [n.partition(":")[2] for n in c.consent.scopes if n.startswith("permission:")]:
                guarded = permission_entry(name).get("types", [])
                if isinstance(guarded, list) and types & set(guarded):
                    yield from self._shown(f"permission:{name}", e, c, s._replace(permission=name))
            return
        yield from self._shown(scope_of(template, e, c, s), e, c, s)

    def _shown(self, scope: str, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        key = (id(c), scope)
        kind = f"window {e.window}" if isinstance(e, Window) else str(e.__struct_config__.tag)
        told = (*key, "window" if isinstance(e, Window) else "system")
        last = self._last.get(told)
        self._last[told] = (moment(e), kind)
        if last is not None and _same_dialog(last, e, kind):
            return
        verdict = refused(c, scope, e, ("denied",), _TOLD_TWICE_US if isinstance(e, PermissionResult) else 0)
        if verdict.answer == "no":
            if consented(c, scope, e).answer == "yes":
                self._repeats.pop(key, None)
            return
        within = seconds(self.limits.get("within", self.pattern.within))
        anchor = [m for m in c.consent.scopes[scope].marks if m.state == "denied" and m.seq in verdict.events]
        nearest = min((gap(m, e) for m in anchor), default=(0, 0))
        if nearest[0] > within or self._wanted(e, c, s):
            return
        status = CERTAIN[verdict.answer] if nearest[1] <= within else INCONCLUSIVE
        if status == EVIDENCED and self._perhaps_wanted(scope, e, c):
            status = REVIEW
        hits = self._repeats[key]
        hits.append(Hit(e, s, status, verdict.events))
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
        """A tap shortly before, and nobody declared which function needs what; of the policy no declaration says it."""
        if c.declaration.functions and scope.startswith("permission:"):
            return False
        tap = c.since_tap(e, wish=True)
        return tap is not None and tap[0] <= seconds(self.limits.get("trigger", 0))


def _same_dialog(last: tuple[Moment, str], e: Any, kind: str) -> bool:
    """Whether two signs are of one dialog: a prompt and its answer, two answers or one window told twice."""
    if (last[1], kind) == ("prompt", "permission_result"):
        return True
    if (last[1], kind) == ("permission_result", "prompt"):
        return not before(last[0], e)  # answered before it was shown: another one
    near = e.t - last[0].t < _SAME_DIALOG_US
    return near and (last[1] == kind or not kind.startswith("window"))


class ValueFlow(Judge):
    """A known value in a transmission; the call that read it is named where it was seen."""

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        read = c.read.get(s.tag)
        return (Hit(e, s, EVIDENCED, (read,) if read else (), {"form": s.form}),)


class Undisclosed(Judge):
    """Observed, and not in the declaration. Without the block of the declaration it says nothing."""

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """What is declared stays declared; necessity depends on consent and so on the moment."""
        if self.pattern.field == "necessary":
            return not maybe_unnecessary(c, s)
        return self.pattern.field in _LASTING and not FIELDS[self.pattern.field](e, c, s)

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        known = type(e) is ApiCall and self.pattern.field in _LASTING  # else the call would not have come here
        return (Hit(e, s, EVIDENCED),) if known or FIELDS[self.pattern.field](e, c, s) else ()


class Documentary(Judge):
    """Not decidable from the device: a line of the checklist, never a finding."""

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """Nothing."""
        return ()


TYPES: dict[str, type[Judge]] = {
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
