"""The marks of one app: one timeline per scope, written by windows, taps and statements, read by the rules; and answers
that cannot be read: what they may have decided stays open until an answer that is understood decides it. As results,
the marks are lines of the coverage, which reports and explanations read."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
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
_DECIDED: Final = frozenset({"granted"})
_MAX: Final = 500
#: The coverage's name for a mark, and marks of one app that it keeps.
_LINE, _MOST = "consent", 10_000


class Dialog(NamedTuple):
    """A window that was answered and could not be read."""

    mark: Mark
    covers: frozenset[str]
    """What it may have been about: scopes, ``own`` = every consent apart from the policy."""
    title: str
    label: str
    """The words on the control that was tapped."""
    box: bool = False
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
    return "own" in covers or scope in covers or (scope.startswith("share:") and "share:*" in covers)


class UnreadAnswers:
    """The dialogs that could not be read, and their marks on the timelines that they may affect."""

    def __init__(self, lines: dict[str, Timeline]) -> None:
        self.dialogs: list[Dialog] = []
        self.settled: list[Dialog] = []
        """Those settled since by a statement, a label or what they led to."""
        self._lines = lines
        self._resets: list[Mark] = []
        self._asked: dict[str, Timeline] = {}
        """Timelines of scopes about which nothing else is known."""

    def seed(self, scope: str) -> Timeline:
        """A new timeline for a scope, with what may already have been decided."""
        self._asked.pop(scope, None)
        line = Timeline()
        for dialog in self.dialogs:
            if covered(scope, dialog.covers):
                line.add(dialog.mark)
        for mark in self._resets if line.marks else ():
            line.add(mark)
        return line

    def line(self, scope: str) -> Timeline | None:
        """The timeline of a scope of which only unreadable answers are known; None = not even those."""
        if not self.dialogs:
            return None
        known = self._asked.get(scope)
        if known is None:
            known = self._asked[scope] = self.seed(scope)
        return known if known.marks else None

    def add(self, dialog: Dialog) -> None:
        """Add an answer."""
        if len(self.dialogs) >= _MAX:  # the first ones affect everything that follows
            return
        self.dialogs.append(dialog)
        for scope in sorted(dialog.covers - {"own"}):
            if scope not in self._lines:
                self._lines[scope] = Timeline()
        for scope, line in self._lines.items():
            if covered(scope, dialog.covers) and not (line.marks and line.marks[-1].state in _DECIDED):
                line.add(dialog.mark)
        self._asked.clear()

    def settle(self, taps: set[int]) -> None:
        """The answers given by these taps are understood after all."""
        for dialog in [d for d in self.dialogs if taps & set(d.mark.events)]:
            self.dialogs.remove(dialog)
            self.settled.append(dialog)
            for line in self._lines.values():
                if dialog.mark in line:
                    line.drop(dialog.mark)
        self._asked.clear()

    def reset(self, mark: Mark) -> None:
        """The app was reinstalled or its data cleared: no earlier answer applies to what follows."""
        if self.dialogs:
            self._resets.append(mark)
            self._asked.clear()


class Timelines:
    """Scope to timeline, and the time from which the last event changed anything."""

    def __init__(self) -> None:
        self.scopes: dict[str, Timeline] = {}
        self.unread = UnreadAnswers(self.scopes)
        self.platforms: set[int] = set()
        """Taps that refused a consent platform's notice."""
        self.refused = False
        """Something was refused or withdrawn at some time."""
        self.earliest: int | None = None
        """The earliest time from which the last event changed anything; None = it changed nothing."""

    def timeline(self, scope: str) -> Timeline | None:
        """The timeline of a scope, or None = nothing about it was ever observed."""
        return self.scopes.get(scope) or self.unread.line(scope)

    def settled(self) -> int:
        """What begins after this time follows every mark."""
        return max((line.settled for line in self.scopes.values()), default=-1)

    def state(self, scope: str) -> str:
        """The state of a scope after the last mark."""
        line = self.timeline(scope)
        return line.marks[-1].state if line and line.marks else "unknown"

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
            self.scopes[scope] = self.unread.seed(scope)
        self.scopes[scope].add(mark)
        self.refused |= state in AGAINST
        self.changed(mark)
        return mark

    def turned_off(self, scope: str) -> str:
        """What it means for the scope of a switch, which stands on at first, that it is turned off."""
        state = self.state(scope)
        return "denied" if state in AGAINST and (state, scope) != ("withdrawn", ANALYTICS) else "withdrawn"

    def drop(self, scope: str, mark: Mark) -> None:
        """Remove a mark; call ``recheck`` once all are removed."""
        self.scopes[scope].drop(mark)
        self.changed(mark)

    def recheck(self) -> None:
        """Recompute whether anything was refused."""
        self.refused = any(line.holds(AGAINST) for line in self.scopes.values())

    def not_read(self, dialog: Dialog) -> None:
        """An answer that cannot be read."""
        self.unread.add(dialog)
        self.changed(dialog.mark)

    def reset(self, event: Event) -> None:
        """The app lost its record of the user's answers."""
        for scope in list(self.scopes):
            self.add(scope, event, "unknown", True, (event.seq,), basis="reset")
        self.unread.reset(Mark(*moment(event), "unknown", True, (event.seq,), False, "reset"))

    def changed(self, mark: Mark) -> None:
        """Note the time from which the timelines differ."""
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
    detail = {
        "app": mark.app, "t": str(mark.t), "err": str(mark.err), "src": mark.src, "seq": str(mark.seq),
        "clear": "yes" if mark.clear else "no", "basis": mark.basis,
    }  # fmt: skip
    return Coverage(
        line=_LINE, id=mark.scope, state=mark.state, why=mark.basis, detail=detail, events=list(mark.events)
    )


def read_marks(coverage: Iterable[Coverage]) -> list[KeptMark]:
    """The marks in the lines of a coverage. Raises ``EvidenceDamaged``."""
    return [_mark(one) for one in coverage if one.line == _LINE]


def _mark(kept: Coverage) -> KeptMark:
    said = kept.detail
    try:
        return KeptMark(
            said["app"], kept.id, kept.state, int(said["t"]), int(said["err"]), said["src"], int(said["seq"]),
            said["clear"] == "yes", said["basis"], tuple(kept.events),
        )  # fmt: skip
    except (KeyError, ValueError):
        raise EvidenceDamaged("not a consent mark", where="coverage.jsonl") from None
