"""What a library did in each situation, against what its vendor declares: one row a data type, host or permission.

A situation is a recording of its own: consent not yet given, refused, withdrawn … Only what happened in its window
counts. Without consent a declared type of data is as declared only if its legal basis is another one (PIPL 13).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Final, Literal, NamedTuple

import msgspec

from monitor import events
from monitor.analysis.guarded import short
from monitor.knowledge.vocabulary import is_consent
from monitor.session.declaration import Declaration, DeclaredSdk, covers

CellStatus = Literal["declared", "undeclared", "early", "not_seen", "untested"]
Kind = Literal["data_type", "host", "permission"]
KINDS: Final = ("data_type", "host", "permission")
_FRAMES: Final = 5
_EVENTS: Final = 10
_NAMES: Final = 1_000
_LOCAL: Final = ("localhost", "127.", "::1", "0.0.0.0")


class Situation(NamedTuple):
    """One column: its name, whether there was consent in its window, and why nothing can be said of it (or nothing).
    ``against``: the app made calls that the vendor allows after consent only; declared data is then the app's fault."""

    name: str
    consent: bool
    untested: str = ""
    against: bool = False


class Cell(msgspec.Struct, kw_only=True):
    """What was seen of one thing in one situation."""

    status: CellStatus = "not_seen"
    count: int = 0
    read: bool = False
    """A value was returned; of a host: something was sent there."""
    sent: list[str] = []
    """Hosts at which the data was seen arriving."""
    unread: bool = False
    """What went to this host could not be read."""
    attempted: bool = False
    """Only tried: nothing was returned or seen leaving."""
    events: list[int] = []
    stack: list[str] = []


class Row(msgspec.Struct, kw_only=True):
    """One data type, host or permission, with a cell for each situation."""

    kind: Kind
    name: str
    declared: bool
    cells: dict[str, Cell] = {}


class Seen:
    """What the code under test did in the window of one situation."""

    def __init__(self, owners: Sequence[str], platform: Callable[[str], bool]) -> None:
        """``owners``: whose events count; empty = everybody's but the platform's (in an app that does nothing else).
        ``platform``: whether a class is Android's or a language's; stacks are shown from the first that is not."""
        self._platform = platform
        self._owners = frozenset(owners)
        self._stacks: dict[int, list[events.Frame]] = {}
        self.cells: dict[tuple[Kind, str], Cell] = {}

    def context(self, event: events.Event) -> None:
        """An event before or in the window: stacks are logged once, however often they are used."""
        if isinstance(event, events.Stack):
            self._stacks[event.stack] = event.frames

    def feed(self, event: events.Event) -> None:
        """An event in the window."""
        owner = getattr(event, "sdk", "")
        ours = owner in self._owners if self._owners else owner != "framework"
        if events.of_system(event) or not ours:
            return
        match event:
            case events.ApiCall(role="source") if event.data_type not in events.NOT_PERSONAL:
                cell = self._cell("data_type", event.data_type, event, event.stack, event.count)
                cell.read |= event.outcome == "value"
            case events.Transmission():
                self._sent(event)
            case events.TlsFailure(idle=False):
                self._cell("host", event.sni or event.host, event).unread = True
            case events.Connection(link="request") if event.host and not event.host.startswith(_LOCAL):
                self._cell("host", event.host, event, event.stack)
            case events.PermissionRequest():
                for name in event.permissions:
                    self._cell("permission", short(name), event, event.stack)

    def under(self, kind: Kind, name: str) -> list[Cell]:
        """The cells of one thing, of a host with those of all hosts below it."""
        below = [name] if kind == "host" else []
        own = ((what, cell) for (one, what), cell in self.cells.items() if one == kind)
        return [cell for what, cell in own if what == name or covers(below, what)]

    def _cell(self, kind: Kind, name: str, event: events.Event, stack: int = 0, count: int = 1) -> Cell:
        if (kind, name) not in self.cells and len(self.cells) >= _NAMES:
            return Cell()
        cell = self.cells.setdefault((kind, name), Cell())
        cell.count += count
        if len(cell.events) < _EVENTS:
            cell.events.append(event.seq)
        if not cell.stack:
            frames = self._stacks.get(stack, [])
            own = next((i for i, frame in enumerate(frames) if not self._platform(frame.cls)), 0)
            code = takewhile(lambda frame: not self._platform(frame.cls), frames[own : own + _FRAMES])
            cell.stack = [f"{frame.cls}.{frame.method}" for frame in code]
        return cell

    def _sent(self, event: events.Transmission) -> None:
        host = self._cell("host", event.host, event, event.stack)
        host.read = True
        host.unread |= event.decoded in ("no", "opaque")
        for data_type in sorted({m.data_type for m in event.matches if m.certainty == "found"} - events.NOT_PERSONAL):
            cell = self._cell("data_type", data_type, event, event.stack)
            if event.host not in cell.sent:
                cell.sent.append(event.host)


