"""All events of a session, as reports ask for them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, overload

from monitor.events import ApiCall, Base, Event

type Where = Callable[[Any], bool]
#: Argument of a call whose check rejected the proxy's certificate: it was bypassed.
BYPASSED: Final = "bypassed"


class Log(Sequence[Event]):
    """The events of a session in their order. Whoever wants events of some kinds asks for those: a log may be long, and
    ``monitor.assess.indexed`` reads its calls only when they are asked for."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events = list(events)

    def __len__(self) -> int:
        return len(self._events)

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...
    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        return self._at(range(len(self))[index])

    def _at(self, place: int) -> Event:
        return self._events[place]

    @overload
    def of[A: Base](self, kind: type[A], /, *, where: Where = ...) -> Iterator[A]: ...
    @overload
    def of[A: Base, B: Base](self, kind: type[A], other: type[B], /, *, where: Where = ...) -> Iterator[A | B]: ...
    @overload
    def of(self, *kinds: type[Base], where: Where = ...) -> Iterator[Event]: ...
    def of(self, *kinds: type[Base], where: Where = lambda _: True) -> Iterator[Any]:
        """The events of these kinds, in order, of which ``where`` holds."""
        return (event for place, _, _ in self.places(*kinds) if where(event := self._at(place)))

    def places(self, *kinds: type[Base]) -> Iterator[tuple[int, int, type[Event]]]:
        """Place, number and kind of those."""
        return ((place, one.seq, type(one)) for place, one in enumerate(self._events) if isinstance(one, kinds))

    def span(self) -> tuple[int, int]:
        """The first and the last time of any event, with their errors; zeros without events."""
        first = min((event.t - event.err for event in self._events), default=0)
        return first, max((event.t + event.err for event in self._events), default=0)

    def number(self, *kinds: type[Base]) -> int:
        """How many events are of these kinds."""
        return sum(1 for _ in self.places(*kinds))

    def numbered(self) -> Mapping[int, Event]:
        """The events by number."""
        return {event.seq: event for event in self._events}

    def bypassed(self) -> Iterator[ApiCall]:
        """The calls whose check of a certificate was bypassed."""
        return self.of(ApiCall, where=lambda call: call.args.get(BYPASSED) == "yes")
