"""Windows that request consent: what each requested, and which of them a tap answers."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from monitor.analysis.consent.labels import clearly
from monitor.analysis.consent.layers import Layers
from monitor.analysis.consent.named import topics_named
from monitor.analysis.consent.requests import Requests
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.screens import PROSE
from monitor.analysis.consent.timeline import Moment, before, gap, moment
from monitor.analysis.consent.words import plain
from monitor.events import Event, Tap, Window

#: A window may be gone this long (microseconds) when its tap is reported (the click handler closes it first).
GONE_US: Final = 1_500_000
#: From a refusal to the question that insists (microseconds).
INSISTS_US: Final = 5_000_000
_MAX_WINDOWS: Final = 64
_MAX_ASKED: Final = 512
Key = tuple[str, int]
#: The screen as seen over adb, whatever its windows.
SCREEN: Final[Key] = ("ui", -1)


class Shown(NamedTuple):
    """A window, what it says, and how long it was shown."""

    key: Key
    screen: Screen
    seen: Moment
    gone: Moment | None
    scopes: tuple[str, ...]
    page: bool = False
    """A whole screen, not a dialog over one."""
    doubtful: bool = False
    """It may or may not still be shown: answered by a tap that may have preceded it, or just closed."""
    behind: frozenset[str] = frozenset()
    """Plain words of the controls of the page that it was drawn into."""

    def at(self, tap: Tap) -> Shown:
        """Itself, without what it asks for where a control of the page behind was tapped."""
        words = plain(tap.label)
        return self._replace(scopes=(), page=True) if words in self.behind - self.screen.controls else self


class Notices:
    """The windows shown last. ``state`` gives the state of a scope, ``recipients`` maps a name on a screen to its
    ID."""

    def __init__(self, recipients: Mapping[str, str], state: Callable[[str], str]) -> None:
        self.requests = Requests(recipients, state)
        self._state = state
        self._windows: OrderedDict[Key, Shown] = OrderedDict()
        self.layers = Layers()
        self.strange: dict[int, Moment] = {}
        """Windows that may request consent in unknown words, by event number; bounded."""
        self.asked: OrderedDict[int, tuple[str, ...]] = OrderedDict()
        """What windows ask consent for, by event number; bounded."""
        self.stated: set[int] = set()
        """Windows that the operator's statement identifies as the policy notice."""
        self.agreed: deque[Tap] = deque(maxlen=8)
        """The last unambiguous taps of agreement, in any window."""
        self.refusals: deque[Tap] = deque(maxlen=8)
        """The last taps of refusal, in any window."""

    def under(self, event: Tap) -> Shown | None:
        """The window in which a tap was made, whatever it says: its own, otherwise the topmost. A window without text
        of its own (drawn by another toolkit) is read from the screen."""
        own = self._windows.get((event.src, event.window)) if event.window else None
        if own is None:
            there = [w for w in self._windows.values() if not before(event, w.seen) and not _gone(w, event)]
            own = next((w for w in reversed(there) if w.key != SCREEN), None)
            if own is None:
                return there[-1].at(event) if there else None
        own = own.at(event)
        screen = self._windows.get(SCREEN)
        if screen is not None and screen.screen.texts and (not own.screen.texts or not event.window):
            return screen._replace(page=own.page)
        return own

    def layer(self, key: Key, seen: Screen, event: Event) -> str:
        """Of what a window that is shown is the second layer, or empty: call before ``show``."""
        own = self._windows.get(key)
        asks = own is not None and own.gone is None and "policy" in own.scopes
        return self.layers.of(seen, moment(event), own.screen if own is not None and asks else None)

    def show(
        self, key: Key, seen: Screen, event: Event, page: bool, behind: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """Add a window; returns the scopes that it requests. ``page``: a whole screen, which counts as a request only
        where a control agrees unambiguously."""
        if seen.refers and self._state("policy") not in ("unknown", "shown"):
            seen = seen._replace(policy=False)  # who was asked for it once is told here where to read it
        asks = (
            not page
            or seen.clear_accept
            or seen.login_consent
            or ((seen.platform or seen.layer) and seen.sends and seen.choices)
            or ((seen.policy or seen.separate) and seen.refusable and seen.prose >= PROSE)
            or (seen.insists and self._state("policy") == "denied" and clearly("reject", seen.rejects))
            or (seen.policy and seen.lone and seen.told and len(seen.controls) == 1)
        )
        scopes = self.requests.scopes_of(seen) if asks else ()
        if self._insists(seen, event):
            scopes = ("policy",)
        if not scopes and len(self.strange) < _MAX_WINDOWS and self.requests.perhaps(seen, page):
            self.strange[event.seq] = moment(event)
        if scopes:
            self.asked[event.seq] = scopes
            while len(self.asked) > _MAX_ASKED:
                self.asked.popitem(last=False)
        if key not in self._windows:
            self._stale(event)
        self._windows[key] = Shown(key, seen, moment(event), None, scopes, page, behind=behind)
        self._windows.move_to_end(key)
        while len(self._windows) > _MAX_WINDOWS:
            self._windows.popitem(last=False)
        return scopes

    def _insists(self, seen: Screen, event: Event) -> bool:
        """Whether a choice between agreeing and refusing, both in clear words, that comes up at a refusal of the policy
        and names no data asks for the policy once more, whatever it says. Not one that names another matter in its
        heading or in its controls ("Allow personalised ads")."""
        if self._state("policy") != "denied" or seen.types or seen.separate or seen.everyday or seen.proposed:
            return False
        if seen.head_topics or any(map(topics_named, seen.controls)):
            return False
        clear = seen.clear_accept and clearly("reject", seen.rejects)
        at = moment(event)
        return clear and any(before(tap, at) and gap(tap, at)[0] <= INSISTS_US for tap in self.refusals)

    def agreed_near(self, event: Event) -> list[Tap]:
        """Agreements that may have come before or after the event."""
        return [tap for tap in self.agreed if not before(tap, moment(event))]

    def refused_near(self, event: Event) -> bool:
        """Whether a refusal came before the event and perhaps after it."""
        return any(not before(tap, moment(event)) for tap in self.refusals)

    def known(self, window: int) -> None:
        """The window was the policy notice, whatever it says."""
        self.stated.add(window)
        self.strange.pop(window, None)

    def hide(self, key: Key, event: Event) -> None:
        """The window was closed."""
        known = self._windows.get(key)
        if known is not None:
            self._windows[key] = known._replace(gone=moment(event))
        self._stale(event)

    def _stale(self, event: Event) -> None:
        """A window appeared or closed: an earlier snapshot of the screen is out of date."""
        picture = self._windows.get(SCREEN)
        if picture is not None and isinstance(event, Window) and before(picture.seen, event):
            self.forget(SCREEN)

    def answered(self, shown: Shown, tap: Tap) -> None:
        """A tap on the window closes it, with certainty if the tap certainly came later.

        Where the window may already have been closed, any other may have been the one answered.
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
        """The window no longer counts."""
        self._windows.pop(key, None)

    def visible(self, event: Tap) -> Shown | None:
        """The requesting window to which a tap belongs: its own by number, otherwise the one shown last."""
        if event.window:
            own = self._windows.get((event.src, event.window))
            if own is not None and own.at(event) is not own:
                return None
            if own is not None and (own.scopes or own.screen.withdraws):
                return own
            if own is not None and event.via == "hook" and own.screen.words:
                return None
        for shown in reversed(self._windows.values()):
            least, most = gap(shown.gone, event) if shown.gone else (0, 0)
            if least > GONE_US:
                continue
            if most > GONE_US:
                shown = shown._replace(doubtful=True)
            if (shown.scopes or shown.screen.withdraws) and not before(event, shown.seen):
                return shown if shown.at(event) is shown else None
        return None


def _gone(shown: Shown, event: Tap) -> bool:
    return shown.gone is not None and gap(shown.gone, event)[0] > GONE_US
