"""Requests for an explicit consent, as one to special categories of data is (GDPR 9(2)(a))."""

import re
from collections.abc import Iterable

from monitor.analysis.consent.named import named_in
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.knowledge.wordlists import table

_SENTENCES = re.compile("[。;!?]|[.] ")
_HEADING = 30


def explicitly(title: str, texts: Iterable[str], platform: bool) -> frozenset[str]:
    """The special categories of data to which a window asks to agree: in so many words, or in a sentence or under a
    heading that speaks of agreeing. None where the policy or terms are agreed to as well. ``title``: plain.
    ``platform``: it speaks as a consent platform does, of data at large."""
    heads = [title, *map(plain, texts)]
    if not _special("\n".join(heads)):
        return frozenset()
    said = [sentence for text in heads for sentence in _SENTENCES.split(text) if not pattern("later").search(sentence)]
    if pattern("policy").search(title) or any(regex("terms_agreed").search(sentence) for sentence in said):
        return frozenset()
    named = any(pattern("explicit").search(sentence) for sentence in said)
    headed = any(len(text) <= _HEADING and _to_agree(text) for text in heads)  # the rest says to what
    if not named and not headed:
        said = [sentence for sentence in said if _to_agree(sentence)]
    return _special("\n".join(said)) if named or not platform else frozenset()


def refers(texts: Iterable[str], boxes: Iterable[str]) -> bool:
    """Whether plain texts only point to a policy, where they name one (how data is handled is described there), and
    what they agree to are terms: of a contract, as who signs up enters into, not a consent (GDPR 7(2))."""
    said = [sentence for text in texts for sentence in _SENTENCES.split(text)]
    about = [words for words in (*said, *boxes) if pattern("policy").search(words)]
    agreed = [words for words in said if pattern("agreement").search(words)]
    if not about or any(pattern("agreement").search(words) or pattern("states").search(words) for words in about):
        return False
    pointed = all(pattern("refers").search(words) for words in about)
    return pointed and all(pattern("terms").search(words) for words in agreed)


def boxed(label: str) -> frozenset[str]:
    """The special categories of data that a box or switch is for by its own words: to which it agrees, or whose use it
    turns on. None where the policy or terms are agreed to with it."""
    words = plain(label)
    if pattern("policy").search(words) or pattern("terms").search(words):
        return frozenset()
    asks = any(pattern(name).search(words) for name in ("agreement", "asks_for"))
    return _special(words) if asks else frozenset()


def _special(words: str) -> frozenset[str]:
    """Special categories of data that a plain text names, by their names or by what is part of them."""
    kinds = frozenset(table("consent_words")["special"])
    return (named_in(words, "types") & kinds) | named_in(words, "special")


def _to_agree(words: str) -> bool:
    """Whether a plain text speaks of agreeing, and of no policy."""
    return bool(pattern("agreement").search(words)) and not pattern("policy").search(words)
