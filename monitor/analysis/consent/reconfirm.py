"""Windows that ask for confirmation before consent is withdrawn or an account is cancelled."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.analysis.consent.labels import idle, label, undoing
from monitor.analysis.consent.notices import GONE_US, SCREEN, Key
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.events import Tap, UiSnapshot, Window
from monitor.knowledge.prompts import component_title

_HEAD = 60
_CHOICE = 2
_MAX: Final = 32


class _Question(NamedTuple):
    scopes: tuple[str, ...]
    t: int
    gone: int | None = None

    def holds(self, event: Tap) -> bool:
        return self.t <= event.t + event.err and (self.gone is None or event.t <= self.gone + GONE_US)


class Confirmations:
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


def asks_again(title: str, texts: Iterable[str], buttons: Iterable[str], page: bool = False) -> bool:
    """Whether a window asks for confirmation before it withdraws an agreement or cancels an account: it says so in its
    title, its first texts or on a control, offers a choice, and does not report it as done. A whole ``page`` must say
    so at its head: a list of settings has such controls and requests nothing."""
    names = [plain(b) for b in buttons]
    heads = [] if component_title(title) else [plain(title)]
    heads += [text for text in map(plain, list(texts)[:2]) if len(text) <= _HEAD]
    said = heads if page else heads + names
    known = (*(pattern(name) for name in ("undo", "withdraw", "cancel_account")), regex("stops_use"))
    said_so = any(one.search(text) for text in said for one in known)
    if not said_so or not (len(names) > 1 or any(pattern("files").search(name) for name in names)):
        return False
    goes_on = any(undoing(b) in ("yes", "verb") or (label(b).meaning != "reject" and not idle(b)) for b in buttons)
    return goes_on and not any(pattern("undone").search(text) for text in heads)


def asks_whether(seen: Screen, page: bool = False) -> bool:
    """Whether what a control that takes something back has opened asks no more than whether to: it offers to go on, to
    leave it, and nothing else. A whole ``page`` must say so on the control that goes on."""
    if seen.policy or pattern("undone").search(seen.words) or len(seen.controls) != _CHOICE:
        return False
    declined = {c for c in seen.controls if label(c).meaning == "reject" and not undoing(c)}
    kept = declined | {c for c in seen.controls if pattern("shuts").fullmatch(c) or undoing(c) == "no"}
    on = seen.controls - kept
    dialog = not page or any(undoing(c) == "no" for c in kept)  # a page that offers to keep it asks, too
    return len(kept) == 1 and all(undoing(c) in ("yes", "verb") or (label(c).meaning and dialog) for c in on)
