"""The matches that make one finding, while they come in."""

from collections.abc import Iterable
from typing import Final

from monitor.analysis.correlate.findings import NAMED_EVENTS
from monitor.analysis.rules.matching import Threshold
from monitor.base.errors import printable
from monitor.events import Transmission

_TARGETS: Final = 5
_CODE: Final = 4


class Group:
    """All matches that make one finding, counted by status. Where a rule needs several, a match counts for each status
    that it and enough others reach."""

    def __init__(self, needs: int = 1, span_us: int = 0) -> None:
        self._stronger = tuple(Threshold[tuple[int, int, tuple[int, ...]]](needs, span_us) for _ in "12" if needs > 1)
        """Those of status 1 or 2, and those of 2, where several are needed."""
        self.counts = [0, 0, 0]
        self.grade = 0
        self.first = [0, 0, 0]
        self.last = [0, 0, 0]
        self.events: list[dict[int, None]] = [{}, {}, {}]
        self.detail: dict[str, str] = {}
        self.guards: list[dict[str, None]] = [{}, {}, {}]
        """What keeps matches from being evidence, by the status that they have with it."""
        self.assumed: dict[str, None] = {}
        self.places: dict[str, None] = {}
        """Where values were observed leaving: ``host form path``, the first 40."""
        self.targets: list[dict[str, None]] = [{}, {}, {}]
        """Components that its calls named, by status, the first few; of a finding without other subject."""
        self.code: dict[str, None] = {}
        """Packages of code without an owner, as a shrinker left them, the first few."""
        self.framework = True
        self.owners: set[str] = set()
        """Whose calls were counted, by ID; empty for code that nobody knows."""

    @property
    def status(self) -> int:
        """The strongest status seen, as index of ``STATUSES``."""
        return 2 if self.counts[2] else 1 if self.counts[1] else 0

    def only(self, status: int) -> int:
        """How many matches are of this status and of no stronger one."""
        return self.counts[status] - (self.counts[status + 1] if self._stronger and status < 2 else 0)

    def add(self, status: int, grade: int, t: int, count: int, events: tuple[int, ...], seq: int) -> bool:
        """Count a match with its supporting events and its own number. True if the finding changed."""
        if not self._stronger and self.counts[status] and grade <= self.grade:
            self._count(status, t, count, events, seq)
            return False  # then the finding can no longer change
        before = any(self.counts), self.status, self.grade
        self._count(0 if self._stronger else status, t, count, events, seq)
        for level, enough in enumerate(self._stronger[:status], 1):
            for at, n, numbers in enough.add(t, (t, count, (*events, seq))):
                self._count(level, at, n, numbers[:-1], numbers[-1])
        self.grade = max(self.grade, grade)
        return before != (True, self.status, self.grade)

    def full(self) -> bool:
        """Whether all is told, and a match of a call with a status of which no more events are named only counts."""
        told = self.grade > 0 and bool(self.detail) and not self._stronger
        return told and max(map(len, self.events)) >= NAMED_EVENTS

    def more(self, status: int, t: int, count: int) -> None:
        """Count such a match."""
        self.counts[status] += count
        if t > self.last[status]:
            self.last[status] = t
        elif t < self.first[status]:
            self.first[status] = t

    def _count(self, status: int, t: int, count: int, events: tuple[int, ...], seq: int) -> None:
        if not self.counts[status] or t < self.first[status]:
            self.first[status] = t
        if t > self.last[status]:
            self.last[status] = t
        self.counts[status] += count
        kept = self.events[status]
        if len(kept) < NAMED_EVENTS:
            for other in events:
                kept[other] = None
            kept[seq] = None

    def called(self, package: str) -> None:
        """Code that a shrinker renamed made one of the calls."""
        if len(self.code) < _CODE:
            self.code[package] = None

    def raise_grade(self, seqs: tuple[int, ...]) -> bool:
        """The value was observed leaving. True if that is new."""
        new = self.grade < 2
        self.grade = 2
        kept = self.events[self.status]
        if len(kept) < NAMED_EVENTS + 20:
            kept.update(dict.fromkeys(seqs))
        return new

    def matched(self, event: Transmission, data_type: str) -> None:
        """Keep where a transmission holds values of a type, and in which encoding."""
        for match in event.matches:
            if match.data_type == data_type and len(self.places) < NAMED_EVENTS:
                self.places[f"{event.host} {match.form} {match.path}"] = None

    def started(self, status: int, component: str) -> None:
        """Keep which component a call named."""
        for level in self._levels(status):
            if len(self.targets[level]) < _TARGETS:
                self.targets[level][printable(component, 200).replace(";", ",")] = None

    def guarded(self, status: int, guards: Iterable[str]) -> None:
        """Keep what a match of a status was softened by."""
        for level in self._levels(status):
            self.guards[level].update(dict.fromkeys(guards))

    def _levels(self, status: int) -> Iterable[int]:
        return range(status + 1) if self._stronger else (status,)

    def seqs(self) -> list[int]:
        """Event numbers of the strongest status, ascending."""
        return sorted(self.events[self.status])[:NAMED_EVENTS]
