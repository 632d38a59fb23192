"""Unreadable answers: what they may have decided stays open until an answer that is understood decides it."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from monitor.analysis.consent.timeline import Mark, Timeline

UNREAD: Final = "unread"
_DECIDED: Final = frozenset({"granted"})
_MAX: Final = 500


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
