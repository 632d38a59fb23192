"""Windows that ask for confirmation before consent is withdrawn or an account is cancelled."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

from monitor.analysis.consent.notices import GONE_US, SCREEN, Key
from monitor.analysis.consent.screens import asks_again
from monitor.events import Tap, UiSnapshot, Window

_MAX: Final = 32


class _Question(NamedTuple):
    scopes: tuple[str, ...]
    t: int
    gone: int | None = None

    def holds(self, event: Tap) -> bool:
        return self.t <= event.t + event.err and (self.gone is None or event.t <= self.gone + GONE_US)


class Questions:
    """The confirmations shown last. A tap that only opened one has not withdrawn anything yet."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, bool] = OrderedDict()
        self._open: OrderedDict[Key, _Question] = OrderedDict()

    def opens(self, event: Window | UiSnapshot, page: bool = True) -> bool:
        """Whether a window begins to ask for confirmation: a new one, or one that now shows something else, as an app
        of a single activity does. ``page``: of a picture, that it is of a whole page."""
        key = _key(event)
        if isinstance(event, Window) and event.action == "hidden":
            self._known.pop(key, None)
            self._close(key, event.t)
            return False
        if isinstance(event, Window):
            title, page, toast = event.title, event.window_kind == "activity", event.window_kind == "toast"
        else:
            title, toast = "", False
        asks = not toast and asks_again(title, event.texts, event.buttons, page)
        opens = asks and not self._known.get(key, False)
        self._known[key] = asks
        while len(self._known) > _MAX:
            self._known.popitem(last=False)
        if not asks:
            self._close(key, event.t)
        return opens

    def _close(self, key: Key, t: int) -> None:
        if key in self._open and self._open[key].gone is None:
            self._open[key] = self._open[key]._replace(gone=t)

    def ask(self, event: Window | UiSnapshot, scopes: tuple[str, ...]) -> None:
        """Remember what a window would withdraw."""
        key = _key(event)
        self._open[key] = _Question(scopes, event.t)
        self._open.move_to_end(key)
        while len(self._open) > _MAX:
            self._open.popitem(last=False)

    def asks(self, event: Window) -> bool:
        """Whether it is known what a window would withdraw."""
        return _key(event) in self._open

    def scopes(self, event: Tap) -> tuple[str, ...] | None:
        """What confirming in the window of a tap withdraws; None if the window asks for no such confirmation."""
        if event.window:
            own = self._open.get((event.src, event.window))
            return own.scopes if own and own.holds(event) else None
        return next((asked.scopes for asked in reversed(self._open.values()) if asked.holds(event)), None)


def _key(event: Window | UiSnapshot) -> Key:
    return (event.src, event.window) if isinstance(event, Window) else SCREEN
