"""The pattern of what goes on: something started and not ended, although the app has left the foreground, or the screen
on which it was started has gone."""

from collections.abc import Iterable
from typing import Final

import msgspec

from monitor.analysis.rules.answers import TemporalAnswer, away, seconds
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.matching import CERTAIN, EVIDENCED, REVIEW, Hit, Matcher
from monitor.analysis.rules.plan import Check
from monitor.analysis.timeline import Mark, before, gap
from monitor.events import ApiCall, Base, Event, Lifecycle
from monitor.knowledge.wordlists import table

#: Calls under way of one app: far more than have a camera or a microphone.
_MOST: Final = 64


class _Use(msgspec.Struct):
    """What was started, on which screen, and since when that screen is gone."""

    call: ApiCall
    subject: Subject
    screen: str
    gone: Lifecycle | None = None


class Lasting(Matcher):
    """What was started and not ended for ``away`` seconds after it was left (``goes_on`` in the data types: what starts
    it, what ends it).

    A call that ends one ends all that the process started in this way: which of two recorders it was is not known. It
    needs every hook in force that could have seen the end, and no call that was only counted. With a foreground
    service or a small window, which the user sees, and where only the screen is gone, a person must judge.
    """

    waits = True

    def __init__(self, check: Check) -> None:
        super().__init__(check)
        self._uses: dict[tuple[int, int, str], _Use] = {}
        """By app, process and the hook that started it."""
        self._counted: set[tuple[int, int, str]] = set()
        self._shown: set[int] = set()
        """Apps with a service that the user sees, in whichever process."""

    def evaluate(self, e: Event, c: Context, s: Subject) -> Iterable[Hit]:
        """See the class: a start, an end, or a service that shows it."""
        if not isinstance(e, ApiCall):
            return ()
        process = id(c), e.pid
        known = table("data_types")
        if e.hook in known["shown_by"]:
            self._shown.add(id(c))
        starts = [e.hook] if e.hook in known["goes_on"] else [
            name for name, ends in known["goes_on"].items() if e.hook in ends
        ]  # fmt: skip
        for name in starts:
            self._uses.pop((*process, name), None)
            if e.aggregated:
                self._counted.add((*process, name))
        key = *process, e.hook
        if e.hook in known["goes_on"] and key not in self._counted and len(self._uses) < _MOST:
            self._uses[key] = _Use(e, s, _screen(e, c))
        return ()

    def advance(self, e: Event, c: Context) -> Iterable[Hit]:
        """See ``Matcher``: certain from here on."""
        if not self._uses:
            return ()
        if isinstance(e, Lifecycle):
            self._changed(e, c)
        return self._left(c, e, {"yes"})

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """See ``Matcher``: what is still on when its process ends, or the log."""
        for key in [key for key in self._uses if key[0] == id(c)]:
            use = self._uses[key]
            end = min(newest, c.ended.get(use.call.pid, newest))
            now = msgspec.structs.replace(use.call, t=end, seq=0)
            yield from self._left(c, now, {"yes", "maybe"}, key)

    def _changed(self, e: Lifecycle, c: Context) -> None:
        if e.what == "process_exit":
            for key in [key for key in self._uses if key[0] == id(c) and e.pid in (key[1], 0)]:
                del self._uses[key]
            return
        for key, use in self._uses.items():
            if key[0] == id(c) and use.screen and e.component == use.screen and e.src == use.call.src:
                if e.what == "activity_destroyed":
                    use.gone = e
                elif e.what == "activity_created":
                    use.gone = None  # Made anew, or turned.

    def _left(self, c: Context, now: Base, enough: set[str], only: tuple[int, int, str] | None = None) -> Iterable[Hit]:
        least = seconds(self.check.limits["away"])
        for key, use in [*self._uses.items()]:
            if key[0] != id(c) or (only and key != only) or not self._watched(key, c):
                continue
            call = use.call
            temporal, at = _absent(c, now, least + call.err)
            left = [mark for mark in c.stage.marks if mark.seq in temporal.events]
            how = ""
            if temporal.answer in enough and left and all(_left_it(call, mark) for mark in left):
                status, how, since = CERTAIN[temporal.answer], "background", left[-1].t
                visible = key[0] in self._shown or _paused(call, at, c)
                status = REVIEW if status == EVIDENCED and visible else status
                events = temporal.events
            elif use.gone is not None and gap(use.gone, now)[0] >= least + call.err:
                status, how, since, events = REVIEW, "screen_gone", use.gone.t, (use.gone.seq,)
                use.screen, use.gone = "", None  # The app may be left with it, too.
            if how == "background":
                del self._uses[key]
            if how:
                detail = {"state": how, "seconds": f"{(now.t - since) / 1e6:.1f}"}
                yield Hit(call, use.subject, status, (*events, now.seq) if now.seq else events, detail)

    @staticmethod
    def _watched(key: tuple[int, int, str], c: Context) -> bool:
        """Whether the end would have been seen."""
        return set(table("data_types")["goes_on"][key[2]]) <= c.in_force.get(key[1], set())


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


def _left_it(call: ApiCall, mark: Mark) -> bool:
    """Whether the app was left after a call: with the screen off alone, it is still in front."""
    return mark.state == "background" and before(call, mark)


def _paused(call: ApiCall, now: Base, c: Context) -> bool:
    """Whether an activity of its process was paused and not stopped, as it is while a small window shows it."""
    seen = (
        one.what
        for one in reversed(c.history["lifecycle"])
        if one.src == call.src and one.what.startswith("activity_") and not before(now, one)
    )
    return next(seen, "") == "activity_paused"


def _screen(e: ApiCall, c: Context) -> str:
    """The activity in front when a call was made, as the hooks of its process tell."""
    shown = (
        one.component
        for one in reversed(c.history["lifecycle"])
        if one.what == "activity_resumed" and one.src == e.src and not before(e, one)
    )
    return next(shown, "")
