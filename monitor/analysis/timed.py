"""Patterns about time: how often, while away, before and after."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from monitor.analysis.context import Context, Subject
from monitor.analysis.judge import CERTAIN, EVIDENCED, INCONCLUSIVE, Hit, Judge, filters
from monitor.analysis.model import KIND_OF, Find, Pattern
from monitor.analysis.timeline import gap
from monitor.analysis.verdicts import NOBODY, Neighbour, away, idle, seconds

_ONE_READ_US = 5_000
_PERIODIC_US = 30_000_000


class Rate(Judge):
    """``min`` or more logical reads within ``within`` seconds (0 = the life of the process), or at equal intervals."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._gate = max(self.at_least, 1)
        self.at_least = 1
        self._even = pattern.periodic
        self._within = seconds(self.limits.get("within", self.pattern.within))
        self._reads: dict[tuple[Any, ...], deque[Any]] = {}

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if getattr(e, "parent", 0):
            return ()
        key = (id(c), s.data_type, e.sdk, e.pid)
        reads = self._reads.get(key)
        if reads is None:
            reads = self._reads[key] = deque(maxlen=max(self._gate, 4))
        last = reads[-1] if reads else None
        if last is not None and e.stack and last.stack == e.stack and abs(e.t - last.t) <= _ONE_READ_US:
            return ()
        reads.append(e)
        number = len(reads)
        if number < self._gate and not e.aggregated:
            return ()
        within = self._within
        if self._even:
            near = last is None or e.t - last.t <= _ONE_READ_US
            return () if near else self._periodic(e, s, reads)
        if e.aggregated and e.count >= self._gate:
            return (Hit(e, s, INCONCLUSIVE if within else EVIDENCED, (), {"calls": str(e.count)}),)
        if number < self._gate:  # a count of few calls tells no more than a call
            return ()
        least, most = gap(reads[number - self._gate], e)
        if within and least > within:
            return ()
        status = EVIDENCED if not within or most <= within else INCONCLUSIVE
        return (Hit(e, s, status, tuple([r.seq for r in reads])),)

    def _periodic(self, e: Any, s: Subject, reads: deque[Any]) -> Iterable[Hit]:
        """Equal intervals: coefficient of variation below a fifth, in integers (25 * variance < mean squared)."""
        times = [read.t for read in reads]
        steps = [b - a for a, b in pairwise(times)]
        if len(steps) < 3 or max(steps) > _PERIODIC_US or min(steps) <= _ONE_READ_US:
            return ()
        n, total = len(steps), times[-1] - times[0]
        if 25 * (n * sum([x * x for x in steps]) - total * total) >= total * total:
            return ()
        return (Hit(e, s, EVIDENCED, tuple([r.seq for r in reads]), {"interval_ms": str(total // n // 1000)}),)


class Background(Judge):
    """An access while the app was away for ``away`` seconds or without input for ``idle`` seconds."""

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if not c.stage.marks:
            return ()
        verdict = away(c, e, seconds(self.limits.get("away", 10)))
        how = "background"
        if verdict.answer == "no" and self.limits.get("idle"):
            verdict, how = idle(c, e, seconds(self.limits["idle"])), "no_input"
        if verdict.answer == "no":
            return ()
        return (Hit(e, s, CERTAIN[verdict.answer], verdict.events, {"state": how}),)


class Sequence(Judge):
    """An event with, or without, another before or after it."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        super().__init__(pattern, profile, where)
        self._after = self._neighbour(pattern.after, where)
        self._not_after = self._neighbour(pattern.not_after, where)
        self._then = self._neighbour(pattern.followed_by or pattern.not_followed_by, where)
        self._once = pattern.once
        self._absent = pattern.not_followed_by is not None
        self._pending: list[tuple[Any, Subject, str, tuple[int, ...]]] = []
        self._done: set[int] = set()

    @staticmethod
    def _neighbour(find: Find | None, where: str) -> Neighbour | None:
        return Neighbour(filters(find, where), seconds(find.within)) if find else None

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        if self._once:
            if id(c) in self._done:
                return ()
            self._done.add(id(c))
        status = EVIDENCED
        events: tuple[int, ...] = ()
        if self._after:
            verdict = self._after.earlier(c, e)
            if verdict.answer == "no":
                return ()
            status, events = CERTAIN[verdict.answer], verdict.events
        if self._not_after:
            verdict = self._not_after.earlier(c, e)
            if verdict.answer == "yes":
                return ()
            status = INCONCLUSIVE if verdict.answer == "maybe" else status
        if self._then is None:
            return (Hit(e, s, status, events),)
        if len(self._pending) < 256:
            self._pending.append((e, s, status, events))
        return ()

    def advance(self, e: Any, c: Context) -> Iterable[Hit]:
        """See ``Judge``."""
        return self._followed(e, c, self._then) if self._pending and self._then is not None else ()

    def _followed(self, e: Any, c: Context, then: Neighbour) -> Iterable[Hit]:
        test = then.filters.get(KIND_OF[type(e)])
        matches = test is not None and test(e, c, NOBODY)
        kept = []
        for item in self._pending:
            first, s, status, events = item
            answer = then.relation(first, e) if matches and first.seq != e.seq else "no"
            over = then.within_us and gap(first, e)[0] > then.within_us
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
