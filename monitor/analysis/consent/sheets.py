"""What comes up in a page that stays behind it: a sheet or a card, drawn into the same window, that asks something of
its own. What the page says besides is no part of it."""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from monitor.analysis.consent.labels import clearly, closes, idle, label, undoing
from monitor.analysis.consent.notices import SCREEN, Key
from monitor.analysis.consent.screens import sentence
from monitor.analysis.consent.words import pattern, plain
from monitor.events import CheckBox, UiSnapshot, Window
from monitor.knowledge.prompts import component_title

_KEEP: Final = 64
#: A sheet has no more controls; of the page behind it at least this much is still there (a part of a hundred).
_FEW, _STAYS = 4, 75
_CHOICE: Final = 2
#: Controls before those that answer among which a refusal may be.
_BEFORE: Final = 6
#: Its heading is no longer, in characters of plain text.
_HEADING: Final = 30
_MARKS: Final = re.compile("[。;；!！?？]")


class _Said(NamedTuple):
    texts: Sequence[str]
    buttons: Sequence[str]
    boxes: Sequence[CheckBox]
    links: Sequence[str]


class Sheets:
    """The pages shown last, for what comes up in them."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, _Said] = OrderedDict()
        self._up: set[Key] = set()
        self.seen: OrderedDict[int, Window | UiSnapshot] = OrderedDict()
        """What came up, by the number of the event that showed it; bounded."""

    def alone[Shows: (Window, UiSnapshot)](self, event: Shows, agreed: bool) -> Shows:
        """The event as that of a dialog, if something that offers a choice has come up in a page; otherwise as it is.
        ``agreed``: to the policy, so that what names it is no notice any more."""
        if isinstance(event, Window):
            key, links = (event.src, event.window), event.links
            if event.action == "hidden":
                self._forget(key)
                return event
            if event.window_kind != "activity" or not component_title(event.title):
                return event
        else:
            key, links = SCREEN, []
        page, now = self._pages.get(key), _Said(event.texts, event.buttons, event.boxes, links)
        new = _added(page, now) if page is not None and not _fresh(event) else None
        if new is None:
            own, new = _over(now, agreed)
            self._pages[key] = own
            self._pages.move_to_end(key)
            self._up.discard(key)
            while len(self._pages) > _KEEP:
                self._forget(next(iter(self._pages)))
        if new is None:
            return event
        self._up.add(key)
        texts, buttons, boxes = list(new.texts), list(new.buttons), list(new.boxes)
        sheet = msgspec.structs.replace(event, texts=texts, buttons=buttons, boxes=boxes)
        if isinstance(sheet, Window):
            sheet = msgspec.structs.replace(sheet, title="", window_kind="dialog", links=list(new.links))
        self.seen[event.seq] = sheet
        if len(self.seen) > _KEEP:
            self.seen.popitem(last=False)
        return sheet

    def _forget(self, key: Key) -> None:
        self._pages.pop(key, None)
        self._up.discard(key)

    def behind(self, key: Key) -> frozenset[str]:
        """The plain words of the controls of the page behind what has come up in a window; none if nothing has."""
        return frozenset(map(plain, self._pages[key].buttons)) - {""} if key in self._up else frozenset()


def _fresh(event: Window | UiSnapshot) -> bool:
    return isinstance(event, Window) and event.action == "shown"


def _added(page: _Said, now: _Said) -> _Said | None:
    """What has come up, None = the page itself is another one, or nothing asks for an answer."""
    before, after = Counter((*page.texts, *page.buttons)), Counter((*now.texts, *now.buttons))
    if not before or (before & after).total() * 100 < before.total() * _STAYS:
        return None
    new = _Said(
        _without(now.texts, page.texts),
        _without(now.buttons, page.buttons),
        [box for box in now.boxes if all(box.label != other.label for other in page.boxes)],
        _without(now.links, page.links),
    )
    if not new.texts or not _CHOICE <= len(new.buttons) <= _FEW:
        return None
    return new if _answers(new.buttons) else None


def _over(now: _Said, agreed: bool) -> tuple[_Said, _Said | None]:
    """A page, and what was drawn over it before it was shown: the last controls answer a question, any before them are
    the page's, and so are the texts before its last paragraphs and their heading. None = nothing, or what asks for the
    policy."""
    number = next((n for n in range(_CHOICE, _FEW) if _both(now.buttons[-n:])), 0)
    number = _with_refusals(now.buttons, number) if number else 0
    prose = [sentence(plain(text)) for text in now.texts]
    if not number or True not in prose:
        return now, None
    end = len(prose) - prose[::-1].index(True)
    start = next((n + 1 for n in reversed(range(end)) if not prose[n]), 0)
    titles = (n for n in reversed(range(start, end - 1)) if len(now.texts[n]) <= _HEADING)
    start = next((n for n in titles if not _MARKS.search(now.texts[n])), start - 1)
    words = plain("\n".join(now.texts[max(start, 0) : end]))
    if start <= 0 or (not agreed and pattern("policy").search(words)):
        return now, None
    page = now._replace(texts=now.texts[:start], buttons=now.buttons[:-number])
    return page, _Said(now.texts[start:end], now.buttons[-number:], [], [])


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
    return len(buttons) >= _CHOICE and _answers(buttons) and clearly("accept", buttons)


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