def matrix(
    situations: Mapping[Situation, Seen], sdk: DeclaredSdk, declaration: Declaration, asked: Iterable[str] = ()
) -> list[Row]:
    """The rows, what is not declared first. ``asked``: permissions that the library's own manifest asks for."""
    named = {
        "permission": {short(one.name) for one in declaration.permissions or []},
        "data_type": set(sdk.data_types),
    }
    keys: set[tuple[Kind, str]] = {("data_type", name) for name in sdk.data_types}
    keys |= {("host", name) for name in sdk.hosts} | {("permission", short(name)) for name in asked}
    # A host below a declared one is in its row.
    every = {key for seen in situations.values() for key in seen.cells}
    keys |= {(kind, name) for kind, name in every if kind != "host" or not covers(sdk.hosts, name)}
    found: list[Row] = []
    for kind, name in keys:
        known = covers(sdk.hosts, name) if kind == "host" else name in named[kind]
        row = Row(kind=kind, name=name, declared=known, cells={})
        for situation, seen in situations.items():
            cell = row.cells[situation.name] = _together(kind, name, seen)
            cell.status = _status(row, cell, situation, declaration)
        found.append(row)
    return sorted(found, key=lambda row: (not undeclared([row]), KINDS.index(row.kind), row.name))


def undeclared(rows: Iterable[Row]) -> list[tuple[Row, str, Cell]]:
    """Row, situation and cell of everything that was seen and not declared."""
    return [(row, name, cell) for row in rows for name, cell in row.cells.items() if cell.status == "undeclared"]


def never_seen(rows: Iterable[Row]) -> list[Row]:
    """What is declared and was seen in no situation."""
    return [row for row in rows if row.declared and not any(cell.count for cell in row.cells.values())]


def _together(kind: Kind, name: str, seen: Seen) -> Cell:
    """The cell of a row: of a declared host all hosts below it together."""
    cells = seen.under(kind, name)
    count, read, unread = (sum(getattr(cell, what) for cell in cells) for what in ("count", "read", "unread"))
    sent = sorted({host for cell in cells for host in cell.sent})
    return Cell(
        count=count,
        read=bool(read),
        sent=sent,
        unread=bool(unread),
        attempted=bool(count) and kind != "permission" and not (read or sent or unread),
        events=sorted(e for cell in cells for e in cell.events)[:_EVENTS],
        stack=next((cell.stack for cell in cells if cell.stack), []),
    )


def _status(row: Row, cell: Cell, situation: Situation, declaration: Declaration) -> CellStatus:
    if not cell.count:
        return "untested" if situation.untested else "not_seen"
    if not row.declared:
        return "undeclared"
    if row.kind == "data_type" and not situation.consent:
        entry, *_ = declaration.entries.get(row.name, (None,))
        if entry and not is_consent(entry.legal_basis):
            return "declared"
        return "early" if situation.against else "undeclared"
    return "declared"
