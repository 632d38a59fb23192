"""Whether the texts of a screen say what a permission or data is for: a reason, nearly the declared words, a reward."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.text import find, pattern, plain
from monitor.analysis.consent.window import seen, sentence
from monitor.analysis.rules.facts import Shown
from monitor.events import Window
from monitor.knowledge.wordlists import groups_of

SENTENCE_END: Final = re.compile(r"[。;\n!?]|\.(?= |$)")
#: A page that asks for something has no more controls: to do it, to leave it, and one besides.
_FEW: Final = 3
#: With a bar of tabs below, and no more texts than this, it is still no page of all sorts.
_TABS, _TEXTS = 6, 3
#: What stands between the names and times of an entry (Spinning · Orla · 18:30).
_ENTRY: Final = re.compile(r"[·•|\n]|\s[-\u2013\u2014]\s|\d+(?:[:.]\d+)*")
#: So many words, or characters of Chinese, are more than a name.
_PHRASE: Final = re.compile(r"(?:[^\W\d_\u2e80-\uffff]+\W+){2}[^\W\d_\u2e80-\uffff]|[\u2e80-\uffff]{5}")
_ENOUGH: Final = 0.6
_WORD: Final = re.compile(r"[^\W\d_\u2e80-\uffff]{4,}|[\u2e80-\uffff]+")
_COMMON: Final = frozenset("your when with from that this them they will have need what which would into some".split())
_LEAST: Final = 2
#: Characters of a dialog that is read as one sentence: a title, a promise, what to do for it.
_ONE_OFFER: Final = 200
#: Characters of a text from which on each of its sentences stands by itself: a notice names many things.
_MANY: Final = 100


def spoken_texts(screen: Shown) -> list[str]:
    """The title and the texts of a screen in plain words, without those of its controls."""
    wording = seen(screen)
    return [text for text in (wording.title, *map(plain, screen.texts)) if text not in wording.controls]


def sentences(screen: Shown) -> list[str]:
    """The texts of a screen that are neither controls nor mere names."""
    return [text for text in spoken_texts(screen) if sentence(text)]


def concrete(text: str) -> str:
    """A plain text without what it says in general only (to improve your experience, 为了给您提供更好的服务)."""
    if not find(text, "vague"):
        return text
    return "\n".join(part for part in pattern("parts").split(text) if not find(part, "vague"))


def says_why(screen: Shown, groups: Iterable[str]) -> bool:
    """Whether a sentence is about what one of the groups of permissions does, and says what for."""
    if not seen(screen).words:  # nothing but the system's own question
        return False
    pieces = (concrete(piece) for text in sentences(screen) for piece in SENTENCE_END.split(text))
    pieces = (piece for piece in pieces if not find(piece, "asked_later", "reward"))
    why = [piece for piece in pieces if find(piece, "benefit", "necessity")]
    return any(find(piece, f"subjects/{group}") for piece in why for group in groups)


def asks_alone(screen: Shown) -> bool:
    """Whether a screen is there for one thing: a dialog, or a page with few controls."""
    dialog = isinstance(screen, Window) and screen.window_kind not in ("activity", "toast")
    return dialog or 0 < len(seen(screen).controls) <= _FEW


def asks_perhaps(screen: Shown) -> bool:
    """Whether a screen may be there for one thing, in words that are not known: see ``asks_alone``; or a page with a
    few more controls that says little, and nothing that is known to be about other permissions. Names and times alone
    say nothing of it."""
    wording = seen(screen)
    texts = (text for text in map(plain, screen.texts) if text not in wording.controls)
    if not any(_PHRASE.search(part) for text in texts for part in _ENTRY.split(text)):
        return False
    few = 0 < len(wording.controls) <= _TABS and wording.texts <= _TEXTS
    return asks_alone(screen) or (few and not says_why(screen, groups_of("subjects")))


def nearly(declared: Iterable[str], screen: Shown) -> bool:
    """Whether a text has most of the words of a declared purpose (of Chinese, most pairs of characters)."""
    wanted = [_words(text) for text in declared]
    texts = [_words(text) for text in sentences(screen)] if wanted else ()
    return any(len(words & text) >= max(_LEAST, _ENOUGH * len(words)) for text in texts for words in wanted)


def _words(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in _WORD.findall(text):
        found.update([word] if word[0] < "\u2e80" else (word[i : i + 2] for i in range(len(word) - 1)))
    return frozenset(found - _COMMON)


def width(text: str) -> int:
    """The room that a text takes: a Chinese character that of two Latin ones."""
    return sum(1 + (character > "\u2e80") for character in text)


def lure(screen: Shown, types: Collection[str], groups: Collection[str] = ()) -> str:
    """The words that promise a reward for a permission: in one breath with its data, its group, or permissions as such;
    empty if none do."""
    for words in map(plain, _offers(screen)):
        if promise := find(words, "reward"):
            named = types_named(words)
            about = find(words, *(f"asked_about/{group}" for group in groups))
            if not named.isdisjoint(types) or about or (not named and find(words, "permission")):
                return promise
    return ""


def _offers(screen: Shown) -> Iterator[str]:
    """What may be one offer each: every text of a screen, each sentence of a long one, a short dialog as a whole."""
    texts = (*((screen.title,) if isinstance(screen, Window) else ()), *screen.texts, *screen.buttons)
    for text in texts:
        yield from (text,) if len(text) < _MANY else SENTENCE_END.split(plain(text))
    dialog = isinstance(screen, Window) and screen.window_kind != "activity"
    if dialog and sum(map(len, texts)) <= _ONE_OFFER and max(map(len, texts), default=0) < _MANY:
        yield "\n".join(texts)
