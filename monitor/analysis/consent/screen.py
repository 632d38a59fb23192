"""What is on the screen: which windows request consent, which question or layer or sheet a window is, and in which of
them a tap was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.consent.named import SWITCHES, purposes_named, switched
from monitor.analysis.consent.requests import Requests
from monitor.analysis.consent.text import CHOICE, clearly, closes, find, label, names_document, plain, undoing
from monitor.analysis.consent.timelines import Bounded
from monitor.analysis.consent.window import WindowText, sentence
from monitor.analysis.timeline import Moment, before, gap, moment
from monitor.events import Event, Tap, UiSnapshot, Window
from monitor.knowledge.prompts import component_title

#: A window may be gone this long (microseconds) when its tap is reported (the click handler closes it first).
GONE_US: Final = 1_500_000
#: From a refusal to the question that insists (microseconds).
INSISTS_US: Final = 5_000_000
#: A form or page that a tap opens is on the screen within this time, loaded from a server or not (microseconds).
OPENS_US: Final = 10_000_000
PLATFORM, POLICY = "platform", "policy"
_MAX, _MAX_ASKED = 64, 512
Key = tuple[str, int]
#: The screen as seen over adb, whatever its windows.
SCREEN: Final[Key] = ("ui", -1)
#: A sheet has no more controls; of the page behind it at least this much is still there (a part of a hundred).
_FEW, _STAYS = 4, 75
#: A sheet's heading is no longer, in characters of plain text.
_HEADING: Final = 30


def key_of(event: Window | UiSnapshot) -> Key:
    """What a window is known by."""
    return (event.src, event.window) if isinstance(event, Window) else SCREEN


class Question(NamedTuple):
    """What a window would take back, or turn off. ``stood``: how the scope of a switch stood before; None = it is no
    question about a switch."""

    scopes: tuple[str, ...]
    stood: str | None = None


class Shown(NamedTuple):
    """A window, what it says, and how long it was shown."""

    key: Key
    screen: WindowText
    seen: Moment
    gone: Moment | None
    scopes: tuple[str, ...]
    page: bool = False
    """A whole screen, not a dialog over one."""
    question: Question | None = None
    """What confirming in it takes back."""
    doubtful: bool = False
    """It may or may not still be shown: answered by a tap that may have preceded it, or just closed."""

    @property
    def asks(self) -> bool:
        """Whether it requests a consent, or to take one back."""
        return bool(self.scopes) or self.screen.withdraws

    def gone_for(self, event: Tap) -> tuple[int, int]:
        """For how long it was gone at a tap, at least and at most (microseconds)."""
        return gap(self.gone, event) if self.gone else (0, 0)


class Layers:
    """Second layers of an app's own notice: boxes for what can be chosen, and a control that sends them off. Their
    words need not say so again: the notice did, from which they were opened. A layer is one of ``platform`` (a consent
    platform's notice, or one that speaks like it) or ``policy`` (any other that asks for the policy)."""

    def __init__(self) -> None:
        self._led: tuple[Moment, WindowText, bool] | None = None
        """The tap that last led on from a notice, that notice, and whether it led to those who are given data."""
        self._known: Bounded[frozenset[str], str] = Bounded(_MAX)
        """The boxes of a layer to what it was. From the settings they are opened without the notice."""
        self.windows: Bounded[int, str] = Bounded(_MAX)
        """Number of the event that showed one to what it is."""

    def led(self, tap: Moment, notice: WindowText, control: str) -> None:
        """A tap in a notice answered nothing, or nothing that is understood: it may have opened a layer."""
        self._led = tap, notice, notice.platform and bool(find(plain(control), "partners"))

    def opened_by(self, shown: Moment) -> Moment | None:
        """The tap that opened what was shown then."""
        led = self._led and self._led[0]
        return led if led and not before(shown, led) and gap(led, shown)[0] <= OPENS_US else None

    def of(self, window: WindowText, shown: Moment) -> str:
        """Of what a window is the second layer, or empty."""
        boxes = frozenset(words for words, _ in window.choices)
        _, notice, leads_to_choices = (self._led if self.opened_by(shown) else None) or (None, None, False)
        purposes = any(purposes_named(words) or switched(words)[0] in SWITCHES for words in boxes)
        if not boxes or not (purposes or leads_to_choices):
            return ""
        kind = self._known.get(boxes, "")
        if notice is not None and (notice.layer or not notice.choices):  # not the notice itself, with boxes of its own
            kind = PLATFORM if notice.platform else POLICY
        if kind:
            self._known[boxes] = self.windows[shown.seq] = kind
        return kind


class Notices:
    """The windows shown last. ``state`` gives the state of a scope, ``recipients`` maps a name on a screen to its
    ID."""

    def __init__(self, recipients: Mapping[str, str], state: Callable[[str], str]) -> None:
        self.requests = Requests(recipients, state)
        self._windows: Bounded[Key, Shown] = Bounded(_MAX)
        self.layers = Layers()
        self.strange: dict[int, Moment] = {}
        """Windows that may request consent in unknown words, by event number; bounded."""
        self.asked: Bounded[int, tuple[str, ...]] = Bounded(_MAX_ASKED)
        """What windows ask consent for, by event number."""
        self.stated: set[int] = set()
        """Windows that the operator's statement identifies as the policy notice."""

    def get(self, key: Key) -> Shown | None:
        """The window of that key, if it is still on the screen."""
        known = self._windows.get(key)
        return known if known is not None and known.gone is None else None

    def showing(self, controls: Iterable[str]) -> Shown | None:
        """The window of the app that has most of these controls, by their words, of several the last one; None if none
        has any."""
        words = set(map(plain, controls)) - {""}
        there = [w for w in reversed(self._windows.values()) if w.gone is None and w.key != SCREEN]
        shared = [len(words & {*window.screen.controls, *window.screen.checks}) for window in there]
        return there[shared.index(max(shared))] if any(shared) else None

    def under(self, event: Tap) -> Shown | None:
        """The window in which a tap was made, whatever it says: its own, otherwise the topmost. A window without text
        of its own (drawn by another toolkit) is read from the screen."""
        screen = self._windows.get(SCREEN)
        own = self._windows.get((event.src, event.window)) if event.window else None
        if own is None:
            every = self._windows.values()
            there = [w for w in every if not (before(event, w.seen) or w.gone_for(event)[0] > GONE_US)]
            own = next((w for w in reversed(there) if w.key != SCREEN), None) or (there[-1] if there else None)
        read = screen is not None and screen.screen.texts and own and (not own.screen.texts or not event.window)
        return screen._replace(page=own.page) if own and screen and read and own.key != SCREEN else own

    def show(
        self, key: Key, window: WindowText, event: Event, page: bool, question: Question | None, refused: bool
    ) -> tuple[str, ...]:
        """Add a window; returns the scopes that it requests. ``page``: a whole screen, which counts as a request only
        where a control agrees unambiguously. ``refused``: something was just before: a choice between agreeing and
        refusing, both in clear words, that names no data and no other matter then asks for the policy once more."""
        if window.refers and self.requests.state("policy") not in ("unknown", "shown"):
            window = window.known()  # who was asked for it once is told here where to read it
        denied = self.requests.state("policy") == "denied"
        again = denied and window.insists
        scopes = self.requests.asked("scopes", window, page) if not page or window.page_asks or again else ()
        if denied and refused and window.insists_again:
            scopes = ("policy",)
        if question is not None and question.stood is not None:
            scopes = ()
        elif not scopes and len(self.strange) < _MAX and self.requests.asked("perhaps", window, page):
            self.strange[event.seq] = moment(event)
        if scopes:
            self.asked[event.seq] = scopes
        if key not in self._windows:
            self._stale(event)
        self._windows.pop(key, None)
        self._windows[key] = Shown(key, window, moment(event), None, scopes, page, question)
        return scopes

    def hide(self, key: Key, event: Event) -> None:
        """The window was closed."""
        self.change(key, gone=moment(event))
        self._stale(event)

    def change(self, key: Key, **changes: object) -> None:
        """A window that is shown has these fields of ``Shown`` from now on."""
        if (known := self._windows.get(key)) is not None:
            self._windows[key] = known._replace(**changes)  # type: ignore[arg-type]

    def _stale(self, event: Event) -> None:
        """A window appeared or closed: an earlier snapshot of the screen is out of date."""
        picture = self._windows.get(SCREEN)
        if picture is not None and isinstance(event, Window) and before(picture.seen, event):
            self.forget(SCREEN)

    def answered(self, shown: Shown | None, tap: Tap, agreed: bool) -> None:
        """A button of a window was tapped that answers it: that closes it, with certainty if the tap certainly came
        later. Where the window may already have been closed, any other may have been the one answered. ``agreed``: to
        the policy."""
        if shown is not None and agreed:
            self.requests.agreed(shown.screen)
        if shown is None or shown.key == SCREEN or tap.checked:
            return
        for key in self._windows if shown.doubtful else ():
            self.change(key, doubtful=True)
        if before(shown.seen, tap):
            self.hide(shown.key, tap)
        else:
            self.change(shown.key, doubtful=True)

    def forget(self, key: Key) -> None:
        """The window no longer counts."""
        self._windows.pop(key, None)

    def visible(self, event: Tap) -> Shown | None:
        """The requesting window to which a tap belongs: its own by number, otherwise the one shown last."""
        own = self._windows.get((event.src, event.window)) if event.window else None
        if own is not None and own.asks:
            return own
        if own is not None and event.via == "hook" and own.screen.words:
            return None
        for shown in reversed(self._windows.values()):
            least, most = shown.gone_for(event)
            if least <= GONE_US and shown.asks and not before(event, shown.seen):
                return shown._replace(doubtful=shown.doubtful or most > GONE_US)
        return None


#: What a sheet shows, by the names of the fields of the event.
_Content = dict[str, list[Any]]


class Sheets:
    """The pages shown last, for what comes up in them and stays before them: a sheet or a card, drawn into the same
    window, that asks something of its own. What the page says besides is no part of it."""

    def __init__(self) -> None:
        self._pages: Bounded[Key, Window | UiSnapshot] = Bounded(_MAX)
        self.seen: Bounded[int, Window | UiSnapshot] = Bounded(_MAX)
        """What came up, by the number of the event that showed it."""

    def alone[Shows: (Window, UiSnapshot)](self, event: Shows) -> Shows:
        """The event as that of a dialog, if something that offers a choice has come up in a page; else as it is."""
        key, fresh = key_of(event), False
        if isinstance(event, Window):
            fresh = event.action == "shown"
            if event.action == "hidden":
                self._pages.pop(key, None)
            if event.action == "hidden" or event.window_kind != "activity" or not component_title(event.title):
                return event
        page = self._pages.get(key)
        new = _added(page, event) if page is not None and not fresh else None
        if new is None:
            self._pages.pop(key, None)
            self._pages[key], new = _over(event)
        if new is None:
            return event
        drawn: dict[str, Any] = {"title": "", "window_kind": "dialog"} if isinstance(event, Window) else {}
        self.seen[event.seq] = sheet = msgspec.structs.replace(event, **drawn, **new)
        return sheet


def _added(page: Window | UiSnapshot, now: Window | UiSnapshot) -> _Content | None:
    """What has come up, None = the page itself is another one, or nothing asks for an answer."""
    before_it, after = Counter((*page.texts, *page.buttons)), Counter((*now.texts, *now.buttons))
    if not before_it or (before_it & after).total() * 100 < before_it.total() * _STAYS:
        return None
    known = {box.label for box in page.boxes}
    texts, buttons = _without(now.texts, page.texts), _without(now.buttons, page.buttons)
    if not (texts and CHOICE <= len(buttons) <= _FEW and _answers(buttons)):
        return None
    new: _Content = {"texts": texts, "buttons": buttons, "boxes": [box for box in now.boxes if box.label not in known]}
    if isinstance(now, Window) and isinstance(page, Window):
        new["links"] = _without(now.links, page.links)
    return new


def _without(texts: Iterable[str], others: Iterable[str]) -> list[str]:
    return [*(Counter(texts) - Counter(others)).elements()]


def _over[Shows: (Window, UiSnapshot)](now: Shows) -> tuple[Shows, _Content | None]:
    """A page, and what was drawn over it before it was shown: the last controls answer a question, any before them are
    the page's, and so are the texts before its last paragraphs and their heading. None = nothing."""
    numbers = range(CHOICE, _FEW) if len(now.buttons) >= CHOICE else ()
    number = next((n for n in numbers if clearly("accept", now.buttons[-n:])), 0)
    prose = [sentence(plain(text)) for text in now.texts]
    first = answers = len(now.buttons) - number
    while first and names_document(now.buttons[first - 1]):
        first -= 1
    if not number or True not in prose or first == 0 < answers:  # with its links it is all there is
        return now, None
    end = len(prose) - prose[::-1].index(True)
    start = next((n + 1 for n in reversed(range(end)) if not prose[n]), 0)
    start = next((n for n in reversed(range(start, end - 1)) if len(now.texts[n]) <= _HEADING), start - 1)
    if start <= 0:
        return now, None
    page = msgspec.structs.replace(now, texts=now.texts[:start], buttons=now.buttons[:first])
    new: _Content = {"texts": now.texts[start:end], "buttons": now.buttons[first:], "boxes": []}
    return page, {**new, "links": []} if isinstance(now, Window) else new


def _answers(buttons: Sequence[str]) -> bool:
    """Whether controls are the answers to a question: one clearly agrees, or some, not all, leave it."""
    left = sum(closes(b) or label(b).meaning == "reject" or undoing(b) == "no" for b in buttons)
    return 0 < left < len(buttons) or clearly("accept", buttons)
