"""What is on the screen: which windows request consent, which question a tap has opened, which layer or sheet a window
is, and in which of them a tap was made."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.consent.named import SWITCHES, purposes_named, toggle_scope
from monitor.analysis.consent.requests import Requests
from monitor.analysis.consent.text import clearly, closes, find, idle, label, plain, undoing
from monitor.analysis.consent.window import CHOICE, WindowText, keeps_on, seen, sentence
from monitor.analysis.timeline import Moment, before, gap, moment
from monitor.events import CheckBox, Event, Tap, UiSnapshot, Window
from monitor.knowledge.prompts import component_title

#: A window may be gone this long (microseconds) when its tap is reported (the click handler closes it first).
GONE_US: Final = 1_500_000
#: From a refusal to the question that insists (microseconds).
INSISTS_US: Final = 5_000_000
#: A form or page that a tap opens is on the screen within this time, loaded from a server or not (microseconds).
OPENS_US: Final = 10_000_000
#: From the touch of a switch to the question whether to turn it off (microseconds).
_OFF_US: Final = 3_000_000
PLATFORM, POLICY = "platform", "policy"
_MAX: Final = 64
_MAX_ASKED: Final = 512
_MAX_QUESTIONS: Final = 32
Key = tuple[str, int]
#: The screen as seen over adb, whatever its windows.
SCREEN: Final[Key] = ("ui", -1)
#: A sheet has no more controls; of the page behind it at least this much is still there (a part of a hundred).
_FEW, _STAYS = 4, 75
#: Controls before those that answer among which a refusal may be.
_BEFORE: Final = 6
#: A sheet's heading is no longer, in characters of plain text.
_HEADING: Final = 30
_MARKS: Final = re.compile("[。;；!！?？]")


def key_of(event: Window | UiSnapshot) -> Key:
    """What a window is known by."""
    return (event.src, event.window) if isinstance(event, Window) else SCREEN


def _keep(known: OrderedDict[Any, Any], most: int) -> None:
    while len(known) > most:
        known.popitem(last=False)


class Shown(NamedTuple):
    """A window, what it says, and how long it was shown."""

    key: Key
    screen: WindowText
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


class Layers:
    """Second layers of an app's own notice: boxes for what can be chosen, and a control that sends them off. Their
    words need not say so again: the notice did, from which they were opened. A layer is one of ``platform`` (a consent
    platform's notice, or one that speaks like it) or ``policy`` (any other that asks for the policy)."""

    def __init__(self) -> None:
        self._led: tuple[Moment, WindowText, bool] | None = None
        """The tap that last led on from a notice, that notice, and whether it led to those who are given data."""
        self._known: OrderedDict[frozenset[str], str] = OrderedDict()
        """The boxes of a layer to what it was; bounded. From the settings they are opened without the notice."""
        self.windows: OrderedDict[int, str] = OrderedDict()
        """Number of the event that showed one to what it is; bounded."""

    def led(self, tap: Moment, notice: WindowText, control: str) -> None:
        """A tap in a notice answered nothing, or nothing that is understood: it may have opened a layer."""
        self._led = tap, notice, notice.platform and bool(find(plain(control), "partners"))

    def opened_by(self, shown: Moment) -> Moment | None:
        """The tap that opened what was shown then."""
        led = self._led and self._led[0]
        return led if led and not before(shown, led) and gap(led, shown)[0] <= OPENS_US else None

    def of(self, window: WindowText, shown: Moment, notice: WindowText | None) -> str:
        """Of what a window is the second layer, or empty. ``notice``: what asks for the policy in it, as far as that
        was not answered."""
        boxes = frozenset(words for words, _ in window.choices)
        led = self._led if self.opened_by(shown) else None
        purposes = any(purposes_named(words) or toggle_scope(words) in SWITCHES for words in boxes)
        if not boxes or not (purposes or (led and led[2])):
            return ""
        notice = notice or (led[1] if led else None)
        kind = self._known.get(boxes, "")
        if notice is not None and (notice.layer or not notice.choices):  # not the notice itself, with boxes of its own
            kind = PLATFORM if notice.platform else POLICY
        if kind:
            self._known[boxes] = self.windows[shown.seq] = kind
            _keep(self._known, _MAX)
            _keep(self.windows, _MAX)
        return kind


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
        self.answers: dict[str, deque[Tap]] = {meaning: deque(maxlen=8) for meaning in ("accept", "reject")}
        """The last unambiguous taps of agreement and the last ones of refusal, in any window."""

    def under(self, event: Tap) -> Shown | None:
        """The window in which a tap was made, whatever it says: its own, otherwise the topmost. A window without text
        of its own (drawn by another toolkit) is read from the screen."""
        screen = self._windows.get(SCREEN)
        own = self._windows.get((event.src, event.window)) if event.window else None
        if own is None:
            there = [w for w in self._windows.values() if not (before(event, w.seen) or _gone(w, event)[0] > GONE_US)]
            own = next((w for w in reversed(there) if w.key != SCREEN), None) or (there[-1] if there else None)
        own = own and own.at(event)
        read = screen is not None and screen.screen.texts and own and (not own.screen.texts or not event.window)
        return screen._replace(page=own.page) if own and screen and read and own.key != SCREEN else own

    def layer(self, key: Key, window: WindowText, event: Event) -> str:
        """Of what a window that is shown is the second layer, or empty: call before ``show``."""
        own = self._windows.get(key)
        asks = own is not None and own.gone is None and "policy" in own.scopes
        return self.layers.of(window, moment(event), own.screen if own is not None and asks else None)

    def show(
        self, key: Key, window: WindowText, event: Event, page: bool, behind: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """Add a window; returns the scopes that it requests. ``page``: a whole screen, which counts as a request only
        where a control agrees unambiguously."""
        if window.refers and self._state("policy") not in ("unknown", "shown"):
            window = window.known()  # who was asked for it once is told here where to read it
        again = self._state("policy") == "denied" and window.insists and window.refuses_clearly
        scopes = self.requests.scopes_of(window) if not page or window.page_asks or again else ()
        if self._insists(window, event):
            scopes = ("policy",)
        if not scopes and len(self.strange) < _MAX and self.requests.perhaps(window, page):
            self.strange[event.seq] = moment(event)
        if scopes:
            self.asked[event.seq] = scopes
            _keep(self.asked, _MAX_ASKED)
        if key not in self._windows:
            self._stale(event)
        self._windows[key] = Shown(key, window, moment(event), None, scopes, page, behind=behind)
        self._windows.move_to_end(key)
        _keep(self._windows, _MAX)
        return scopes

    def _insists(self, window: WindowText, event: Event) -> bool:
        """Whether a choice between agreeing and refusing, both in clear words, that comes up at a refusal of the policy
        and names no data and no other matter asks for the policy once more, whatever it says."""
        at, again = moment(event), self._state("policy") == "denied" and window.insists_again
        return again and any(before(tap, at) and gap(tap, at)[0] <= INSISTS_US for tap in self.answers["reject"])

    def agreed_near(self, event: Event) -> list[Tap]:
        """Agreements that may have come before or after the event."""
        return [tap for tap in self.answers["accept"] if not before(tap, moment(event))]

    def refused_near(self, event: Event) -> bool:
        """Whether a refusal came before the event and perhaps after it."""
        return any(not before(tap, moment(event)) for tap in self.answers["reject"])

    def known(self, window: int) -> None:
        """The window was the policy notice, whatever it says."""
        self.stated.add(window)
        self.strange.pop(window, None)

    def hide(self, key: Key, event: Event) -> None:
        """The window was closed."""
        if (known := self._windows.get(key)) is not None:
            self._windows[key] = known._replace(gone=moment(event))
        self._stale(event)

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
            self.doubt(key)
        if before(shown.seen, tap):
            self.hide(shown.key, tap)
        else:
            self.doubt(shown.key)

    def doubt(self, key: Key) -> None:
        """The window may have been answered already."""
        if (known := self._windows.get(key)) is not None:
            self._windows[key] = known._replace(doubtful=True)

    def forget(self, key: Key) -> None:
        """The window no longer counts."""
        self._windows.pop(key, None)

    def visible(self, event: Tap) -> Shown | None:
        """The requesting window to which a tap belongs: its own by number, otherwise the one shown last."""
        own = self._windows.get((event.src, event.window)) if event.window else None
        if own is not None and own.at(event) is not own:
            return None
        if own is not None and _asks(own):
            return own
        if own is not None and event.via == "hook" and own.screen.words:
            return None
        for shown in reversed(self._windows.values()):
            least, most = _gone(shown, event)
            if least <= GONE_US and _asks(shown) and not before(event, shown.seen):
                shown = shown._replace(doubtful=True) if most > GONE_US else shown
                return shown if shown.at(event) is shown else None
        return None


def _asks(shown: Shown) -> bool:
    return bool(shown.scopes) or shown.screen.withdraws


def _gone(shown: Shown, event: Tap) -> tuple[int, int]:
    """For how long the window was gone at a tap, at least and at most (microseconds)."""
    return gap(shown.gone, event) if shown.gone else (0, 0)


class _Question(NamedTuple):
    scopes: tuple[str, ...]
    t: int
    gone: int | None = None
    stood: str | None = None
    """Of the question whether to turn a switch off: the state of its scope before. None = what it would take back."""
    controls: frozenset[str] = frozenset()

    def holds(self, event: Tap) -> bool:
        return self.t <= event.t + event.err and (self.gone is None or event.t <= self.gone + GONE_US)


class Questions:
    """The windows shown last that ask for confirmation before consent is withdrawn, an account is cancelled or a switch
    is turned off. A tap that only opened one has not withdrawn anything yet, and who keeps a switch has turned nothing
    off."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, bool] = OrderedDict()
        self._open: OrderedDict[Key, _Question] = OrderedDict()
        self._off: _Question | None = None
        """For the switch that was turned off last."""

    def opens(self, event: Window | UiSnapshot, page: bool = True) -> bool:
        """Whether a window begins to ask for confirmation: a new one, or one that now shows something else, as an app
        of a single activity does. ``page``: of a picture, that it is of a whole page."""
        key, asks = key_of(event), False
        if isinstance(event, Window):
            page = event.window_kind == "activity"
        if not (isinstance(event, Window) and (event.action == "hidden" or event.window_kind == "toast")):
            asks = seen(event).asks_again(page)
        opens = asks and not self._known.get(key, False)
        self._known[key] = asks
        _keep(self._known, _MAX_QUESTIONS)
        if not asks:
            self._close(key, event.t)
        return opens

    def _close(self, key: Key, t: int) -> None:
        if key in self._open and self._open[key].gone is None:
            self._open[key] = self._open[key]._replace(gone=t)

    def ask(self, event: Window | UiSnapshot, scopes: tuple[str, ...]) -> None:
        """Remember what a window would withdraw."""
        self._put(key_of(event), _Question(scopes, event.t))

    def _put(self, key: Key, question: _Question) -> None:
        self._open[key] = question
        self._open.move_to_end(key)
        _keep(self._open, _MAX_QUESTIONS)

    def asks(self, event: Window) -> bool:
        """Whether it is known what a window would withdraw."""
        return key_of(event) in self._open

    def scopes(self, event: Tap) -> tuple[str, ...] | None:
        """What confirming in the window of a tap withdraws; None if the window asks for no such confirmation."""
        return next((question.scopes for question in self._asked(event) if question.stood is None), None)

    def _asked(self, event: Tap) -> list[_Question]:
        """The questions that a tap may answer, the latest first."""
        own = [key for key in reversed(self._open) if not event.window or key == (event.src, event.window)]
        return [self._open[key] for key in own if self._open[key].holds(event)]

    def off(self, t: int, scope: str, stood: str) -> None:
        """A switch is turned off at a time, whose scope stood so: call before that is written."""
        if self._off is None or self._off.scopes != (scope,) or t - self._off.t > _OFF_US:  # else the same, as told
            self._off = _Question((scope,), t, None, stood)

    def whether_off(self, event: Window | UiSnapshot, window: WindowText) -> bool:
        """Whether a window that is shown, or a picture of the screen, asks whether to turn that switch off."""
        key, off = key_of(event), self._off
        open_ = [q for q in self._open.values() if q.stood is not None and q.gone is None]
        if isinstance(event, UiSnapshot):
            return any(question.controls <= window.controls for question in open_)
        again = self._open.get(key) if event.action == "changed" else None
        dialog = event.action == "shown" and event.window_kind not in ("activity", "toast")
        new = off if off and dialog and 0 <= event.t - off.t <= _OFF_US else again
        if new is not None and new.stood is not None and window.asks_off:
            self._put(key, new._replace(t=event.t, gone=None, controls=window.controls))
            return True
        for other in [k for k, q in self._open.items() if q in open_ and event.action == "shown"]:
            self._close(other, event.t)  # something else came up over it
        return False

    def kept(self, tap: Tap) -> tuple[str, str] | None:
        """The scope of the switch that a tap leaves on, and the state that this restores; both empty if it leaves it
        off, None if it answers no such question."""
        words = plain(tap.label)
        question = next((q for q in self._asked(tap) if q.stood is not None and words in q.controls), None)
        if question is None:
            return None
        self._off = None
        self._open = OrderedDict((key, q) for key, q in self._open.items() if q != question)
        return (question.scopes[0], question.stood or "") if keeps_on(words) else ("", "")


class _Content(NamedTuple):
    texts: Sequence[str]
    buttons: Sequence[str]
    boxes: Sequence[CheckBox]
    links: Sequence[str]


class Sheets:
    """The pages shown last, for what comes up in them and stays before them: a sheet or a card, drawn into the same
    window, that asks something of its own. What the page says besides is no part of it."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, _Content] = OrderedDict()
        self._up: set[Key] = set()
        self.seen: OrderedDict[int, Window | UiSnapshot] = OrderedDict()
        """What came up, by the number of the event that showed it; bounded."""

    def alone[Shows: (Window, UiSnapshot)](self, event: Shows, agreed: bool) -> Shows:
        """The event as that of a dialog, if something that offers a choice has come up in a page; otherwise as it is.
        ``agreed``: to the policy, so that what names it is no notice any more."""
        key, links, fresh = key_of(event), [], False
        if isinstance(event, Window):
            links, fresh = event.links, event.action == "shown"
            if event.action == "hidden":
                self._forget(key)
            if event.action == "hidden" or event.window_kind != "activity" or not component_title(event.title):
                return event
        page, now = self._pages.get(key), _Content(event.texts, event.buttons, event.boxes, links)
        new = _added(page, now) if page is not None and not fresh else None
        if new is None:
            self._pages[key], new = _over(now, agreed)
            self._pages.move_to_end(key)
            self._up.discard(key)
            while len(self._pages) > _MAX:
                self._forget(next(iter(self._pages)))
        if new is None:
            return event
        self._up.add(key)
        sheet = msgspec.structs.replace(event, texts=list(new.texts), buttons=list(new.buttons), boxes=list(new.boxes))
        if isinstance(sheet, Window):
            sheet = msgspec.structs.replace(sheet, title="", window_kind="dialog", links=list(new.links))
        self.seen[event.seq] = sheet
        _keep(self.seen, _MAX)
        return sheet

    def _forget(self, key: Key) -> None:
        self._pages.pop(key, None)
        self._up.discard(key)

    def behind(self, key: Key) -> frozenset[str]:
        """The plain words of the controls of the page behind what has come up in a window; none if nothing has."""
        return frozenset(map(plain, self._pages[key].buttons)) - {""} if key in self._up else frozenset()


def _added(page: _Content, now: _Content) -> _Content | None:
    """What has come up, None = the page itself is another one, or nothing asks for an answer."""
    before_it, after = Counter((*page.texts, *page.buttons)), Counter((*now.texts, *now.buttons))
    if not before_it or (before_it & after).total() * 100 < before_it.total() * _STAYS:
        return None
    known = {box.label for box in page.boxes}
    new = _Content(
        _without(now.texts, page.texts), _without(now.buttons, page.buttons),
        [box for box in now.boxes if box.label not in known], _without(now.links, page.links),
    )  # fmt: skip
    return new if new.texts and CHOICE <= len(new.buttons) <= _FEW and _answers(new.buttons) else None


def _over(now: _Content, agreed: bool) -> tuple[_Content, _Content | None]:
    """A page, and what was drawn over it before it was shown: the last controls answer a question, any before them are
    the page's, and so are the texts before its last paragraphs and their heading. None = nothing, or what asks for the
    policy."""
    number = next((n for n in range(CHOICE, _FEW) if _both(now.buttons[-n:])), 0)
    prose = [sentence(plain(text)) for text in now.texts]
    if not number or True not in prose:
        return now, None
    number = _with_refusals(now.buttons, number)
    end = len(prose) - prose[::-1].index(True)
    start = next((n + 1 for n in reversed(range(end)) if not prose[n]), 0)
    titles = (n for n in reversed(range(start, end - 1)) if len(now.texts[n]) <= _HEADING)
    start = next((n for n in titles if not _MARKS.search(now.texts[n])), start - 1)
    words = plain("\n".join(now.texts[max(start, 0) : end]))
    if start <= 0 or (not agreed and find(words, "policy")):
        return now, None
    page = now._replace(texts=now.texts[:start], buttons=now.buttons[:-number])
    return page, _Content(now.texts[start:end], now.buttons[-number:], [], [])


def _with_refusals(buttons: Sequence[str], number: int) -> int:
    """So many of the last controls as answer, with the clear refusals before them, also before what leads elsewhere
    (Reject all / More options / Privacy policy / Accept all)."""
    for count, control in enumerate(buttons[-number - 1 :: -1][:_BEFORE], number + 1):
        if label(control) == ("reject", True):
            number = count
        elif not idle(control):
            break
    return number


def _both(buttons: Sequence[str]) -> bool:
    """Whether one of the controls clearly agrees and another one leaves it."""
    return len(buttons) >= CHOICE and _answers(buttons) and clearly("accept", buttons)


def _answers(buttons: Sequence[str]) -> bool:
    """Whether controls are the answers to a question: one clearly agrees, or some, not all, leave it."""
    left = sum(closes(b) or label(b).meaning == "reject" or undoing(b) == "no" for b in buttons)
    return 0 < left < len(buttons) or clearly("accept", buttons)


def _without(texts: Iterable[str], others: Iterable[str]) -> list[str]:
    left, out = Counter(others), []
    for text in texts:
        if left[text]:
            left[text] -= 1
        else:
            out.append(text)
    return out
