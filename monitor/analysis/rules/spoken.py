"""Whether the texts of a screen say what a permission or data is for: a reason, nearly the declared words, a reward."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.window import WindowText, sentence
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.rules.fact import Shown
from monitor.events import Window
from monitor.knowledge.prompts import component_title
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
#: Characters of a dialog that is read as one sentence: a title, a promise, what to do for it; and of a text from which
#: on each of its sentences stands by itself: a notice names many things.
_ONE_OFFER: Final = 200
_MANY_SENTENCES: Final = 100


def title_of(screen: Shown) -> str:
    """The title of a window, as far as it is words: no name of a component."""
    return "" if not isinstance(screen, Window) or component_title(screen.title) else screen.title


def sentences(screen: Shown, wording: WindowText) -> Iterator[str]:
    """The texts of a screen that are neither controls nor mere names."""
    title = screen.title if isinstance(screen, Window) else ""
    texts = map(plain, (title, *screen.texts))
    return (text for text in texts if text not in wording.controls and sentence(text))


def concrete(text: str) -> str:
    """A plain text without what it says in general only (to improve your experience, 为了给您提供更好的服务)."""
    if not pattern("vague").search(text):
        return text
    return "\n".join(part for part in regex("parts").split(text) if not pattern("vague").search(part))


def gives_reason(screen: Shown, wording: WindowText) -> bool:
    """Whether a screen says what something is for, and not in general only."""
    if not wording.reasons or not wording.vague:
        return wording.reasons
    title = screen.title if isinstance(screen, Window) else ""
    return any(pattern("necessity").search(concrete(plain(text))) for text in (title, *screen.texts))


def says_why(screen: Shown, wording: WindowText, groups: Iterable[str]) -> bool:
    """Whether a sentence is about what one of the groups of permissions does, and says what for."""
    if not wording.words:  # nothing but the system's own question
        return False
    for whole in (part for text in sentences(screen, wording) for part in SENTENCE_END.split(text)):
        piece = concrete(whole)
        if any(pattern(kind).search(piece) for kind in ("asked_later", "reward")):
            continue
        why = pattern("benefit").search(piece) or pattern("necessity").search(piece)
        if why and any(pattern("subjects", group).search(piece) for group in groups):
            return True
    return False


def asks_alone(screen: Shown, wording: WindowText) -> bool:
    """Whether a screen is there for one thing: a dialog, or a page with few controls."""
    dialog = isinstance(screen, Window) and screen.window_kind not in ("activity", "toast")
    return dialog or 0 < len(wording.controls) <= _FEW


def asks_perhaps(screen: Shown, wording: WindowText) -> bool:
    """Whether a screen may be there for one thing, in words that are not known: see ``asks_alone``; or a page with a
    few more controls that says little, and nothing that is known to be about other permissions. Names and times alone
    say nothing of it."""
    texts = (text for text in map(plain, screen.texts) if text not in wording.controls)
    if not any(_PHRASE.search(part) for text in texts for part in _ENTRY.split(text)):
        return False
    few = 0 < len(wording.controls) <= _TABS and wording.texts <= _TEXTS
    return asks_alone(screen, wording) or (few and not says_why(screen, wording, groups_of("subjects")))


def nearly(declared: Iterable[str], screen: Shown, wording: WindowText) -> bool:
    """Whether a text has most of the words of a declared purpose (of Chinese, most pairs of characters)."""
    wanted = [_words(text) for text in declared]
    texts = [_words(text) for text in sentences(screen, wording)] if wanted else ()
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
        if promise := pattern("reward").search(words):
            named = types_named(words)
            about = any(pattern("asked_about", group).search(words) for group in groups)
            if not named.isdisjoint(types) or about or (not named and pattern("permission").search(words)):
                return promise[0]
    return ""


def _offers(screen: Shown) -> Iterator[str]:
    """What may be one offer each: every text of a page, each sentence of a long one, and a short dialog as a whole."""
    texts = (*((screen.title,) if isinstance(screen, Window) else ()), *screen.texts, *screen.buttons)
    for text in texts:
        yield from (text,) if len(text) < _MANY_SENTENCES else SENTENCE_END.split(plain(text))
    short = sum(map(len, texts)) <= _ONE_OFFER and max(map(len, texts), default=0) < _MANY_SENTENCES
    if isinstance(screen, Window) and screen.window_kind != "activity" and short:
        yield "\n".join(texts)
