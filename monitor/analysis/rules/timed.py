"""Patterns about time: how often, while away, before and after."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import msgspec

from monitor.analysis.rules import declared
from monitor.analysis.rules.answers import away, idle, seconds
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import NOBODY, Subject
from monitor.analysis.rules.matching import CERTAIN, EVIDENCED, INCONCLUSIVE, REVIEW, SET_OFF_US, Hit, Matcher
from monitor.analysis.rules.model import KIND_OF
from monitor.analysis.rules.plan import Check
from monitor.analysis.timeline import before, gap, near
from monitor.events import ApiCall, Event, Tap

_ONE_READ_US: Final = 5_000
#: Shorter intervals are those of a loop, whose pace is the machine's, not those of a timer.
_LOOP_US, _PERIODIC_US = 200_000, 30_000_000
_FEWEST_INTERVALS: Final = 3
#: Answers to one request come within this time.
_ONE_MOMENT_US: Final = 1_000_000
_NEVER: Final = 1 << 62
#: Maximum number of reads counted against a declared frequency.
_COUNTED: Final = 5000
_MOST_PENDING: Final = 256


def _same_read(e: ApiCall, last: ApiCall, *, periodic: bool = False) -> bool:
    """Whether two calls were made by the same line at about the same time. Where intervals do not matter, not another
    one for the same value, as in a loop: that is no call for one more property or object."""
    if not e.stack or last.stack != e.stack or abs(e.t - last.t) > _ONE_READ_US:
        return False
    tags = [value.tag for value in e.values]
    again = (e.hook, e.sig, e.args) == (last.hook, last.sig, last.args) and tags == [ref.tag for ref in last.values]
    return periodic or not (tags and again)


def _set_off(reads: deque[ApiCall], taps: deque[Tap]) -> bool:
    """Whether each of the reads follows a tap of its own."""
    left = iter(reversed(taps))
    return all(any(near(tap, read, SET_OFF_US) for tap in left) for read in reversed(reads))


class Rate(Matcher):
    """``min`` or more logical reads within ``within`` seconds (0 = the lifetime of the process), or at equal
    intervals."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        kept = max(check.least, _FEWEST_INTERVALS + 1) if check.pattern.periodic else check.least
        self._reads = defaultdict[tuple[object, ...], deque[ApiCall]](lambda: deque(maxlen=kept))
        """The latest reads by whose and of what they are; where a frequency is declared, also by its span."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        pattern = self.check.pattern
        if type(e) is not ApiCall or e.parent:
            return ()
        if pattern.declared:
            return self._above(e, c, s)
        if pattern.looped and (not e.stack or not e.values or e.aggregated):
            return ()
        key: tuple[object, ...] = (c, s.data_type, e.sdk or c.values.caller(e), e.pid)
        if pattern.looped:
            args = tuple(sorted(e.args.items()))
            key = (key, e.stack, e.hook, e.sig, args, tuple([value.tag for value in e.values]))
        reads = self._reads[key]
        if reads and not pattern.looped and _same_read(e, reads[-1], periodic=pattern.periodic):
            return ()
        reads.append(e)
        if len(reads) < self.check.least and not e.aggregated:
            return ()
        return self._periodic(e, c, s, reads) if pattern.periodic else self._often(e, s, reads)

    def _often(self, e: ApiCall, s: Subject, reads: deque[ApiCall]) -> Iterable[Hit]:
        """As many reads as needed within the time. A count of few calls shows no more than a call."""
        least, within = self.check.least, self.check.within_us
        if e.aggregated and e.count >= least:
            return (Hit(e, s, INCONCLUSIVE if within else EVIDENCED, (), {"calls": str(e.count)}),)
        shortest, longest = gap(reads[0], e) if within else (0, 0)
        if len(reads) < least or shortest > within:
            return ()
        return (Hit(e, s, EVIDENCED if longest <= within else INCONCLUSIVE, tuple([read.seq for read in reads])),)

    def _above(self, e: ApiCall, c: Context, s: Subject) -> Iterable[Hit]:
        """More reads than the declaration allows per start, hour or day; the most generous entry counts."""
        budgets = sorted(budget for item in declared.entries(e, c, s) for budget in item.budgets)
        caller = c.values.caller(e)
        for span, allowed in sorted({span: reads for reads, span in budgets}.items()):
            # The latest, one more than allowed. An hour or a day goes on across a new start.
            key, kept = (id(c), s.data_type, caller, 0 if span else e.pid, span), min(allowed, _COUNTED) + 1
            if (reads := self._reads[key]).maxlen != kept:
                reads = self._reads[key] = deque(reads, kept)
            if reads and _same_read(e, reads[-1]):
                continue
            reads.append(e)
            above = len(reads) > allowed
            least, longest = gap(reads[0] if above else e, e)
            if max(e.count, len(reads)) <= allowed or (span and least > seconds(span)):
                continue
            sure = not span or (longest <= seconds(span) and not e.aggregated)
            status = EVIDENCED if sure else INCONCLUSIVE
            if above and not caller and (not e.stack or len({read.stack for read in reads}) > 1):
                status = REVIEW  # perhaps of two libraries
            detail = {"declared": str(allowed), "seconds": str(span)}
            yield Hit(e, s, status, tuple(dict.fromkeys(read.seq for read in reads)), detail)

    def _periodic(self, e: ApiCall, c: Context, s: Subject, reads: deque[ApiCall]) -> Iterable[Hit]:
        """Equal intervals: coefficient of variation below a fifth, in integers (25 * variance < mean squared).
        Not where each read follows a tap of its own: those are the intervals of whoever taps."""
        n, total = len(reads) - 1, reads[-1].t - reads[0].t
        if n < _FEWEST_INTERVALS or (last := reads[-1].t - reads[-2].t) <= _LOOP_US:
            return ()
        if 25 * (n * last - total) ** 2 >= n * total * total:  # the last one alone is too far from their mean
            return ()
        steps = [later.t - read.t for read, later in pairwise(reads)]
        if max(steps) > _PERIODIC_US or min(steps) <= _LOOP_US:
            return ()
        if 25 * (n * sum([x * x for x in steps]) - total * total) >= total * total or _set_off(reads, c.taps):
            return ()
        return (Hit(e, s, EVIDENCED, tuple([read.seq for read in reads]), {"interval_ms": str(total // n // 1000)}),)


class Background(Matcher):
    """An access while the app was away for ``away`` seconds or without input for ``idle`` seconds."""

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Not before anything is known of foreground and background."""
        return bool(c.stage.marks)

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        limits = self.check.limits
        temporal, how = away(c, e, seconds(limits.get("away", 10))), "background"
        if temporal.answer == "no" and limits.get("idle"):
            temporal, how = idle(c, e, seconds(limits["idle"])), "no_input"
        if temporal.answer == "no":
            return ()
        return (Hit(e, s, CERTAIN[temporal.answer], temporal.events, {"state": how}),)


