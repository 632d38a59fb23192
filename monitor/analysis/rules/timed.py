"""Patterns about time: how often, while away, before and after, and what goes on."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import msgspec

from monitor.analysis.rules import declared
from monitor.analysis.rules.answers import Neighbour, TemporalAnswer, away, idle, seconds
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import NOBODY, Subject
from monitor.analysis.rules.matching import CERTAIN, EVIDENCED, INCONCLUSIVE, REVIEW, SET_OFF_US, Hit, Matcher
from monitor.analysis.rules.model import KIND_OF
from monitor.analysis.rules.plan import Check
from monitor.analysis.timeline import before, gap, near
from monitor.events import ApiCall, Base, Event, Lifecycle, Tap
from monitor.knowledge.wordlists import table

_ONE_READ_US: Final = 5_000
#: Shorter intervals are those of a loop, whose pace is the machine's, not those of a timer.
_LOOP_US, _PERIODIC_US = 200_000, 30_000_000
_FEWEST_INTERVALS: Final = 3
#: Answers to one request come within this time.
_ONE_MOMENT_US: Final = 1_000_000
#: Maximum number of reads counted against a declared frequency.
_COUNTED: Final = 5000
_MOST_PENDING: Final = 256
#: Calls under way of one app: far more than have a camera or a microphone.
_MOST_USES: Final = 64


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
        return ()

    def advance(self, e: Event, c: Context) -> Iterable[Hit]:
        """See ``Matcher``."""
        then = self.check.then
        if not self._pending or then is None:
            return ()
        test = then.filters.get(KIND_OF[type(e)])
        matches = test is not None and test(e, c, NOBODY)
        over = then.within_us and e.t > self._pending[0].event.t + then.within_us  # of the earliest
        return self._decided(e, then, matches=matches) if matches or over else ()

    def _decided(self, e: Event, then: Neighbour, *, matches: bool) -> Iterator[Hit]:
        """What follows several follows the last of them, and those at that moment: it is no answer to the others."""
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


#: By app, process and the hook that started it.
_Key = tuple[int, int, str]


class _Use(msgspec.Struct):
    """What was started, on which screen, and since when that screen is gone."""

    call: ApiCall
    subject: Subject
    screen: str
    gone: Lifecycle | None = None


class Lasting(Matcher):
    """What was started and not ended for ``away`` seconds after the app had left the foreground, or the screen on which
    it was started had gone (``goes_on`` in the data types: what starts it, what ends it).

    A call that ends one ends all that the process started in this way: which of two recorders it was is not known. It
    needs every hook in force that could have seen the end, and no call that was only counted. With a foreground
    service or a small window, which the user sees, and where only the screen is gone, a person must judge.
    """

    waits = True

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self._uses: dict[_Key, _Use] = {}
        self._counted: set[_Key] = set()
        self._shown: set[int] = set()
        """Apps with a service that the user sees, in whichever process."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class: a start, an end, or a service that shows it."""
        if not isinstance(e, ApiCall):
            return ()
        known = table("data_types")
        if e.hook in known["shown_by"]:
            self._shown.add(id(c))
        starts = e.hook in known["goes_on"]
        for name in [e.hook] if starts else [name for name, ends in known["goes_on"].items() if e.hook in ends]:
            self._uses.pop((id(c), e.pid, name), None)
            if e.aggregated:
                self._counted.add((id(c), e.pid, name))
        key = id(c), e.pid, e.hook
        if starts and key not in self._counted and len(self._uses) < _MOST_USES:
            self._uses[key] = _Use(e, s, _last(c, e, e.src, "activity_resumed", "component"))
        return ()

    def advance(self, e: Event, c: Context) -> Iterable[Hit]:
        """See ``Matcher``: certain from here on."""
        own = [key for key in self._uses if key[0] == id(c)] if self._uses else []
        if isinstance(e, Lifecycle):
            own = [key for key in own if not self._ended(key, e)]
        return self._left(c, e, {"yes"}, own)

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """See ``Matcher``: what is still on when its process ends, or the log."""
        for key in [key for key in self._uses if key[0] == id(c)]:
            call = self._uses[key].call
            now = msgspec.structs.replace(call, t=min(newest, c.ended.get(call.pid, newest)), seq=0)
            yield from self._left(c, now, {"yes", "maybe"}, [key])

    def _ended(self, key: _Key, e: Lifecycle) -> bool:
        """Whether a use ends with its process; note whether its screen is gone."""
        use = self._uses[key]
        if e.what == "process_exit" and e.pid in (key[1], 0):
            del self._uses[key]
            return True
        its_screen = bool(use.screen) and (e.component, e.src) == (use.screen, use.call.src)
        if its_screen and e.what in ("activity_destroyed", "activity_created"):
            use.gone = e if e.what == "activity_destroyed" else None  # Made anew, or turned.
        return False

    def _left(self, c: Context, now: Base, enough: set[str], keys: Iterable[_Key]) -> Iterable[Hit]:
        for key in keys:
            # Whether the end would have been seen.
            if not set(table("data_types")["goes_on"][key[2]]) <= c.in_force.get(key[1], set()):
                continue
            use = self._uses[key]
            call, least = use.call, seconds(self.check.limits["away"]) + use.call.err
            temporal, at = _absent(c, now, least)
            left = [mark for mark in c.stage.marks if mark.seq in temporal.events]
            # With the screen off alone, the app is still in front.
            if temporal.answer in enough and left and all(m.state == "background" and before(call, m) for m in left):
                status, how, since, events = CERTAIN[temporal.answer], "background", left[-1].t, temporal.events
                # A paused activity of its process that was not stopped may be shown in a small window.
                visible = key[0] in self._shown or _last(c, at, call.src, "activity_") == "activity_paused"
                status = REVIEW if status == EVIDENCED and visible else status
                del self._uses[key]
            elif use.gone is not None and gap(use.gone, now)[0] >= least:
                status, how, since, events = REVIEW, "screen_gone", use.gone.t, (use.gone.seq,)
                use.screen, use.gone = "", None  # The app may be left with it, too.
            else:
                continue
            detail = {"state": how, "seconds": f"{(now.t - since) / 1e6:.1f}"}
            yield Hit(call, use.subject, status, (*events, now.seq) if now.seq else events, detail)


def _absent(c: Context, now: Base, least: int) -> tuple[TemporalAnswer, Base]:
    """Whether the app is away for so long; or, as it comes back, was when it had been: nothing need happen meanwhile.
    With the event of that moment."""
    temporal = away(c, now, least)
    last = next((mark for mark in reversed(c.stage.marks) if mark.state == "background"), None)
    if temporal.answer == "yes" or last is None or not isinstance(now, Lifecycle):
        return temporal, now
    then = last.t + last.err + least
    if then >= now.t - now.err:
        return temporal, now
    earlier = msgspec.structs.replace(now, t=then, err=0)
    return away(c, earlier, least), earlier


def _last(c: Context, e: Base, src: str, what: str, field: str = "what") -> str:
    """A field of the last event of a process, as its hooks tell, that begins with these words and is not certainly
    later than an event; empty = none."""
    earlier = (one for one in reversed(c.history["lifecycle"]) if one.src == src and not before(e, one))
    return next((getattr(one, field) for one in earlier if one.what.startswith(what)), "")
