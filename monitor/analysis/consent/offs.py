"""The question whether to turn a switch off, which an app asks as it is turned off: what it asks is no consent, and who
keeps the switch has turned nothing off."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from monitor.analysis.consent.labels import undoing
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.timeline import Timeline
from monitor.analysis.consent.words import pattern
from monitor.events import Event, Tap, Window

#: From the touch of a switch to the question (microseconds).
_ASKED_US: Final = 3_000_000
_OFF: Final = re.compile(
    r"关闭|关掉|停用|\b(?:turn|switch) (?:it |them )?off\b|\bdisable|ausschalten|deaktivieren"
    r"|désactiver|desactivar|オフにする|끄기"
)


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

    def turned(self, t: int, scope: str, lines: Mapping[str, Timeline]) -> None:
        """A switch is turned off at a time: call before that is written."""
        line = lines.get(scope)
        if self._last is not None and self._last.scope == scope and t - self._last.t <= _ASKED_US:
            return  # the same, as the step tells
        self._last = _Turned(t, scope, line.marks[-1].state if line and line.marks else "unknown")

    def asks(self, event: Event, seen: Screen) -> bool:
        """Whether a window, or a picture of the screen, holds that question."""
        if not isinstance(event, Window):
            return self._open is not None and self._open[1].controls <= seen.controls
        if self._open is not None and (event.src, event.window) == (self._open[0].src, self._open[0].window):
            return event.action != "hidden"
        last = self._last
        if last is None or event.action != "shown" or event.window_kind in ("activity", "toast") or seen.policy:
            return False
        off = [c for c in seen.controls if _turns_off(c)]
        kept = [c for c in seen.controls if _keeps(c)]
        asked = 0 <= event.t - last.t <= _ASKED_US and bool(off and kept) and len(off) + len(kept) == len(seen.controls)
        if asked:
            self._open = event, seen, last
        return asked

    def answered(self, tap: Tap, words: str) -> str | None:
        """The state of the switch's scope that a tap restores, empty if it leaves the switch off; None: no answer."""
        if self._open is None or (tap.window and tap.window != self._open[0].window):
            return None
        _, seen, turned = self._open
        if words not in seen.controls:
            return None
        self._open = self._last = None
        if not _keeps(words):
            return ""
        self.kept[tap.seq] = turned.scope
        return turned.stood


def _turns_off(control: str) -> bool:
    return not _keeps(control) and bool(_OFF.search(control) or pattern("affirms").match(control))


def _keeps(control: str) -> bool:
    return not _OFF.fullmatch(control) and (undoing(control) == "no" or bool(pattern("shuts").fullmatch(control)))
