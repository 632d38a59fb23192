"""What was sent waits until the agents have told whose connection it was and which values the app knew: a busy machine
may change neither.

The proxy and an agent in the app tell the log of the same connection, in whichever order, and a value that was not yet
known when a request was searched is found in it a little later (``late_match``). Pure: how long something
waits depends on the times and numbers of the log's events, so that live and from the file the same is inferred.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from msgspec.structs import force_setattr, replace

from monitor.analysis.correlate.attribution import Attribution, Recorded
from monitor.events import SENT, Event, HookState, LateMatch, Transmission

#: How much later than a newer event one may come, and how far it may be from what is allowed.
LATENESS_US: Final = 5_000_000
_MARGIN_US: Final = 500_000
#: More is allowed for no log: what waits is held in memory.
_MOST_US: Final = 300_000_000
#: Most events for which something waits.
_EVENTS: Final = 20_000
_MATCHES: Final = 500
_NEVER: Final = 1 << 62


def allowed(most_us: int) -> int:
    """The lateness to allow, in microseconds, for a log in which no event had more than this (0 = not known)."""
    return min(max(LATENESS_US, most_us + _MARGIN_US), _MOST_US)


class Arrivals:
    """Attribution to which requests are given a little later. ``due``, ``last``: the time and number of an event for
    which something may wait no longer."""

    def __init__(self, stage: Attribution | Recorded, lateness_us: int = LATENESS_US) -> None:
        self._patience = lateness_us - _MARGIN_US
        self._infer: Callable[[Event], Event] = stage.feed
        self._stacks = stage.owners
        self._hooked = False
        """An agent has put its hooks in, although the log may have nothing yet of what they see."""
        self._row: deque[Event] = deque()
        self._flows: dict[str, Transmission] = {}
        self.due = self.last = _NEVER

    def known(self, event: Event | None) -> Iterator[Event]:
        """What need not wait any longer, with its inferred fields, now that ``event`` has come; itself, if it need not
        wait, last. None: the log ends. Without agents there is nothing to wait for."""
        if event is None or event.t >= self.due or event.seq >= self.last:
            yield from self._ready(event)
        if event is None:
            return
        if type(event) is HookState:
            self._hooked |= event.pid > 0 and self._stacks is not None
        sent = (self._hooked or self._stacks) and isinstance(event, SENT) and not event.unowned
        if not sent and not (self._row and isinstance(event, LateMatch)):
            yield self._infer(event)
            return
        if isinstance(event, Transmission):
            self._flows[event.flow] = event
        elif isinstance(event, LateMatch):
            self._found(event)
        self._row.append(event)
        self._set_due()

    def _found(self, found: LateMatch) -> None:
        """A value was found afterwards: these messages held it; where, is told of the first. They are this caller's
        alone, and completed in place."""
        for place, flow in enumerate(dict.fromkeys(found.flows)):
            match = replace(found.match, path="") if place else found.match
            sent = self._flows.get(flow)
            if sent is not None and len(sent.matches) < _MATCHES and match not in sent.matches:
                force_setattr(sent, "matches", [*sent.matches, match])

    def _ready(self, event: Event | None) -> Iterator[Event]:
        while self._row and (event is None or event.t >= self.due or event.seq >= self.last):
            first = self._row.popleft()
            if isinstance(first, Transmission):
                self._flows.pop(first.flow, None)
            self._set_due()
            yield self._infer(first)

    def _set_due(self) -> None:
        first = self._row[0] if self._row else None
        self.due = first.t + first.err + self._patience if first else _NEVER
        self.last = first.seq + _EVENTS if first else _NEVER
