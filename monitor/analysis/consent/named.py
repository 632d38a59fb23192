"""What a text names: data types, topics, the scope of a switch."""

import re
from functools import lru_cache

from monitor.analysis.consent.words import pattern, plain, regex
from monitor.knowledge.wordlists import derived, table

_CLAUSE = re.compile(r"[，,。；;：:!！?？\n]")
_SENTENCE = re.compile(r"[。;；!！?？\n]|\. ")
#: How somebody can be reached, in brackets: that asks for no such data.
_ADDRESS = re.compile(r"[(（][^()（）]*(?:@|\d{7})[^()（）]*[)）]")
#: Not what any form holds.
_HEALTH = frozenset({"health"})
#: Scope of a switch for statistics about how the app is used, and what a scenario calls one.
ANALYTICS = "purpose:analytics"
#: Scopes that have a switch of their own.
SWITCHES = frozenset({"personalisation", "ai_training", ANALYTICS})
_STATISTICS = frozenset({"analytics", "statistics", "统计"})
_TOPICS = ("personalisation", "ai_training", "marketing", "cross_border", "guardian_words")
#: Kinds of fields that people fill in: what such a field is called names its data in a text, too.
_FIELDS = {"form": ("identity", "bank_card"), "health": ("health",)}


@derived
@lru_cache(1024)
def types_named(text: str) -> frozenset[str]:
    """Data types that a text names."""
    words = "\n".join(s for s in _SENTENCE.split(_ADDRESS.sub("", plain(text))) if not pattern("later").search(s))
    named = named_in(words, "types")
    if not pattern("collects").search(words):
        return named
    asking = _asking(words)
    named |= _collected(asking or words)
    if not asking and pattern("separate").search(words) and pattern("filled").search(words):
        named |= frozenset(table("consent_words")["typed"]) - _HEALTH
    return named


def _asking(words: str) -> str:
    """The sentences that ask for a separate consent, if they say themselves to what: what is filled in elsewhere in the
    text is only mentioned."""
    asking = [sentence for sentence in _SENTENCE.split(words) if pattern("separate").search(sentence)]
    named = any(named_in(sentence, "types") or _collected(sentence) for sentence in asking)
    return "\n".join(asking) if named else ""


def named_in(words: str, group: str) -> frozenset[str]:
    """Data types that the words of one group (``types``, ``typed``) name in a plain text."""
    words = regex("id_photo").sub("证", words)
    return frozenset(t for t in table("consent_words")[group] if pattern(group, t).search(words))


def _collected(words: str) -> frozenset[str]:
    """Data types that a plain text names in words that count only where it says that data is collected."""
    known = table("fields")["kinds"]
    fields = {t for t, kinds in _FIELDS.items() if any(re.search(known[kind]["words"], words) for kind in kinds)}
    return named_in(words, "typed") | named_in(words, "collected") | fields


def topics_named(words: str) -> set[str]:
    """The topics that a plain text names: see ``Screen.topics``."""
    found = {topic for topic in _TOPICS if pattern(topic).search(words)}
    if regex("trains").search(words):
        found.add("ai_training")
    if pattern("guardian_presumed").search(words):
        found.discard("guardian_words")
    if "cross_border" in found and not pattern("cross_border").search(regex("journey").sub("", words)):
        found.discard("cross_border")
    return found | {"share"} if shares(words) else found


def without_lists(text: str) -> str:
    """A plain text without the names of lists that it refers to (《第三方信息共享清单》): they ask for
    nothing."""
    return regex("lists").sub("", text)


def without_works(text: str) -> str:
    """A plain text without the lines that only list works by their titles (books, songs, films): none of them is a
    document to agree to."""
    return regex("works").sub("", text)


def topic_words(topic: str, words: str) -> str:
    """The words in a plain text that name one of its topics; empty if none of this topic's do."""
    found = pattern(topic).search(words) or (regex("trains").search(words) if topic == "ai_training" else None)
    return shares(words) if topic == "share" else found[0] if found else ""


@derived
@lru_cache(2048)
def shares(words: str) -> str:
    """The words in which a plain text says that data goes to another party: not to the user, and not negated; empty if
    it does not."""
    for match in pattern("share").finditer(words):
        clause = _CLAUSE.split(words[: match.end()])[-1]
        if regex("oneself").match(words[match.end() :]):
            continue
        if not regex("negated").search(clause) and not pattern("share_to_user").search(
            clause + words[match.end() : match.end() + 4]
        ):
            return match[0]
    return ""


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
    if pattern("ai_training").search(words) or regex("trains").search(words):
        return "ai_training", True
    if pattern("switch").search(words):
        return "personalisation", True
    if pattern("switch_perhaps").search(words):
        return "personalisation", False
    if pattern("statistics", "other").search(words):
        return name, True
    clear = words in _STATISTICS or bool(pattern("statistics", "clear").search(words))
    if clear or pattern("statistics", "perhaps").search(words):
        return ANALYTICS, clear
    return name, True
