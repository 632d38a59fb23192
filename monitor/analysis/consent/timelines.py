"""The marks of one app: one timeline per scope, written by windows, taps and statements, read by the rules; and answers
that cannot be read: what they may have decided stays open until an answer that is understood decides it. As results,
the marks are lines of the coverage, which reports and explanations read."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from monitor.analysis.consent.named import ANALYTICS
from monitor.analysis.timeline import AGAINST, Mark, Moment, Timeline, moment
from monitor.base.errors import EvidenceDamaged
from monitor.events import Event
from monitor.text.reasons import Coverage


class Bounded[K, V](OrderedDict[K, V]):
    """What was put in last, as ``most`` entries as that; the first ones go."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        if len(self) > self.most:
            self.popitem(last=False)


UNREAD: Final = "unread"
_MAX: Final = 500
#: The coverage's name for a mark, and marks of one app that it keeps.
_LINE, _MOST = "consent", 10_000
_DETAIL: Final = ("app", "t", "err", "src", "seq", "clear", "basis")


class Dialog(NamedTuple):
    """A window that was answered and could not be read."""

    mark: Mark
    covers: frozenset[str]
    """What it may have been about: scopes, ``own`` = every consent apart from the policy."""
    title: str
    label: str
    """The words on the control that was tapped."""
    aside: bool = False
    """After a refusal, and without a word of data or terms."""


def detail(dialog: Dialog) -> dict[str, str]:
    """What a note says of a dialog, with the step that would settle it."""
    scope = "policy" if "policy" in dialog.covers else min(dialog.covers - {"own"}, default="sensitive:DATA_TYPE")
    words = dialog.label.replace('"', "'")[:80]
    return {
        "at": f"{datetime.fromtimestamp(dialog.mark.t / 1e6, UTC):%Y-%m-%d %H:%M:%S} UTC",
        "tap": str(dialog.mark.seq),
        "says": dialog.title,
        "control": dialog.label[:80],
        "may_be_about": ", ".join(sorted(dialog.covers)),
        "scope": scope,
        "settle": f'- consent: {{scope: "{scope}", decision: accept, tapOn: "{words}"}}',
    }


def covered(scope: str, covers: frozenset[str]) -> bool:
    """Whether an answer that may be about ``covers`` may be about the scope."""
    if scope.startswith("permission:") or scope == "account":
        return False
    if scope == "policy":
        return "policy" in covers
    return "own" in covers or scope in covers


