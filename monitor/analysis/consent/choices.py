"""What boxes and switches say of purposes: those of a notice once they are sent off, those of the settings at once."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from monitor.analysis.consent.dialogue import POLICY, Key, Notices, Shown
from monitor.analysis.consent.named import ANALYTICS, SWITCHES, boxed, purposes_named, toggle_scope
from monitor.analysis.consent.timelines import Timelines
from monitor.analysis.consent.words import find, plain
from monitor.analysis.timeline import AGAINST, Mark, Moment
from monitor.events import Event, Tap

_KEEP: Final = 256
_Marks = list[tuple[str, Mark]]


class Choices:
    """Writes the marks of purposes, and of sharing with whom the words of a box or switch name."""

    def __init__(self, lines: Timelines, notices: Notices, switches: frozenset[str]) -> None:
        self._lines, self._notices, self._switches = lines, notices, switches
        self._turned: OrderedDict[tuple[Key, str], bool] = OrderedDict()
        """Boxes and switches that were tapped, by window and words; bounded."""
        self._shares: dict[str, set[str]] = {}
        """Purpose to what was asked for with it: who is given data for it, by the words of its box, or which data."""

    def turn(self, key: Key, event: Tap) -> None:
        """A box or switch of a window was tapped."""
        self._turned[key, plain(event.label)] = event.checked == "on"
        while len(self._turned) > _KEEP:
            self._turned.popitem(last=False)

    def together(self, scopes: Iterable[str]) -> None:
        """One answer was given to all of these: what was asked for with a purpose goes with it."""
        others = {scope for scope in scopes if scope.startswith(("share:", "sensitive:"))}
        for purpose in scopes:
            if purpose.startswith("purpose:"):
                self._shares.setdefault(purpose, set()).update(others)

    def _boxes(self, shown: Shown) -> list[tuple[str, bool]]:
        """Those that can be left out, and where they stand."""
        return [(words, self._turned.get((shown.key, words), at_first)) for words, at_first in shown.screen.choices]

    def sent(self, shown: Shown | None) -> str:
        """What the boxes of a window say when they are sent off: ``unknown`` if none is known, or if the choices of a
        policy's notice, which can be left out, all were."""
        boxes = self._boxes(shown) if shown is not None else []
        if any(on for _, on in boxes):
            return "accept"
        return "unknown" if shown is None or not boxes or shown.screen.layer == POLICY else "reject"

    def sent_off(self, event: Tap, shown: Shown | None, events: tuple[int, ...], made: bool) -> _Marks:
        """What each box that was sent off says about its purpose, where its words name one: of several for the same,
        one that is on counts. ``made``: here and below, the tap is a user's."""
        if shown is None:
            return []
        chosen: dict[str, bool] = {}
        touched: set[str] = set()
        for words, on in self._boxes(shown):
            purposes, named = purposes_named(words), set(self._notices.requests.named(words))
            for scope in purposes | named | ({toggle_scope(words, self._switches)} & SWITCHES):
                chosen[scope] = on or chosen.get(scope, False)
                if on and (shown.key, words) in self._turned:
                    touched.add(scope)
            for purpose in purposes:
                self._shares.setdefault(purpose, set()).update(named)
        clear = made and not shown.doubtful
        again = {scope for scope, on in chosen.items() if on and scope not in touched}
        again = {
            scope for scope in again if self._stood(scope) in AGAINST
        }  # ticked beforehand, which ends that unclearly
        marks = self._choose({s: on for s, on in chosen.items() if s not in again}, event, events, clear)
        return marks + self._choose(dict.fromkeys(again, True), event, events, False)

    def _stood(self, scope: str) -> str:
        """Where a scope stands: one of which nothing is known, as the consent platform's notice that was answered."""
        large = self._notices.requests.by_platform or self._lines.platforms
        return self._lines.state(scope if scope in self._lines.scopes or not large else "policy")

    def changed(
        self, event: Tap, at: Event | Moment, shown: Shown | None, events: tuple[int, ...], made: bool
    ) -> _Marks:
        """A switch, as in the settings, of a purpose that a notice let one choose: that choice is another one now."""
        if not event.checked or (shown is not None and (shown.scopes or shown.screen.sends)):
            return []
        words = plain(event.label)
        asked = purposes_named(words) & self._lines.scopes.keys()
        shares = set(self._notices.requests.named(words)).union(*(self._shares.get(purpose, ()) for purpose in asked))
        chosen = dict.fromkeys((asked - {ANALYTICS}) | shares, event.checked == "on")
        return self._choose(chosen, at, events, made)

    def decided(self, under: Shown) -> bool:
        """Whether all that a window asks for are its boxes, each of which agrees to something of its own, and one was
        ticked: a button that goes on adds nothing to that."""
        seen, boxes = under.screen, [words for words, _ in under.screen.choices]
        own = all(find(words, "agreement") and not find(words, "policy") for words in boxes)
        ticked = any(self._turned.get((under.key, words)) for words in boxes)
        return own and ticked and not (seen.clear_accept or seen.rejects or seen.agreement)

    def apart(self, event: Tap, at: Event | Moment, events: tuple[int, ...], made: bool) -> _Marks:
        """A box or switch for a special category of data alone: it decides by itself, wherever it stands."""
        scopes = [f"sensitive:{data_type}" for data_type in boxed(event.label)] if event.checked else []
        return self._choose(dict.fromkeys(scopes, event.checked == "on"), at, events, made)

    def all(self, on: bool, at: Event | Moment, events: tuple[int, ...]) -> _Marks:
        """A consent platform's notice was accepted or refused at large: so were the purposes chosen before."""
        every = [scope for scope in self._lines.scopes if scope.startswith("purpose:") or scope == "personalisation"]
        every += set().union(*self._shares.values())
        return self._choose(dict.fromkeys(every, on), at, events)

    def _choose(
        self, chosen: Mapping[str, bool], at: Event | Moment, events: tuple[int, ...], clear: bool = True
    ) -> _Marks:
        """``chosen``: scope to whether it is on."""
        marks = []
        for scope, on in sorted(chosen.items()):
            off = "withdrawn" if self._stood(scope) in ("granted", "withdrawn") else "denied"
            marks.append((scope, self._lines.add(scope, at, "granted" if on else off, clear, events)))
        return marks
