"""Rule patterns compiled to judges: one class a type, ``judge(event, context, subject)`` gives hits."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from monitor.analysis.context import Context, Subject
from monitor.analysis.expression import Filter, compile_filter, conjuncts, names, parse
from monitor.analysis.facts import DERIVED, STATIC, STATIC_FIELDS
from monitor.analysis.model import Find, Pattern
from monitor.analysis.timeline import Moment, gap, moment
from monitor.analysis.undisclosed import FIELDS, maybe_unnecessary
from monitor.analysis.verdicts import (
    NOBODY,
    Neighbour,
    Verdict,
    away,
    consented,
    equivalent_refused,
    idle,
    refused,
    seconds,
    stands_in,
    type_refused,
)
from monitor.events import KINDS, ApiCall, Transmission

EVIDENCED, REVIEW, INCONCLUSIVE = "evidenced", "review", "inconclusive"
_STATUS = {"yes": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW}
_FREE = {"no": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW}
_SAME_DIALOG_US = 3_000_000
_ONE_READ_US = 5_000
_PERIODIC_US = 30_000_000


class Hit(NamedTuple):
    """A match: how sure, which other events bear it, plain facts to show."""

    event: Any
    subject: Subject
    status: str
    events: tuple[int, ...] = ()
    detail: dict[str, str] = {}


def filters(find: Find, where: str) -> dict[str, Filter]:
    """The filter of a clause for each of its kinds."""
    tree = parse(find.where, where)
    return {
        kind: compile_filter([tree], DERIVED, KINDS[kind].__struct_fields__, where) or _always for kind in find.kinds
    }


def _always(e: Any, c: Any, s: Any) -> bool:
    return True


class Judge:
    """Base: kinds, the static part of the filter (once per combination) and the rest (every time)."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        self.pattern = pattern
        self.kinds = pattern.kinds
        limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(profile, {})}
        self.limits = limits
        self.off = limits.get("min") == 0
        self.at_least = int(limits.get("min", 1))
        self.span_us = seconds(limits.get("span", 0))
        tree = parse(pattern.where, where)
        parts = conjuncts(tree)
        self.names = names(tree) | (names(parse(pattern.review, where)) if pattern.review else set())
        if pattern.field in ("data_type", "recipient_type", "necessary"):
            self.names.add("data_type")
        elif pattern.field == "permission":
            self.names.add("permission")
        easy = [p for p in parts if names(p) <= set(STATIC) | STATIC_FIELDS and "api_call" in self.kinds]
        hard = [p for p in parts if p not in easy]
        self.static = compile_filter(easy, DERIVED, KINDS["api_call"].__struct_fields__, where)
        self.dynamic: dict[str, Filter | None] = {}
        for kind in self.kinds:
            used = hard if kind == "api_call" else parts
            self.dynamic[kind] = compile_filter(used, DERIVED, KINDS[kind].__struct_fields__, where)
        self.review: dict[str, Filter | None] = {
            kind: compile_filter([parse(pattern.review, where)], DERIVED, KINDS[kind].__struct_fields__, where)
            if pattern.review
            else None
            for kind in self.kinds
        }

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """Whether calls like this one (role, data type, SDK, outcome) can never be a hit, whatever the moment."""
        return False

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """Hits for an event whose filter holds."""
        raise TypeError(type(self).__name__)

    def advance(self, e: Any, c: Context) -> Iterable[Hit]:
        """Hits that were waiting for a later event."""
        return ()

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """Hits that the end of the log decides; ``newest`` is the time of its latest event."""
        return ()


class BeforeConsent(Judge):
    """An access or transfer while consent of the scope was not given."""

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        for template in self.pattern.scopes:
            verdict = consented(c, scope_of(template, e, c, s), e)
            if verdict.answer != "yes":
                yield Hit(e, s, _FREE[verdict.answer], verdict.events)
                return


