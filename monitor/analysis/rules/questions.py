"""Tests that many patterns share, asked once for an event."""

from collections.abc import Iterable

from monitor.analysis.rules.context import Context
from monitor.analysis.rules.expression import Filter
from monitor.analysis.rules.given import Subject
from monitor.events import Event


class Questions:
    """Who passes all of their tests. A test that follows the same others is asked once, for all who have it there."""

    __slots__ = ("_then", "_through")

    def __init__(self) -> None:
        self._through: list[int] = []
        self._then: dict[Filter, Questions] = {}

    def add(self, who: int, tests: Iterable[Filter]) -> None:
        """Somebody with their tests, in the order in which they are asked."""
        place = self
        for test in tests:
            place = place._then.setdefault(test, Questions())
        place._through.append(who)

    def ask(self, e: Event, c: Context, s: Subject, found: list[int]) -> None:
        """Append who passes for a part of an event."""
        found += self._through
        for test, rest in self._then.items():
            if test(e, c, s):
                rest.ask(e, c, s, found)
