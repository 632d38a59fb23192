"""What a text names: data types, topics, the scope of a switch."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.analysis.consent.words import pattern, plain
from monitor.wordlists import derived, table

_ID_PHOTO = re.compile("证件?(?:的)?(?:照片|照)")
_CLAUSE = re.compile(r"[，,。；;：:!！?？\n]")
_SENTENCE = re.compile(r"[。;；!！?？\n]|\. ")
#: How somebody can be reached, in brackets: that asks for no such data.
_ADDRESS = re.compile(r"[(（][^()（）]*(?:@|\d{7})[^()（）]*[)）]")
_NOT = re.compile(r"不|未经|没有|无需|\b(?:not|never|no|without|don't|cannot|won't)\b")
#: Who is given something, after the words that say so: the user or the app itself.
_ONESELF = re.compile(r" (?:you|yourself|us|our app)\b")
#: Not what any form holds.
_HEALTH = frozenset({"health"})
#: Scope of a switch for statistics about how the app is used, and what a scenario calls one.
ANALYTICS = "purpose:analytics"
#: Scopes that have a switch of their own.
SWITCHES = frozenset({"personalisation", "ai_training", ANALYTICS})
_STATISTICS = frozenset({"analytics", "statistics", "统计"})
_TOPICS = ("personalisation", "ai_training", "marketing", "cross_border", "guardian_words")


@derived
@lru_cache(1024)
def types_named(text: str) -> frozenset[str]:
    """Data types that a text names."""
    words = "\n".join(s for s in _SENTENCE.split(_ADDRESS.sub("", plain(text))) if not pattern("later").search(s))
    named = named_in(words, "types")
    if not pattern("collects").search(words):
        return named
    asking = _asking(words)
    named |= named_in(asking or words, "typed")
    if not asking and pattern("separate").search(words) and pattern("filled").search(words):
        named |= frozenset(table("consent_words")["typed"]) - _HEALTH
    return named


def _asking(words: str) -> str:
    """The sentences that ask for a separate consent, if they say themselves to what: what is filled in elsewhere in the
    text is only mentioned."""
    asking = [sentence for sentence in _SENTENCE.split(words) if pattern("separate").search(sentence)]
    named = any(named_in(sentence, group) for sentence in asking for group in ("types", "typed"))
    return "\n".join(asking) if named else ""


def named_in(words: str, group: str) -> frozenset[str]:
    """Data types that the words of one group (``types``, ``typed``) name in a plain text."""
    words = _ID_PHOTO.sub("证", words)
    return frozenset(t for t in table("consent_words")[group] if pattern(group, t).search(words))


def topics_named(words: str) -> set[str]:
    """The topics that a plain text names: see ``Screen.topics``."""
    found = {topic for topic in _TOPICS if pattern(topic).search(words)}
    if pattern("guardian_presumed").search(words):
        found.discard("guardian_words")
    return found | {"share"} if shares(words) else found


@derived
@lru_cache(2048)
def shares(words: str) -> bool:
    """Whether a plain text says that data goes to another party: not to the user, and not negated."""
    for match in pattern("share").finditer(words):
        clause = _CLAUSE.split(words[: match.end()])[-1]
        if _ONESELF.match(words[match.end() :]):
            continue
        if not _NOT.search(clause) and not pattern("share_to_user").search(
            clause + words[match.end() : match.end() + 4]
        ):
            return True
    return False


def purposes_named(words: str) -> set[str]:
    """The scopes of the purposes of a consent platform that a plain text names."""
    known = table("consent_words")["purposes"]
    return {f"purpose:{purpose}" for purpose in known if pattern("purposes", purpose).search(words)}


def toggle_scope(name: str, declared: frozenset[str] = frozenset()) -> str:
    """The scope of a named switch: a scope's own name, or what its words say. ``declared``: plain words of the switch
    for personalisation, as its operator calls it."""
    return switched(name, declared)[0]


def switched(name: str, declared: frozenset[str] = frozenset()) -> tuple[str, bool]:
    """As ``toggle_scope``, and whether the words say so clearly."""
    words = plain(name)
    if words in declared:
        return "personalisation", True
    if words in ("personalisation", "ai_training", "policy", "account") or ":" in name:
        return name, True
    if pattern("ai_training").search(words):
        return "ai_training", True
    if pattern("switch").search(words):
        return "personalisation", True
    if pattern("statistics", "other").search(words):
        return name, True
    clear = words in _STATISTICS or bool(pattern("statistics", "clear").search(words))
    if clear or pattern("statistics", "perhaps").search(words):
        return ANALYTICS, clear
    return name, True
