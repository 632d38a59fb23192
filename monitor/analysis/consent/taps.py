"""One tap, one event: the runner's and the hook's view of a tap are merged before anything is read from it. Pure.

The hook's view is told from inside the app, which can click by itself what no one touched (by a touch that it makes up,
too, of which the platform's code alone clicks), and turn the words of what is touched. Where a scenario touches for the
user, its runner is the witness of that.
"""

from bisect import insort_right
from collections import deque
from collections.abc import Iterable, Iterator
from math import inf
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from monitor.analysis.consent.text import label, plain
from monitor.analysis.consent.timelines import Bounded
from monitor.analysis.timeline import Moment, moment
from monitor.events import Event, Step, Tap, Touch

#: Two views of one tap with the same words are within this time (microseconds); events are held back that long.
PAIR_US: Final = 2_000_000
#: Views with different words (an icon, a row of texts) are one tap only within this time.
_NEAR_US: Final = 500_000
_TWINS: Final = 4096
#: Touches of the last seconds; nobody makes more.
_LIFTED: Final = 256
#: Steps by which something may be clicked without a tap of the runner's: by a key, a swipe or a person.
_HANDS: Final = frozenset("inputText eraseText pressKey back scroll swipe scrollUntilVisible policy manual".split())
_time = attrgetter("t")


class TapMerger:
    """Takes events in time order and returns them in that order, ``PAIR_US`` later.

    Of two views the hook's is kept, with its time and window; the runner's is dropped and recorded in ``twins``.
    A box or switch tells its own listener of the touch before it is clicked, so that the hook comes after what the app
    did there: when it was touched is in ``touches``; so is when a window was, of a runner's view of what no hook
    tells of (a page, Compose, Flutter).
    """

    def __init__(self) -> None:
        self.twins: Bounded[int, int] = Bounded(_TWINS)
        """Number of the dropped view to that of the kept one, and vice versa."""
        self.touches: Bounded[int, Moment] = Bounded(_TWINS)
        """Number of the kept view to when it was touched."""
        self.doubted: Bounded[int, None] = Bounded(_TWINS)
        """Taps that nobody may have made, or not on those words."""
        self._held: list[Event] = []
        self._paired: set[int] = set()
        self._touched: Tap | None = None
        """The runner's last touch of what no hook has told of."""
        self._hands: dict[str, float] = {}
        """Verbs of ``_HANDS`` to when their last step ended."""
        self._scripted = False
        self._lifted: deque[Touch] = deque(maxlen=_LIFTED)

    def push(self, event: Event) -> list[Event]:
        """Add the next event; returns those that no later event can change."""
        if not (isinstance(event, Tap) and self._merged(event)):
            self._held.append(event)
        if isinstance(event, Touch):
            self._lifted.append(event)
        return self.release(event.t - PAIR_US)

    def release(self, until: int | None) -> list[Event]:
        """The held events before a time, None = all."""
        if until is not None and (not self._held or self._held[0].t >= until):
            return []
        ready = [e for e in self._held if until is None or e.t < until]
        self._held = self._held[len(ready) :]
        for event in ready:
            if isinstance(event, Step):
                self._scripted = True
                if event.verb in _HANDS:
                    self._hands[event.verb] = inf if event.state == "started" else event.t
            for tap in self._alone([event]):
                if tap.via == "runner":
                    self._touched = tap
                    after = (e.t - e.err for e in (*ready, *self._held) if isinstance(e, Tap) and e.t > tap.t)
                    if touch := self._touch(tap, min(after, default=inf)):
                        self.touches[tap.seq] = moment(touch)
                elif not self._made(tap, ready):
                    self.doubted[tap.seq] = None
        self._paired.difference_update(id(e) for e in ready)
        return ready

    def _alone(self, events: Iterable[Event]) -> Iterator[Tap]:
        """The taps of which there is no other view so far."""
        return (e for e in events if isinstance(e, Tap) and id(e) not in self._paired)

    def _made(self, tap: Tap, ready: list[Event]) -> bool:
        """Whether a touch, or a key, can have led to a click; a touch that has a click of its own leads to no other."""
        if self._touched is not None and tap.t - self._touched.t <= PAIR_US:
            return not _turned(self._touched, tap)
        if not tap.own and (not self._scripted or any(tap.t - end <= PAIR_US for end in self._hands.values())):
            return True
        later = self._alone((*ready, *self._held))
        return any(e.via == "runner" and 0 <= e.t - tap.t <= PAIR_US for e in later)

    def _touch(self, tap: Tap, until: float) -> Touch | None:
        """The touch that a runner's view was: the last within it, as the app may touch itself, else the next."""
        near = [e for e in self._lifted if tap.t - tap.err <= e.t <= min(tap.t + tap.err + _NEAR_US, until)]
        within = [e for e in near if e.t <= tap.t + tap.err]
        return within[-1] if within else near[0] if near else None

    def _merged(self, tap: Tap) -> bool:
        """Whether the other view of a tap is held; if so, its place now holds the merged tap."""
        views = [
            (plain(other.label) != plain(tap.label), abs(other.t - tap.t), place, other)
            for place, other in enumerate(self._held)
            if isinstance(other, Tap) and other.via != tap.via and id(other) not in self._paired
        ]
        views = [view for view in views if view[1] <= (_NEAR_US if view[0] else PAIR_US)]
        if not views:
            return False
        *_, held, other = min(views, key=lambda view: view[:3])
        hook, runner = (tap, other) if tap.via == "hook" else (other, tap)
        kept = hook if hook.label.strip() else replace(hook, label=runner.label)
        if _turned(runner, hook):
            self.doubted[kept.seq] = None
        self._paired.discard(id(other))
        self._paired.add(id(kept))
        del self._held[held]
        insort_right(self._held, kept, key=_time)
        self.twins[runner.seq], self.twins[hook.seq] = hook.seq, runner.seq
        if kept.checked:
            self.touches[kept.seq] = moment(min(runner, kept, key=_time))
        return True


def _turned(runner: Tap, hook: Tap) -> bool:
    """Whether what was touched says something else than what was clicked as the app tells it, which decides something.
    A control without words has the end of its ID or class as its label, a point none."""
    said, told = plain(runner.label), plain(hook.label)
    decides = label(hook.label).meaning
    if not (decides and said and told):
        return False
    if meaning := label(runner.label).meaning:
        return meaning != decides
    return bool(runner.view) and not runner.view.endswith(runner.label) and said not in told and told not in said
