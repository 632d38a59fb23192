"""One tap, one event: the runner's and the hook's view of a tap are merged before anything is read from it. Pure."""

from bisect import insort_right
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from monitor.analysis.consent.text import plain
from monitor.analysis.consent.timelines import Bounded
from monitor.analysis.timeline import Moment, moment
from monitor.events import Event, Tap

#: Two views of one tap with the same words are within this time (microseconds); events are held back that long.
PAIR_US: Final = 2_000_000
#: Views with different words (an icon, a row of texts) are one tap only within this time.
_NEAR_US: Final = 500_000
_TWINS: Final = 4096
_time = attrgetter("t")


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
        """Taps that nobody made: clicks by the app's own code to which no touch of the runner's can have led."""
        self._held: list[Event] = []
        self._paired: set[int] = set()
        self._touched = -PAIR_US
        """When the runner last touched what no hook has told of."""

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
        for tap in self._alone(ready):
            if tap.via == "runner":
                self._touched = tap.t
            elif tap.own and tap.t - self._touched > PAIR_US and not self._touched_after(tap, ready):
                self.doubted[tap.seq] = None
        self._paired.difference_update(id(e) for e in ready)
        return ready

    def _alone(self, events: Iterable[Event]) -> Iterator[Tap]:
        """The taps of which there is no other view so far."""
        return (e for e in events if isinstance(e, Tap) and id(e) not in self._paired)

    def _touched_after(self, tap: Tap, ready: list[Event]) -> bool:
        """Whether the runner tells of a touch, shortly after a click, that has no click of its own."""
        later = self._alone((*ready, *self._held))
        return any(e.via == "runner" and 0 <= e.t - tap.t <= PAIR_US for e in later)

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
        self._paired.discard(id(other))
        self._paired.add(id(kept))
        del self._held[held]
        insort_right(self._held, kept, key=_time)
        self.twins[runner.seq], self.twins[hook.seq] = hook.seq, runner.seq
        if kept.checked:
            self.touches[kept.seq] = moment(min(runner, kept, key=_time))
        return True
