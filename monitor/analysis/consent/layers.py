"""Second layers of an app's own notice: boxes for what can be chosen, and a control that sends them off. Their words
need not say so again: the notice did, from which they were opened."""

from collections import OrderedDict
from typing import Final

from monitor.analysis.consent.named import SWITCHES, purposes_named, toggle_scope
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.timeline import Moment, before, gap
from monitor.analysis.consent.words import pattern, plain

#: A form or page that a tap opens is on the screen within this time, loaded from a server or not (microseconds).
OPENS_US: Final = 10_000_000
PLATFORM, POLICY = "platform", "policy"
_KEEP: Final = 64


class Layers:
    """Which windows are second layers, and of what: ``platform`` (a consent platform's notice, or one that speaks like
    it) or ``policy`` (any other that asks for the policy)."""

    def __init__(self) -> None:
        self._led: tuple[Moment, Screen, bool] | None = None
        """The tap that last led on from a notice, that notice, and whether it led to those who are given data."""
        self._known: OrderedDict[frozenset[str], str] = OrderedDict()
        """The boxes of a layer to what it was; bounded. From the settings they are opened without the notice."""
        self.windows: OrderedDict[int, str] = OrderedDict()
        """Number of the event that showed one to what it is; bounded."""

    def led(self, tap: Moment, notice: Screen, label: str) -> None:
        """A tap in a notice answered nothing, or nothing that is understood: it may have opened a layer."""
        self._led = tap, notice, notice.platform and bool(pattern("partners").search(plain(label)))

    def opened_by(self, shown: Moment) -> Moment | None:
        """The tap that opened what was shown then."""
        if self._led is None or before(shown, self._led[0]) or gap(self._led[0], shown)[0] > OPENS_US:
            return None
        return self._led[0]

    def of(self, seen: Screen, shown: Moment, notice: Screen | None) -> str:
        """Of what a window is the second layer, or empty. ``notice``: what asks for the policy in it, as far as that
        was not answered."""
        boxes = frozenset(words for words, _ in seen.choices)
        led = self._led if self.opened_by(shown) else None
        if not (
            any(purposes_named(words) or toggle_scope(words) in SWITCHES for words in boxes)
            or (boxes and led and led[2])
        ):
            return ""
        if notice is None and led is not None:
            notice = led[1]
        kind = self._known.get(boxes, "")
        if notice is not None and (notice.layer or not notice.choices):  # not the notice itself, with boxes of its own
            kind = PLATFORM if notice.platform else POLICY
        if kind:
            self._known[boxes] = self.windows[shown.seq] = kind
            for kept in (self._known, self.windows):
                while len(kept) > _KEEP:
                    kept.popitem(last=False)
        return kind
