"""The events of a log for reports: all that are no calls; calls, most of it, are read again when asked for."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from itertools import chain
from typing import Final

import msgspec
from msgspec.structs import force_setattr

from monitor.analysis.correlate.arrivals import Arrivals, FoundLate
from monitor.analysis.correlate.attribution import ASKED_FOR, Attribution, Recorded
from monitor.events import ApiCall, Base, Event, Glance
from monitor.evidence.lines import Counted, Lines, body
from monitor.evidence.verify import CheckedLog
from monitor.reports import BYPASSED, Log

_decode: Final = msgspec.json.Decoder(ApiCall).decode
#: Calls that are kept for who asks again.
_KEPT: Final = 4_096


class Indexed(Log):
    """Made by whoever reads the log, on the way: it is ``told`` of events with their inferred fields. Of a call it
    keeps nothing but its owner, if that is not its stack's; one that a report shows is read once more. Raises
    ``EvidenceDamaged`` where it is not what it was."""

    def __init__(self, log: CheckedLog, stage: Attribution | Recorded) -> None:
        """``stage``: who infers the fields."""
        super().__init__()
        self._log, self._stage = log, stage
        self._others: dict[int, Event] = {}
        self._kinds: dict[type[Event], array[int]] = {}
        self._span: tuple[int, int] | None = None
        self._bypassed: set[int] = set()
        self._owned: dict[int, tuple[array[int], list[str]]] = {}
        """Stack to its owners, with the numbers of the events from which on they are."""
        self._moved: list[int] = []
        """Stacks that have another owner since the last event."""
        self._odd, self._odd_owners = array("q"), list[str]()
        self._lines: Lines | None = None
        """Those that were looked at last."""
        self._call = lru_cache(_KEPT)(self._again)

    # While the log is read -------------------------------------------------------------------------------------------

    def read(self, counted: Counted | None = None) -> Iterator[Event]:
        """The events of the log for who infers their fields, and is set up to do so; as of ``CheckedLog.events``."""
        before = self._stage.on_owner

        def moved(stack: int) -> None:
            self._moved.append(stack)
            before(stack)

        self._stage.on_owner = moved

        def looked(calls: Iterator[Glance], lines: Lines) -> Glance | None:
            assert counted is not None
            if lines is not self._lines:
                self._lines = lines
                self._met(list(copy(calls)))
            return counted(calls, lines)

        for event in self._log.events(None if counted is None else looked):
            self._met([event])
            yield event

    def _met(self, events: Sequence[Event | Glance]) -> None:
        first, last = min([one.t - one.err for one in events]), max([one.t + one.err for one in events])
        known = self._span or (first, last)
        self._span = min(first, known[0]), max(last, known[1])
        self._bypassed.update([one.seq for one in events if BYPASSED in getattr(one, "args", ())])

    def told(self, event: Event) -> None:
        """The next event, with its inferred fields; what is sent comes a little later. Of calls, those whose owner may
        be another than their stack's."""
        owners = self._stage.owners
        if type(event) is ApiCall:
            if owners is not None and event.sdk != owners.get(event.stack, ""):
                self._odd.append(event.seq)
                self._odd_owners.append(event.sdk)
            return
        self._others[event.seq] = event
        self._kinds.setdefault(type(event), array("q")).append(event.seq)
        for stack in self._moved:
            since, who = self._owned.setdefault(stack, (array("q"), []))
            since.append(event.seq)
            who.append(owners.get(stack, "") if owners else "")
        self._moved.clear()

    # Afterwards ------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self._log.head.size

    def _at(self, place: int) -> Event:
        return self._others.get(place + 1) or self._call(place + 1)

    def _again(self, seq: int) -> ApiCall:
        call = _decode(body(self._log.line(seq)))
        if self._stage.owners is not None:
            force_setattr(call, "sdk", self._owner(call))
        return call

    def _owner(self, call: ApiCall) -> str:
        place = bisect_left(self._odd, call.seq)
        if self._odd[place : place + 1] == array("q", [call.seq]):
            return self._odd_owners[place]
        since, who = self._owned.get(call.stack, ((), ()))
        place = bisect_right(since, call.seq)
        return who[place - 1] if place else ""

    def places(self, *kinds: type[Base]) -> Iterator[tuple[int, int, type[Event]]]:
        """Place, number and kind of the events of these kinds, in order."""
        others = self._others
        if issubclass(ApiCall, kinds):
            for seq in range(1, len(self) + 1):
                kind = ApiCall if (other := others.get(seq)) is None else type(other)
                if issubclass(kind, kinds):
                    yield seq - 1, seq, kind
            return
        for seq in sorted(chain.from_iterable(found for kind, found in self._kinds.items() if issubclass(kind, kinds))):
            yield seq - 1, seq, type(others[seq])

    def span(self) -> tuple[int, int]:
        """The first and the last time of any event, with their errors; zeros without events."""
        return self._span or (0, 0)

    def numbered(self) -> Mapping[int, Event]:
        """The events by number."""
        return _Numbered(self)

    def bypassed(self) -> Iterator[ApiCall]:
        """The calls whose check of a certificate was bypassed."""
        return (call for seq in sorted(self._bypassed) if (call := self._call(seq)).args[BYPASSED] == "yes")


class _Numbered(Mapping[int, Event]):
    """Numbers are places, from 1."""

    def __init__(self, events: Indexed) -> None:
        self._events = events

    def __getitem__(self, seq: int) -> Event:
        if seq not in range(1, len(self) + 1):
            raise KeyError(seq)
        return self._events[seq - 1]

    def __iter__(self) -> Iterator[int]:
        return iter(range(1, len(self) + 1))

    def __len__(self) -> int:
        return len(self._events)


def indexed(log: CheckedLog, stage: Attribution | Recorded, lateness_us: int, late: FoundLate) -> Indexed:
    """The events of a log that nobody else reads: of a call no more is decoded than its owner takes. Raises
    ``EvidenceDamaged``."""
    index, arrivals = Indexed(log, stage), Arrivals(stage, lateness_us, late)

    def counted(calls: Iterator[Glance], lines: Lines) -> Glance | None:
        due, last = arrivals.due, arrivals.last
        for call in calls:
            owned = call.kind == ApiCall.kind and call.data_type not in ASKED_FOR
            if not owned or call.t >= due or call.seq >= last:
                return call
        return None

    for event in chain(index.read(counted if stage.owners is not None else None), (None,)):
        for known in arrivals.known(event):
            index.told(known)
    return index
