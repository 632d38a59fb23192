"""Windows that ask for a consent: what each asks for, and which of them a tap answers."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from monitor.analysis.timeline import Moment, before, gap, moment
from monitor.analysis.words import Screen, pattern, plain
from monitor.events import Event, Tap

#: A window may be gone this long (microseconds) when its tap is reported (the click handler closes it first).
GONE_US: Final = 1_500_000
_MAX_WINDOWS: Final = 64
Key = tuple[str, int]
#: The screen as it is seen over adb, whatever windows make it up.
SCREEN: Final[Key] = ("ui", -1)


class Shown(NamedTuple):
    """A window with what it says, and until when it was there."""

    key: Key
    screen: Screen
    seen: Moment
    gone: Moment | None
    scopes: tuple[str, ...]
    doubtful: bool = False
    """Perhaps it is still there, perhaps not: answered by a tap that may have come before it, or just gone."""


class Notices:
    """The windows shown last. ``state`` tells the state of a scope, ``recipients``: name on a screen to its id."""

    def __init__(self, recipients: Mapping[str, str], state: Callable[[str], str]) -> None:
        self._recipients = [(plain(name), key) for name, key in recipients.items() if len(name) > 1]
        self._state = state
        self._windows: OrderedDict[Key, Shown] = OrderedDict()
        self.agreed: deque[Tap] = deque(maxlen=8)
        """The last taps that agree without ambiguity, wherever."""
        self.refusals: deque[Tap] = deque(maxlen=8)
        """The last taps that refuse, wherever."""

    def scopes_of(self, seen: Screen) -> tuple[str, ...]:
        """The scopes a window asks for: one thing if it says so or if the policy was agreed to already, else policy."""
        if not seen.asks and not seen.login_consent:
            return ()
        topics, types = seen.topics, seen.types
        if seen.head_topics or seen.head_types:
            topics, types = seen.head_topics, seen.head_types
        single: list[str] = [name for name in ("personalisation", "ai_training") if name in topics]
        if "share" in topics:
            named = [f"share:{key}" for name, key in self._recipients if name in seen.words]
            single += named or ["share:*"]
        if seen.separate or not single:
            single += [f"sensitive:{data_type}" for data_type in sorted(types)]
        later = seen.separate or not seen.policy or self._state("policy") == "granted"
        asked_alone = seen.head_separate or (not seen.titled and later)
        if seen.policy and not (single and asked_alone):
            return ("policy",)
        return tuple(single) if asked_alone else ()

    def show(self, key: Key, seen: Screen, event: Event, page: bool) -> tuple[str, ...]:
        """Take a window in; the scopes it asks for. ``page``: a whole screen, which asks only where a control agrees
        without ambiguity."""
        scopes = self.scopes_of(seen) if not page or seen.clear_accept or seen.login_consent else ()
        self._windows[key] = Shown(key, seen, moment(event), None, scopes)
        self._windows.move_to_end(key)
        while len(self._windows) > _MAX_WINDOWS:
            self._windows.popitem(last=False)
        return scopes

    def agreed_near(self, event: Event) -> list[Tap]:
        """Agreements that came before the event and perhaps after it; the hook knows better than the runner."""
        shown = moment(event)
        hooked = [plain(tap.label) for tap in self.agreed if tap.via == "hook"]
        taps = [tap for tap in self.agreed if tap.via != "runner" or plain(tap.label) not in hooked]
        return [tap for tap in taps if not before(tap, shown)]

    def refused_near(self, event: Event) -> bool:
        """Whether a refusal came before the event and perhaps after it."""
        return any(not before(tap, moment(event)) for tap in self.refusals)

    def hide(self, key: Key, event: Event) -> None:
        """The window went away."""
        known = self._windows.get(key)
        if known is not None:
            self._windows[key] = known._replace(gone=moment(event))

    def answered(self, shown: Shown, tap: Tap) -> None:
        """A tap on the window closes it, for certain if it came after it for certain.

        Where the window was perhaps gone already, any other may have been the one that was answered.
        """
        if shown.doubtful:
            for key in self._windows:
                self.doubt(key)
        if before(shown.seen, tap):
            self.hide(shown.key, tap)
        else:
            self.doubt(shown.key)

    def doubt(self, key: Key) -> None:
        """The window may have been answered already."""
        known = self._windows.get(key)
        if known is not None:
            self._windows[key] = known._replace(doubtful=True)

    def forget(self, key: Key) -> None:
        """The window tells nothing any more."""
        self._windows.pop(key, None)

    def visible(self, event: Tap) -> Shown | None:
        """The asking window that a tap belongs to: its own by number, else the one shown last."""
        if event.window:
            own = self._windows.get((event.src, event.window))
            if own is not None and (own.scopes or pattern("withdraw").search(own.screen.words)):
                return own
            if own is not None and event.via == "hook" and own.screen.words:
                return None
        for shown in reversed(self._windows.values()):
            least, most = gap(shown.gone, event) if shown.gone else (0, 0)
            if least > GONE_US:
                continue
            if most > GONE_US:
                shown = shown._replace(doubtful=True)
            if (shown.scopes or pattern("withdraw").search(shown.screen.words)) and not before(event, shown.seen):
                return shown
        return None
