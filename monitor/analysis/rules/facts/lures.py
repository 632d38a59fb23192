"""Whether a screen promises a reward for a permission."""

from collections.abc import Collection, Iterator
from typing import Final

from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.fact import Shown, fact
from monitor.analysis.rules.spoken import SENTENCE_END
from monitor.events import DATA_TYPES, Window

#: Characters of a dialog that is read as one sentence: a title, a promise, what to do for it; and of a text from which
#: on each of its sentences stands by itself: a notice names many things.
_ONE_OFFER: Final = 200
_MANY_SENTENCES: Final = 100


def _offers(e: Shown) -> Iterator[str]:
    """What may be one offer each: every text of a page, each sentence of a long one, and a short dialog as a whole."""
    texts = (*((e.title,) if isinstance(e, Window) else ()), *e.texts, *e.buttons)
    for text in texts:
        yield from (text,) if len(text) < _MANY_SENTENCES else SENTENCE_END.split(plain(text))
    short = sum(map(len, texts)) <= _ONE_OFFER and max(map(len, texts), default=0) < _MANY_SENTENCES
    if isinstance(e, Window) and e.window_kind != "activity" and short:
        yield "\n".join(texts)


def lure(e: Shown, types: set[str], groups: Collection[str] = ()) -> str:
    """The words that promise a reward for the permission: in one breath with its data, or with permissions as such."""
    for text in _offers(e):
        words = plain(text)
        if promise := pattern("reward").search(words):
            named = types_named(words)
            about = any(pattern("asked_about", group).search(words) for group in groups)
            if named & types or about or (not named and pattern("permission").search(words)):
                return promise[0]
    return ""


@fact
def lures(e: Shown) -> bool:
    """Whether a permission or data is requested in return for a reward."""
    return bool(lure(e, set(DATA_TYPES)))
