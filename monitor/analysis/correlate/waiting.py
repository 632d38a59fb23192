"""Events that wait until everything that can affect them has arrived."""

import heapq
from collections import deque
from collections.abc import Iterator
from typing import Final

_NEVER: Final = 1 << 62


class Waiting[Item, Known]:
    """Events (or their lines) by time, then position, each with what is known of it. Most arrive in order and are kept
    in a queue, the others in a heap.

    An item is ``(t, order, arrival number, event, what is known of it)``.
    """

    __slots__ = ("_arrived", "_row", "_strays")

    def __init__(self) -> None:
        self._row: deque[tuple[int, int, int, Item, Known]] = deque()
        self._strays: list[tuple[int, int, int, Item, Known]] = []
        self._arrived = 0

    def push(self, t: int, order: int, event: Item, known: Known) -> None:
        """Add an event."""
        arrived = self._arrived = self._arrived + 1
        item, row = (t, order, arrived, event, known), self._row
        if not row or item > row[-1]:
            row.append(item)
        else:
            heapq.heappush(self._strays, item)

    def first(self) -> int | None:
        """Time of the earliest event, None = none is waiting."""
        row, strays = self._row, self._strays
        if row:
            return min(row[0][0], strays[0][0]) if strays else row[0][0]
        return strays[0][0] if strays else None

    def take(self, until: int | None) -> Iterator[tuple[Item, Known]]:
        """Remove and return the events up to a time in order, None = all."""
        row, strays = self._row, self._strays
        last = _NEVER if until is None else until
        while row or strays:
            if strays and (not row or strays[0] < row[0]):
                if strays[0][0] > last:
                    return
                head = heapq.heappop(strays)
            elif row[0][0] > last:
                return
            else:
                head = row.popleft()
            yield head[3], head[4]
