"""All events of a session at once, in a fraction of the memory."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import chain
from operator import attrgetter
from typing import Any, Final, overload

from msgspec.structs import force_setattr

from monitor.events import ApiCall, Base, Event

type Where = Callable[[Any], bool]
#: Numbers that differ from one call to the next.
_OWN: Final = ("seq", "t", "call", "parent")
_SAME: Final = attrgetter(
    *(name for name in ApiCall.__struct_fields__ if name not in (*_OWN, "args", "values", "inner"))
)
#: Different calls that are kept: a log that has more of them gains nothing.
_MOST: Final = 100_000


class Log(Sequence[Event]):
    """The events of a session in their order. Of calls that differ in number, time and calling call only, one is kept
    with those four numbers of each: of a million calls, that leaves a tenth of the memory. They are made anew when they
    are asked for; whoever wants events of some other kind asks for those."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._kept: list[Event] = []
        self._seqs = array("q")
        self._rest = array("q")
        self._places = array("q")
        """Of an event: where its other numbers are; -1 = it is kept as it is."""
        self._others: dict[type[Event], array[int]] = {}
        """Kind to the places of its events, but of calls."""
        first: dict[tuple[Any, ...], ApiCall] = {}
        for event in events:
            kept: Event = event
            place = -1
            if type(event) is ApiCall:
                key = (_SAME(event), tuple(event.args.items()), tuple(event.values), tuple(event.inner))
                known = first.get(key)
                if known is None:
                    if len(first) < _MOST:
                        first[key] = event
                elif (numbers := self._numbers(event)) is not None:
                    kept, place = known, numbers
            else:
                self._others.setdefault(type(event), array("q")).append(len(self._kept))
            self._kept.append(kept)
            self._places.append(place)
            self._seqs.append(event.seq)

    def _numbers(self, call: ApiCall) -> int | None:
        try:
            numbers = array("q", (call.t, call.call, call.parent))
        except OverflowError:  # whoever wrote the log decides
            return None
        self._rest.extend(numbers)
        return len(self._rest) - len(numbers)

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...
    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        kept, place = self._kept[index], self._places[index]
        return kept if place < 0 else self._made(kept, self._seqs[index], place)

    def _made(self, kept: Event, seq: int, place: int) -> Event:
        made = copy(kept)
        for name, number in zip(_OWN, (seq, *self._rest[place : place + 3]), strict=True):
            force_setattr(made, name, number)
        return made

    def __iter__(self) -> Iterator[Event]:
        for kept, seq, place in zip(self._kept, self._seqs, self._places, strict=True):
            yield kept if place < 0 else self._made(kept, seq, place)

    @overload
    def of[A: Base](self, kind: type[A], /, *, where: Where = ...) -> Iterator[A]: ...
    @overload
    def of[A: Base, B: Base](self, kind: type[A], other: type[B], /, *, where: Where = ...) -> Iterator[A | B]: ...
    @overload
    def of(self, *kinds: type[Base], where: Where = ...) -> Iterator[Event]: ...
    def of(self, *kinds: type[Base], where: Where = lambda _: True) -> Iterator[Any]:
        """The events of these kinds, in order. ``where`` is asked of one that has other numbers than the event."""
        return (self[place] for place in self._of(kinds) if where(self._kept[place]))

    def _of(self, kinds: tuple[type[Base], ...]) -> Iterable[int]:
        """The places of events of these kinds, in order. Calls, which are most of a long log, are sought in all of
        it."""
        if issubclass(ApiCall, kinds):
            return (place for place, kept in enumerate(self._kept) if isinstance(kept, kinds))
        return sorted(chain.from_iterable(places for kind, places in self._others.items() if issubclass(kind, kinds)))

    def places(self, *kinds: type[Base]) -> Iterator[tuple[int, int, type[Event]]]:
        """Place, number and kind of those."""
        return ((place, self._seqs[place], type(self._kept[place])) for place in self._of(kinds))

    def span(self) -> tuple[int, int]:
        """The first and the last time of any event, with their errors; zeros without events."""
        if not self._kept:
            return 0, 0
        rest = self._rest
        times = (
            (kept.t if place < 0 else rest[place], kept.err)
            for kept, place in zip(self._kept, self._places, strict=True)
        )
        t, err = next(times)
        first, last = t - err, t + err
        for t, err in times:
            first, last = min(first, t - err), max(last, t + err)
        return first, last

    def number(self, *kinds: type[Base]) -> int:
        """How many events are of these kinds."""
        return sum(1 for _ in self._of(kinds))

    def numbered(self) -> Mapping[int, Event]:
        """The events by number, found by halving: a table of a million of them is as large as they are."""
        return _Numbered(self, self._seqs)


class _Numbered(Mapping[int, Event]):
    def __init__(self, events: Sequence[Event], seqs: Sequence[int]) -> None:
        self._events, self._seqs = events, seqs
        self._order = array("q", sorted(range(len(seqs)), key=seqs.__getitem__))

    def __getitem__(self, seq: int) -> Event:
        place = bisect_left(self._order, seq, key=self._seqs.__getitem__)
        if place == len(self._order) or self._seqs[self._order[place]] != seq:
            raise KeyError(seq)
        return self._events[self._order[place]]

    def __iter__(self) -> Iterator[int]:
        return map(self._seqs.__getitem__, self._order)

    def __len__(self) -> int:
        return len(self._order)
