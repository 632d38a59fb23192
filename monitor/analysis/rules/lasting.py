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
from monitor.analysis.timeline import before, gap
from monitor.events import ApiCall, Base, Event, Lifecycle
from monitor.knowledge.wordlists import table

#: Calls under way of one app: far more than have a camera or a microphone.
_MOST: Final = 64
#: By app, process and the hook that started it.
_Key = tuple[int, int, str]


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
        if starts and key not in self._counted and len(self._uses) < _MOST:
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
