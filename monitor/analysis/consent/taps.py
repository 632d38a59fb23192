"""One tap, one event: the runner's and the hook's view of a tap are merged before anything is read from it. Pure.

The hook's view is told from inside the app, which can click by itself what no one touched, and turn the words of what
is touched. Where a scenario touches for the user, its runner is the witness of that.
"""

from bisect import insort_right
from operator import attrgetter
from typing import Final

import msgspec

from monitor.analysis.consent.text import label, plain
from monitor.analysis.consent.timelines import Bounded
from monitor.analysis.timeline import Moment
from monitor.events import Event, Step, Tap
from monitor.knowledge.prompts import system_view

#: Two views of one tap with the same words are within this time (microseconds); events are held back that long.
PAIR_US: Final = 2_000_000
#: Views with different words (an icon, a row of texts) are one tap only within this time.
_NEAR_US: Final = 500_000
_TWINS: Final = 4096
#: Steps by which something may be clicked without a tap of the runner's: by a key, a swipe or a person.
_HANDS: Final = frozenset("inputText eraseText pressKey back scroll swipe scrollUntilVisible policy manual".split())


class TapMerger:
    """Takes events in time order and returns them in that order, ``PAIR_US`` later.

    Of two views the hook's is kept, with its time and window; the runner's is dropped and recorded in ``twins``.
    A box or switch tells its own listener of the touch before it is clicked, so that the hook comes after what the app
    did there: when it was touched is in ``touches``.
    """

    def __init__(self) -> None:
        self.twins: Bounded[int, int] = Bounded(_TWINS)
        """Number of the dropped view to that of the kept one, and vice versa."""
        self.touches: Bounded[int, Moment] = Bounded(_TWINS)
        """Number of the kept view of a box or switch to when it was touched."""
        self.doubted: Bounded[int, None] = Bounded(_TWINS)
        """Taps that nobody may have made, or not on those words."""
        self._held: list[Event] = []
        self._paired: set[int] = set()
        self._touched: int | None = None
        """When the runner last touched what no hook has told of."""
        self._hands: dict[str, int | None] = {}
        """Verbs of ``_HANDS`` to when their last step ended, None = it has not."""
        self._scripted = False

    def push(self, event: Event) -> list[Event]:
        """Add the next event; returns those that no later event can change."""
        if not (isinstance(event, Tap) and self._merged(event)):
            self._held.append(event)
        return self.release(event.t - PAIR_US)

    def release(self, until: int | None) -> list[Event]:
        """The held events before a time, None = all."""
        if until is not None and (not self._held or self._held[0].t >= until):
            return []
        ready = [e for e in self._held if until is None or e.t < until]
        self._held = self._held[len(ready) :]
        for event in ready:
            if isinstance(event, Step):
                self._step(event)
            elif isinstance(event, Tap) and id(event) not in self._paired:
                if event.via == "runner":
                    self._touched = event.t
                elif (self._scripted or event.own) and self._alone(event, ready):
                    self.doubted[event.seq] = None
        self._paired.difference_update(id(e) for e in ready)
        return ready

    def _step(self, step: Step) -> None:
        self._scripted = True
        if step.verb in _HANDS:
            self._hands[step.verb] = None if step.state == "started" else step.t

    def _alone(self, tap: Tap, ready: list[Event]) -> bool:
        """Whether nothing shows that a touch led to a click: one that has a click of its own leads to no other."""
        if self._touched is not None and tap.t - self._touched <= PAIR_US:
            return False
        if not tap.own and any(end is None or tap.t - end <= PAIR_US for end in self._hands.values()):
            return False
        later = (e for e in (*ready, *self._held) if 0 <= e.t - tap.t <= PAIR_US)
        return not any(isinstance(e, Tap) and e.via == "runner" and id(e) not in self._paired for e in later)

    def _merged(self, tap: Tap) -> bool:
        """Whether the other view of a tap is held; if so, its place now holds the merged tap."""
        views = [
            (plain(other.label) != plain(tap.label), abs(other.t - tap.t), place, other)
            for place, other in enumerate(self._held)
            if isinstance(other, Tap) and id(other) not in self._paired and _one(tap, other)
        ]
        if not views:
            return False
        *_, held, other = min(views, key=lambda view: view[:3])
        hook, runner = (tap, other) if tap.via == "hook" else (other, tap)
        kept = hook if hook.label.strip() else msgspec.structs.replace(hook, label=runner.label)
        if _turned(runner, hook):
            self.doubted[kept.seq] = None
        self._paired.discard(id(other))
        self._paired.add(id(kept))
        del self._held[held]
        insort_right(self._held, kept, key=attrgetter("t"))
        self.twins[runner.seq], self.twins[hook.seq] = hook.seq, runner.seq
        if kept.checked and (touched := _touched(runner, kept)) is not None:
            self.touches[kept.seq] = touched
        return True


def _touched(runner: Tap, hook: Tap) -> Moment | None:
    """Not before the runner sent the touch, and not after the click that it led to; None if the two contradict."""
    first, last = runner.t - runner.err, min(runner.t + runner.err, hook.t + hook.err)
    half = (last - first + 1) // 2
    return None if half < 0 else Moment(first + half, half, runner.src, runner.seq)


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


def _one(a: Tap, b: Tap) -> bool:
    """Whether two views may be of one tap: different witnesses, close in time, neither on a system dialog."""
    if a.via == b.via or "hook" not in (a.via, b.via) or system_view(a.view, a.app) or system_view(b.view, b.app):
        return False
    apart = abs(a.t - b.t)
    return apart <= PAIR_US and (plain(a.label) == plain(b.label) or apart <= _NEAR_US)
