"""Windows that ask for confirmation before consent is withdrawn or an account is cancelled."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

from monitor.analysis.consent.notices import GONE_US, Key
from monitor.analysis.consent.screens import asks_again
from monitor.events import Tap, Window

_MAX: Final = 32


class _Question(NamedTuple):
    scopes: tuple[str, ...]
    t: int
    gone: int | None = None


class Questions:
    """The confirmations shown last. A tap that only opened one has not withdrawn anything yet."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, bool] = OrderedDict()
        self._open: OrderedDict[Key, _Question] = OrderedDict()

    def opens(self, event: Window) -> bool:
        """Whether a window is new and asks for confirmation."""
        key = (event.src, event.window)
        if event.action == "hidden":
            self._known.pop(key, None)
            if key in self._open:
                self._open[key] = self._open[key]._replace(gone=event.t)
            return False
        new = key not in self._known
        self._known[key] = True
        while len(self._known) > _MAX:
            self._known.popitem(last=False)
        page = event.window_kind == "activity"
        return new and event.window_kind != "toast" and asks_again(event.title, event.texts, event.buttons, page)

    def ask(self, event: Window, scopes: tuple[str, ...]) -> None:
        """Remember what a window would withdraw."""
        key = (event.src, event.window)
        self._open[key] = _Question(scopes, event.t)
        self._open.move_to_end(key)
        while len(self._open) > _MAX:
            self._open.popitem(last=False)

    def scopes(self, event: Tap) -> tuple[str, ...] | None:
        """What confirming in the window of a tap withdraws; None if the window asks for no such confirmation."""
        if event.window:
            asked = self._open.get((event.src, event.window))
            return asked.scopes if asked else None
        for asked in reversed(self._open.values()):
            if asked.t <= event.t + event.err and (asked.gone is None or event.t <= asked.gone + GONE_US):
                return asked.scopes
        return None