class Timelines:
    """Scope to timeline, the answers that could not be read, and the time from which the last event changed
    anything."""

    def __init__(self) -> None:
        self.scopes: dict[str, Timeline] = {}
        self.unread: list[Dialog] = []
        """The dialogs that could not be read, as long as nothing else says what they decided."""
        self.platforms: set[int] = set()
        """Taps that refused a consent platform's notice."""
        self.refused = False
        """Something was refused or withdrawn at some time."""
        self.earliest: int | None = None
        """The earliest time from which the last event changed anything; None = it changed nothing."""
        self._others: dict[str, Timeline] = {}
        """Timelines of scopes about which only unread answers may be."""
        self._resets: list[Mark] = []

    def timeline(self, scope: str) -> Timeline | None:
        """The timeline of a scope, None = nothing about it was ever observed, not even an unread answer."""
        line = self.scopes.get(scope)
        if line is None and self.unread:
            if scope not in self._others:
                self._others[scope] = self._begun(scope)
            line = self._others[scope]
        return line if line is not None and line.marks else None

    def _begun(self, scope: str) -> Timeline:
        """A new timeline for a scope, with what may already have been decided."""
        line = Timeline()
        for dialog in self.unread:
            if covered(scope, dialog.covers):
                line.add(dialog.mark)
        for mark in self._resets:
            if line.marks and line.marks[0].t <= mark.t:  # nothing was decided before it otherwise
                line.add(mark)
        return line

    def settled(self) -> int:
        """What begins after this time follows every mark."""
        return max((line.settled for line in self.scopes.values()), default=-1)

    def state(self, scope: str) -> str:
        """The state of a scope after the last mark."""
        line = self.timeline(scope)
        return line.marks[-1].state if line else "unknown"

    def last(self, scope: str) -> Mark | None:
        """The last mark of a scope; None = none, or only answers that cannot be read."""
        line = self.scopes.get(scope)
        return line.marks[-1] if line and line.marks else None

    def add(
        self, scope: str, event: Event | Moment, state: str, clear: bool, events: tuple[int, ...],
        perhaps: bool = False, basis: str = "read",
    ) -> Mark:  # fmt: skip
        """Write a mark at the time of an event."""
        mark = Mark(*moment(event), state, clear, events, perhaps, basis)
        if scope not in self.scopes:
            self.scopes[scope] = self._begun(scope)
        self.scopes[scope].add(mark)
        self.refused |= state in AGAINST
        self._changed(mark)
        return mark

    def drop(self, marks: Iterable[tuple[str, Mark]]) -> None:
        """Remove marks from their scopes, those that are still there."""
        for scope, mark in marks:
            if mark in self.scopes[scope].marks:
                self.scopes[scope].drop(mark)
                self._changed(mark)
        self.refused = any(mark.state in AGAINST for line in self.scopes.values() for mark in line.marks)

    def turned_off(self, scope: str) -> str:
        """What it means for the scope of a switch, which stands on at first, that it is turned off."""
        state = self.state(scope)
        return "denied" if state in AGAINST and (state, scope) != ("withdrawn", ANALYTICS) else "withdrawn"

    def not_read(self, dialog: Dialog) -> None:
        """Add an answer that cannot be read, to every timeline that it may be about."""
        if len(self.unread) < _MAX:  # the first ones affect everything that follows
            self.unread.append(dialog)
            for scope in sorted(dialog.covers - {"own"}):
                self.scopes.setdefault(scope, Timeline())
            for scope, line in self.scopes.items():
                if covered(scope, dialog.covers) and not (line.marks and line.marks[-1].state == "granted"):
                    line.add(dialog.mark)
            self._others.clear()
        self._changed(dialog.mark)

    def settle(self, taps: Collection[int]) -> None:
        """The answers given by these taps are understood after all."""
        for dialog in [d for d in self.unread if not set(d.mark.events).isdisjoint(taps)]:
            self.unread.remove(dialog)
            for line in self.scopes.values():
                if dialog.mark in line.marks:
                    line.drop(dialog.mark)
        self._others.clear()

    def reset(self, event: Event) -> None:
        """The app was reinstalled or its data cleared: no earlier answer applies to what follows."""
        for scope in list(self.scopes):
            self.add(scope, event, "unknown", True, (event.seq,), basis="reset")
        self._resets.append(Mark(*moment(event), "unknown", True, (event.seq,), False, "reset"))
        self._others.clear()

    def _changed(self, mark: Mark) -> None:
        start = mark.t - mark.err
        self.earliest = start if self.earliest is None else min(self.earliest, start)


# As results ----------------------------------------------------------------------------------------------------------


class KeptMark(NamedTuple):
    """A mark of one app's consent in one scope. ``t`` and ``err`` in microseconds; ``seq``: the event that made it."""

    app: str
    scope: str
    state: str
    t: int
    err: int
    src: str
    seq: int
    clear: bool
    basis: str
    events: tuple[int, ...]

    def bears_on(self, data_type: str, recipient: str, witnesses: Sequence[int]) -> bool:
        """Whether it is about the policy as a whole, the account, or this type or recipient; or refuses a purpose and
        is among the ``witnesses`` of the finding."""
        if self.scope.startswith("purpose:"):
            return self.state in AGAINST and not set(witnesses).isdisjoint(self.events)
        own = {"policy", "account", f"sensitive:{data_type}", f"share:{recipient}", "share:*" if recipient else ""}
        return self.scope in own


def kept(app: str, scopes: Mapping[str, Timeline]) -> list[KeptMark]:
    """The marks of an app, by scope and time."""
    return [
        KeptMark(app, scope, m.state, m.t, m.err, m.src, m.seq, m.clear, m.basis, m.events)
        for scope, line in sorted(scopes.items())
        for m in line.marks
    ][:_MOST]


def line(mark: KeptMark) -> Coverage:
    """A mark as a line of the coverage."""
    detail = {name: str(getattr(mark, name)) for name in _DETAIL} | {"clear": "yes" if mark.clear else "no"}
    return Coverage(
        line=_LINE, id=mark.scope, state=mark.state, why=mark.basis, detail=detail, events=list(mark.events)
    )


def read_marks(coverage: Iterable[Coverage]) -> list[KeptMark]:
    """The marks in the lines of a coverage. Raises ``EvidenceDamaged``."""
    lines = [(one, one.detail) for one in coverage if one.line == _LINE]
    try:
        return [
            KeptMark(
                said["app"], one.id, one.state, int(said["t"]), int(said["err"]), said["src"], int(said["seq"]),
                said["clear"] == "yes", said["basis"], tuple(one.events),
            )
            for one, said in lines
        ]  # fmt: skip
    except (KeyError, ValueError):
        raise EvidenceDamaged("not a consent mark", where="coverage.jsonl") from None
