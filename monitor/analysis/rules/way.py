"""By how many taps, on which screens, the user came to where a consent is given or withdrawn."""

from collections.abc import Iterable
from typing import Final

from monitor.analysis.timeline import Timeline
from monitor.events import Lifecycle, Tap, Window

_SCREENS: Final = 32
_CONTROLS: Final = 3


class Way:
    """Fed with taps and screens of one app in order of time."""

    def __init__(self) -> None:
        self.extra: dict[int, int] = {}
        """Tap that withdrew a consent, to how many taps more it took than giving it."""
        self._way: dict[tuple[int, tuple[str, ...] | int, bool], int] = {}
        """The taps on the path to the current screen, in order: the activity on which each was made, how that looked
        (of what the hooks did not see, the tap's number), and whether it was made in a dialog over it; and when."""
        self._screens: list[tuple[str, int]] = [("", 0)]
        """The activity stack, as the hooks saw it created: class and event number."""
        self._created = False
        """The last event of a screen was that it was created: that it has come up follows."""
        self._grant_taps = 0
        self._decided = (0, 0)
        """Number and time of the last tap that decided."""

    def begin(self) -> None:
        """The app was started, or has come to the front."""
        self._way.clear()

    def tap(self, event: Tap, windows: Iterable[Window]) -> None:
        """A tap that is no switch. ``windows``: what was seen of its window, the latest first."""
        shown = next((window for window in windows if window.action != "hidden"), None)
        over = shown is not None and shown.window_kind != "activity"
        known: tuple[str, ...] = ()
        if shown is not None and shown.buttons:  # by its controls, of few also the text
            known = (shown.title, *shown.buttons, *(shown.texts if len(shown.buttons) < _CONTROLS else ()))
        place = self._screens[-1][1], known or event.seq, over
        while not over and self._way and (last := next(reversed(self._way)))[2] and last[0] == place[0]:
            self._way.popitem()  # a dialog that was answered over the same screen led nowhere
        while place in self._way:  # Back where the path had been: the taps in between led nowhere.
            self._way.popitem()
        self._way[place] = event.t

    def decided(self, event: Tap, line: Timeline) -> None:
        """The tap has led to the last mark of the consent to the policy: giving it begins where it was asked for, and
        taking it back goes on where a question asked whether to."""
        if event.seq == self._decided[0]:
            return
        state = line.marks[-1].state
        if state == "granted":
            asked = max((mark.t for mark in line.marks if mark.state == "shown"), default=0)
            self._grant_taps = sum(t > max(asked, self._decided[1]) for t in self._way.values())
        elif state == "withdrawn":
            self.extra[event.seq] = len(self._way) - max(self._grant_taps, 1)
        self._decided = event.seq, event.t
        if state != "withdrawn":
            self._way.clear()

    def screen(self, event: Lifecycle) -> None:
        """A new screen; or an earlier one has returned: the taps made from there on do not count."""
        if event.what == "activity_created":
            self._screens = [*self._screens[-_SCREENS:], (event.component, event.seq)]
        elif not self._created and any(name == event.component for name, _ in self._screens):
            while self._screens[-1][0] != event.component:
                self._screens.pop()
            left = {number for _, number in self._screens[:-1]}
            self._way = {place: t for place, t in self._way.items() if place[0] in left}
        self._created = event.what == "activity_created"
