"""What was sent waits until the agents have told whose connection it was and which values the app knew: a busy machine
may change neither.

The proxy and an agent in the app tell the log of the same connection, in whichever order. A value that was not yet
known when a message was searched is found in it later (``late_match``): from the file, all of them are read first;
live, a message waits only a little, and what is found after that is left to an evaluation of the file. Pure: how long
something waits depends on the times and numbers of the log's events, so that live and from the file the same is
inferred.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec.structs import force_setattr, replace

from monitor.analysis.correlate.attribution import Attribution, Recorded
from monitor.analysis.rules.values import ENTERED
from monitor.events import SENT, Event, HookState, LateMatch, Match, Transmission

#: How much later than a newer event one may come, and how far it may be from what is allowed.
LATENESS_US: Final = 5_000_000
_MARGIN_US: Final = 500_000
#: More is allowed for no log: what waits is held in memory.
_MOST_US: Final = 300_000_000
#: Most events for which something waits.
_EVENTS: Final = 20_000
#: Most matches of a message to which one is added; most that are kept for messages to come.
MATCHES: Final = 500
_KEPT: Final = 100_000
#: What users write or copy themselves may hold anything, such as a number that is also a contact's.
_WRITTEN: Final = ENTERED | {"clipboard", "prompt", "ui_input"}
_NEVER: Final = 1 << 62


def allowed(most_us: int) -> int:
    """The lateness to allow, in microseconds, for a log in which no event had more than this (0 = not known)."""
    return min(max(LATENESS_US, most_us + _MARGIN_US), _MOST_US)


def placed(match: Match, sent: Transmission) -> Match:
    """A late match as what it is in a message: only possible where the message was seen to hold a text of the user's,
    of which it may be a part."""
    texts = {one.path for one in sent.matches if one.certainty == "found" and one.data_type in _WRITTEN}
    return replace(match, certainty="possible") if match.path in texts or (texts and not match.path) else match


class FoundLate:
    """Values found in messages after those were recorded, each kept until its message takes it."""

    def __init__(self, found: Iterable[LateMatch] = ()) -> None:
        """``found``: of the whole log, if they are known before."""
        self.unapplied = 0
        """Matches that no message took: it came before, is not in the log or not named, or a bound was reached."""
        self._kept = 0
        self._flows: dict[str, list[Match]] = {}
        for one in found:
            self.add(one)

    def add(self, found: LateMatch) -> None:
        """One more; where in the message the value is, is told of the first of its messages."""
        flows = dict.fromkeys(found.flows)
        self.unapplied += max(found.n, len(flows))
        match = found.match
        for flow in flows if self._kept < _KEPT else ():
            self._flows.setdefault(flow, []).append(match)
            self._kept += 1
            match = replace(match, path="") if match is found.match else match

    def complete(self, sent: Transmission) -> None:
        """The message takes those found in it. It is this caller's alone, and completed in place."""
        if late := self._flows.pop(sent.flow, ()):
            self._kept -= len(late)
            room = max(MATCHES - len(sent.matches), 0)
            self.unapplied -= min(len(late), room)
            more = [placed(match, sent) for match in late[:room]]
            force_setattr(sent, "matches", list(dict.fromkeys((*sent.matches, *more))))


class Arrivals:
    """Attribution to which requests are given a little later. ``due``, ``last``: the time and number of an event for
    which something may wait no longer."""

    def __init__(
        self, stage: Attribution | Recorded, lateness_us: int = LATENESS_US, late: FoundLate | None = None
    ) -> None:
        """``late``: of the whole log; None: they are taken as they come."""
        self.late = late or FoundLate()
        self._coming = late is None
        self._patience = lateness_us - _MARGIN_US
        self._infer: Callable[[Event], Event] = stage.feed
        self._stacks = stage.owners
        self._hooked = False
        """An agent has put its hooks in, although the log may have nothing yet of what they see."""
        self._row: deque[Event] = deque()
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
        elif isinstance(event, Transmission):
            self.late.complete(event)
        elif isinstance(event, LateMatch) and self._coming:
            self.late.add(event)
            for waiting in self._row:
                if isinstance(waiting, Transmission):
                    self.late.complete(waiting)
        sent = (self._hooked or self._stacks) and isinstance(event, SENT) and not event.unowned
        if not sent and not (self._row and isinstance(event, LateMatch)):
            yield self._infer(event)
            return
        self._row.append(event)
        self._set_due()

    def _ready(self, event: Event | None) -> Iterator[Event]:
        while self._row and (event is None or event.t >= self.due or event.seq >= self.last):
            first = self._row.popleft()
            self._set_due()
            yield self._infer(first)

    def _set_due(self) -> None:
        first = self._row[0] if self._row else None
        self.due = first.t + first.err + self._patience if first else _NEVER
        self.last = first.seq + _EVENTS if first else _NEVER
