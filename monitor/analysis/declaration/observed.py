"""What a session showed, in terms of a declaration: data types, libraries, recipients, permissions. Pure."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from monitor.events import NOT_PERSONAL, ApiCall, Event, PermissionRequest, TlsFailure, Transmission, of_system

_EVENTS = 10
_NAMES = 5_000


@dataclass
class Seen:
    """One observed item: its count, the first event numbers, and what belongs to it."""

    count: int = 0
    events: list[int] = field(default_factory=list)
    data_types: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    sdks: set[str] = field(default_factory=set)
    values: int = 0
    """Calls that returned a value, and values observed leaving."""

    def add(self, seq: int, count: int = 1, *, values: int = 0, types: Set[str] = frozenset(), host: str = "") -> None:
        """Count an event."""
        self.count += count
        self.values += values
        self.data_types |= types
        self.hosts |= {host} - {""}
        if len(self.events) < _EVENTS:
            self.events.append(seq)


class Observed:
    """Fed with every event of a session. The number of names is bounded; the order of first observation is kept."""

    def __init__(self) -> None:
        self.types: dict[str, Seen] = {}
        self.sdks: dict[str, Seen] = {}
        self.recipients: dict[str, Seen] = {}
        """By organisation id, else by host; the operator's own are in ``own``."""
        self.own: dict[str, Seen] = {}
        self.permissions: dict[str, Seen] = {}
        """Requested while the app ran."""
        self.unread: set[str] = set()
        """Hosts whose traffic could not be read."""

    def feed(self, event: Event) -> None:
        """The next event."""
        if of_system(event):
            return
        match event:
            case ApiCall(role="source") if event.data_type not in NOT_PERSONAL and event.sdk != "framework":
                given = event.outcome == "value"
                seen = self._at(self.types, event.data_type)
                seen.add(event.seq, event.count, values=event.count * given)
                if event.sdk not in ("", "app"):
                    seen.sdks.add(event.sdk)
                    types = {event.data_type} if given else set()
                    self._at(self.sdks, event.sdk).add(event.seq, event.count, types=types)
            case Transmission():
                self._sent(event)
            case PermissionRequest():
                for name in event.permissions:
                    self._at(self.permissions, name).add(event.seq)
            case TlsFailure(idle=False) if len(self.unread) < _NAMES:
                self.unread.add(event.sni or event.host)

    @staticmethod
    def _at(table: dict[str, Seen], key: str) -> Seen:
        if key not in table and len(table) >= _NAMES:
            return Seen()
        return table.setdefault(key, Seen())

    def _sent(self, event: Transmission) -> None:
        if event.decoded == "no":
            self.unread.add(event.host)
        own, host = event.party == "first", event.host
        found = {m.data_type for m in event.matches if m.certainty == "found"} - NOT_PERSONAL
        seen = self._at(self.own if own else self.recipients, event.org or host)
        seen.add(event.seq, types=found, host=host)
        if event.sdk not in ("", "app", "framework"):
            seen.sdks.add(event.sdk)
            self._at(self.sdks, event.sdk).add(event.seq, types=set() if own else found, host="" if own else host)
        for data_type in found:
            self._at(self.types, data_type).add(event.seq, values=1)


def observe(events: Iterable[Event]) -> Observed:
    """All observations of a session."""
    found = Observed()
    for event in events:
        found.feed(event)
    return found