class Sequence(Matcher):
    """An event with, or without, another before or after it."""

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self.waits = check.then is not None
        self._absent = check.pattern.not_followed_by is not None
        self._pending: list[Hit] = []
        """Matches as they are if what follows, or does not, makes them one."""
        self._until = _NEVER
        """Until then none of them is over."""
        self._done: set[int] = set()

    def possible(self, c: Context, e: ApiCall | None = None, s: Subject = NOBODY) -> bool:
        """Not again where only the first event counts, nor before anything of the kinds that must precede it."""
        if self.check.pattern.once:
            return id(c) not in self._done
        return self.check.after is None or any(c.history[kind] for kind in self.check.after.filters)

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class."""
        check = self.check
        if check.pattern.once:
            if id(c) in self._done:
                return ()
            self._done.add(id(c))
        status, events = EVIDENCED, tuple[int, ...]()
        if check.after:
            temporal = check.after.earlier(c, e)
            if temporal.answer == "no":
                return ()
            status, events = CERTAIN[temporal.answer], temporal.events
        if check.not_after:
            excuse = check.not_after.earlier(c, e).answer
            if excuse == "yes":
                return ()
            status = INCONCLUSIVE if excuse == "maybe" else status
        told = {name: said for name, fact in check.tells.items() if (said := str(fact.of(e, c, s)))}
        hit = Hit(e, s, status, events, told)
        if check.then is None:
            return (hit,)
        if len(self._pending) < _MOST_PENDING:
            self._pending.append(hit)
            self._until = min(self._until, e.t + check.then.within_us)
        return ()

    def advance(self, e: Event, c: Context) -> Iterable[Hit]:
        """See ``Matcher``."""
        then = self.check.then
        if not self._pending or then is None:
            return ()
        test = then.filters.get(KIND_OF[type(e)])
        matches = test is not None and test(e, c, NOBODY)
        over = bool(then.within_us) and e.t > self._until
        return self._decided(e, matches=matches) if matches or over else ()

    def _decided(self, e: Event, *, matches: bool) -> Iterator[Hit]:
        """What follows several follows the last of them, and those at that moment: it is no answer to the others."""
        then = self.check.then
        assert then is not None
        preceding = [hit.event for hit in self._pending if matches and not self._absent and before(hit.event, e)]
        last = max(preceding, key=lambda first: first.t, default=None)
        pending, self._pending = self._pending, []
        for hit in pending:
            answer = then.relation(hit.event, e) if matches and hit.event.seq != e.seq else "no"
            if answer != "no":
                answered = last is None or gap(hit.event, last)[0] <= _ONE_MOMENT_US
                status = hit.status if answer == "yes" else INCONCLUSIVE
                if answer == "maybe" if self._absent else answered:
                    yield msgspec.structs.replace(hit, status=status, events=(*hit.events, e.seq))
            elif not (then.within_us and gap(hit.event, e)[0] > then.within_us):
                self._pending.append(hit)
            elif self._absent:
                yield hit
        self._until = min((hit.event.t + then.within_us for hit in self._pending), default=_NEVER)

    def stands(self, hit: Hit, c: Context) -> bool:
        """See ``Matcher``: a missing excuse may have been stated since."""
        if self.check.not_after and self.check.not_after.earlier(c, hit.event).answer == "yes":
            return False
        then = self.check.then if self._absent else None
        return then is None or not any(
            then.relation(hit.event, other) == "yes" for kind in then.filters for other in then.fitting(c, kind)
        )

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """See ``Matcher``: what had not followed by the end never did; a period not yet over is inconclusive."""
        within = self.check.then.within_us if self.check.then else 0
        for hit in self._pending if self._absent else ():
            open_yet = within and newest - hit.event.t - hit.event.err <= within
            yield msgspec.structs.replace(hit, status=INCONCLUSIVE) if open_yet else hit
        self._pending = []