class AfterRefusal(Judge):
    """An access or transfer while the scope stood refused or withdrawn."""

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """Where only equivalents count, a type that stands in for nothing is no match."""
        return self.pattern.scopes == ["equivalent"] and not stands_in(s.data_type)

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        best: Verdict | None = None
        detail: dict[str, str] = {}
        grace = seconds(self.limits.get("grace", 0))
        for template in self.pattern.scopes:
            if template == "permission":
                verdict = type_refused(c, s.data_type, e)
            elif template == "equivalent":
                verdict, base = equivalent_refused(c, s.data_type, e)
                detail = {"equivalent_of": base} if base else detail
            else:
                verdict = refused(c, scope_of(template, e, c, s), e, self.pattern.states, grace)
            if verdict.answer != "no" and (best is None or best.answer != "yes"):
                best = verdict
        if best is not None:
            yield Hit(e, s, _STATUS[best.answer], best.events, detail)


class RepeatAfter(Judge):
    """A prompt shown again after the scope was refused, without a user's need for it."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._repeats: dict[tuple[int, str], list[Hit]] = defaultdict(list)
        self._last: dict[tuple[int, str], tuple[Moment, str]] = {}
        self._gate = self.at_least
        self.at_least = 1

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        scope = scope_of(self.pattern.scopes[0], e, c, s)
        key = (id(c), scope)
        kind = str(e.__struct_config__.tag)
        last = self._last.get(key)
        self._last[key] = (moment(e), kind)
        if last is not None and (
            e.t - last[0].t < _SAME_DIALOG_US or (last[1], kind) == ("prompt", "permission_result")
        ):
            return
        verdict = refused(c, scope, e, ("denied",), 0)
        if verdict.answer == "no":
            if consented(c, scope, e).answer == "yes":
                self._repeats.pop(key, None)
            return
        within = seconds(self.limits.get("within", self.pattern.within))
        anchor = [m for m in c.consent.scopes[scope].marks if m.state == "denied" and m.seq in verdict.events]
        nearest = min((gap(m, e) for m in anchor), default=(0, 0))
        if nearest[0] > within or self._wanted(e, c, s):
            return
        status = _STATUS[verdict.answer] if nearest[1] <= within else INCONCLUSIVE
        if status == EVIDENCED and self._perhaps_wanted(e, c):
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

    def _perhaps_wanted(self, e: Any, c: Context) -> bool:
        """A tap shortly before, and nobody declared which function needs what."""
        tap = c.since_tap(e)
        trigger = seconds(self.limits.get("trigger", 0))
        return not c.declaration.functions and tap is not None and tap[0] <= trigger


class Rate(Judge):
    """``min`` or more logical reads within ``within`` seconds (0 = the life of the process), or at equal intervals."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._gate = max(self.at_least, 1)
        self.at_least = 1
        self._reads: dict[tuple[Any, ...], deque[Any]] = {}

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if getattr(e, "parent", 0):
            return
        key = (id(c), s.data_type, e.sdk, e.pid)
        reads = self._reads.get(key)
        if reads is None:
            reads = self._reads[key] = deque(maxlen=max(self._gate, 4))
        if reads and reads[-1].stack == e.stack and abs(e.t - reads[-1].t) <= _ONE_READ_US and e.stack:
            return
        reads.append(e)
        if len(reads) < self._gate and not e.aggregated:
            return
        within = seconds(self.limits.get("within", self.pattern.within))
        if self.pattern.periodic:
            yield from self._periodic(e, c, s, list(reads))
            return
        if e.aggregated and e.count >= self._gate:
            yield Hit(e, s, INCONCLUSIVE if within else EVIDENCED, (), {"calls": str(e.count)})
            return
        least, most = gap(reads[len(reads) - self._gate], e)
        if not within or most <= within:
            yield Hit(e, s, EVIDENCED, tuple(r.seq for r in reads))
        elif least <= within:
            yield Hit(e, s, INCONCLUSIVE, tuple(r.seq for r in reads))

    def _periodic(self, e: Any, c: Context, s: Subject, reads: list[Any]) -> Iterable[Hit]:
        """Equal intervals: coefficient of variation below a fifth, in integers (25 * variance < mean squared)."""
        steps = [b.t - a.t for a, b in pairwise(reads)]
        if len(steps) < 3 or max(steps) > _PERIODIC_US or min(steps) <= _ONE_READ_US:
            return
        n, total = len(steps), sum(steps)
        if 25 * (n * sum(x * x for x in steps) - total * total) < total * total:
            yield Hit(e, s, EVIDENCED, tuple(r.seq for r in reads), {"interval_ms": str(total // n // 1000)})


class ValueFlow(Judge):
    """A known value in a transmission; the call that read it is named where it was seen."""

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        read = c.read.get(s.tag)
        yield Hit(e, s, EVIDENCED, (read,) if read else (), {"form": s.form})


class Undisclosed(Judge):
    """Observed, and not in the declaration. Without the block of the declaration it says nothing."""

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """What is declared stays declared; necessity depends on consent and so on the moment."""
        if self.pattern.field == "necessary":
            return not maybe_unnecessary(c, s)
        return self.pattern.field in ("data_type", "sdk") and not FIELDS[self.pattern.field](e, c, s)

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if FIELDS[self.pattern.field](e, c, s):
            yield Hit(e, s, EVIDENCED)


class Background(Judge):
    """An access while the app was away for ``away`` seconds or without input for ``idle`` seconds."""

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        verdict = away(c, e, seconds(self.limits.get("away", 10)))
        how = "background"
        if verdict.answer == "no" and self.limits.get("idle"):
            verdict, how = idle(c, e, seconds(self.limits["idle"])), "no_input"
        if verdict.answer != "no":
            yield Hit(e, s, _STATUS[verdict.answer], verdict.events, {"state": how})


class Sequence(Judge):
    """An event with, or without, another before or after it."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._after = self._neighbour(pattern.after, where)
        self._not_after = self._neighbour(pattern.not_after, where)
        self._then = self._neighbour(pattern.followed_by or pattern.not_followed_by, where)
        self._absent = pattern.not_followed_by is not None
        self._pending: list[tuple[Any, Subject, str, tuple[int, ...]]] = []
        self._done: set[int] = set()

    @staticmethod
    def _neighbour(find: Find | None, where: str) -> Neighbour | None:
        return Neighbour(filters(find, where), seconds(find.within)) if find else None

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if self.pattern.once:
            if id(c) in self._done:
                return
            self._done.add(id(c))
        status = EVIDENCED
        events: tuple[int, ...] = ()
        if self._after:
            verdict = self._after.earlier(c, e)
            if verdict.answer == "no":
                return
            status, events = _STATUS[verdict.answer], verdict.events
        if self._not_after:
            verdict = self._not_after.earlier(c, e)
            if verdict.answer == "yes":
                return
            status = INCONCLUSIVE if verdict.answer == "maybe" else status
        if self._then is None:
            yield Hit(e, s, status, events)
        elif len(self._pending) < 256:
            self._pending.append((e, s, status, events))

    def advance(self, e: Any, c: Context) -> Iterable[Hit]:
        """See ``Judge``."""
        if not self._pending or self._then is None:
            return
        test = self._then.filters.get(str(e.__struct_config__.tag))
        matches = test is not None and test(e, c, NOBODY)
        kept = []
        for item in self._pending:
            first, s, status, events = item
            answer = self._then.relation(first, e) if matches and first.seq != e.seq else "no"
            over = self._then.within_us and gap(first, e)[0] > self._then.within_us
            if answer == "no" and not over:
                kept.append(item)
            elif self._absent:
                if answer == "no":
                    yield Hit(first, s, status, events)
                elif answer == "maybe":
                    yield Hit(first, s, INCONCLUSIVE, (*events, e.seq))
            elif answer != "no":
                yield Hit(first, s, status if answer == "yes" else INCONCLUSIVE, (*events, e.seq))
        self._pending = kept

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """See ``Judge``: what did not follow by the end did not follow; a time that had not run out is inconclusive."""
        if self._absent and self._then is not None:
            for first, s, status, events in self._pending:
                open_yet = self._then.within_us and newest - first.t - first.err <= self._then.within_us
                yield Hit(first, s, INCONCLUSIVE if open_yet else status, events)
        self._pending = []


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


def scope_of(template: str, e: Any, c: Context, s: Subject) -> str:
    """``sensitive:{data_type}`` and the like with the event's own values."""
    if "{" not in template:
        return template
    recipient = c.facts.recipient(e) if isinstance(e, Transmission) else ""
    name = getattr(e, "name", "")
    return (
        template.replace("{data_type}", s.data_type)
        .replace("{recipient}", recipient)
        .replace("{permission}", s.permission)
        .replace("{name}", str(name))
    )
