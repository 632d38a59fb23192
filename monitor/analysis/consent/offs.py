"""The question whether to turn a switch off, which an app asks as it is turned off: what it asks is no consent, and who
keeps the switch has turned nothing off."""

from typing import Final, NamedTuple

from monitor.analysis.consent.labels import undoing
from monitor.analysis.consent.notices import GONE_US
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.timelines import Timelines
from monitor.analysis.consent.words import pattern, regex
from monitor.events import Event, Tap, Window

#: From the touch of a switch to the question (microseconds).
_ASKED_US: Final = 3_000_000


class _Turned(NamedTuple):
    """A switch that was turned off."""

    t: int
    scope: str
    stood: str
    """The state of its scope before."""


class Offs:
    """Fed with one app's taps and windows in order."""

    def __init__(self) -> None:
        self.kept: dict[int, str] = {}
        """Tap to the scope of the switch that it left on after all."""
        self._last: _Turned | None = None
        self._open: tuple[Window, Screen, _Turned] | None = None
        self._gone: int | None = None
        """When that question was closed, or something else came up, without an answer."""

    def turned(self, t: int, scope: str, lines: Timelines) -> None:
        """A switch is turned off at a time: call before that is written."""
        if self._last is not None and self._last.scope == scope and t - self._last.t <= _ASKED_US:
            return  # the same, as the step tells
        last = lines.last(scope)
        self._last = _Turned(t, scope, last.state if last else "unknown")

    def asks(self, event: Event, seen: Screen) -> bool:
        """Whether a window that is shown, or a picture of the screen, holds that question."""
        if not isinstance(event, Window):
            return self._open is not None and self._gone is None and self._open[1].controls <= seen.controls
        if self._own(event) and event.action == "changed" and _asked(seen):
            return True
        if self._last is not None and _follows(event, self._last) and _asked(seen):
            self._open, self._gone = (event, seen, self._last), None
            return True
        if self._own(event) or event.action == "shown":
            self._left(event.t)  # something else came up, there or over it
        return False

    def hide(self, event: Window) -> None:
        """A window was closed."""
        if self._own(event):
            self._left(event.t)

    def _own(self, event: Window) -> bool:
        return self._open is not None and (event.src, event.window) == (self._open[0].src, self._open[0].window)

    def _left(self, t: int) -> None:
        self._gone = t if self._gone is None else self._gone

    def answered(self, tap: Tap, words: str) -> str | None:
        """The state of the switch's scope that a tap restores, empty if it leaves the switch off; None: no answer."""
        if self._open is None or (tap.window and tap.window != self._open[0].window):
            return None
        if self._gone is not None and tap.t - self._gone > GONE_US:
            self._open = self._gone = None
            return None
        _, seen, turned = self._open
        if words not in seen.controls:
            return None
        self._open = self._last = self._gone = None
        if not _keeps(words):
            return ""
        self.kept[tap.seq] = turned.scope
        return turned.stood


def _follows(event: Window, turned: _Turned) -> bool:
    dialog = event.action == "shown" and event.window_kind not in ("activity", "toast")
    return dialog and 0 <= event.t - turned.t <= _ASKED_US


def _asked(seen: Screen) -> bool:
    """Whether a window asks to turn something off or to leave it on, nothing else. It must say so: yes and no may
    answer anything, a request for data among them."""
    off = [c for c in seen.controls if _turns_off(c)]
    kept = [c for c in seen.controls if _keeps(c)]
    if seen.policy or not (off and kept) or len(off) + len(kept) != len(seen.controls):
        return False
    if regex("already_off").search("\n".join((seen.words, *seen.controls))):
        return False
    if any(map(regex("off").search, off)):
        return True
    then = regex("once_off").search(seen.words) and not (seen.separate or seen.types)
    return bool(regex("whether_off").search(seen.words) or then) and not regex("on_again").search(seen.words)


def _turns_off(control: str) -> bool:
    return not _keeps(control) and bool(regex("off").search(control) or pattern("affirms").match(control))


def _keeps(control: str) -> bool:
    return not regex("off").fullmatch(control) and (
        undoing(control) == "no" or bool(pattern("shuts").fullmatch(control))
    )
