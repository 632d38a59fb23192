"""The marks of one app: one timeline per scope, written by windows, taps and statements, read by the rules."""

from monitor.analysis.consent.timeline import AGAINST, Mark, Moment, Timeline, moment
from monitor.analysis.consent.unread import Dialog, UnreadAnswers
from monitor.events import Event


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
