"""What a text names: data types, topics, purposes, the scope of a switch, and to what it asks to agree explicitly."""

import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.analysis.consent.text import find, pattern, plain
from monitor.knowledge.wordlists import derived, groups_of, table

_CLAUSE = re.compile(r"[，,。；;：:！!？?\n]")
_SENTENCE = re.compile(r"[。;；!！?？\n]|\. ")
#: How somebody can be reached, in brackets: that asks for no such data.
_ADDRESS = re.compile(r"[(（][^()（）]*(?:@|\d{7})[^()（）]*[)）]")
#: A heading is no longer, in characters of plain text.
_HEADING = 30
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
    words = "\n".join(s for s in _SENTENCE.split(_ADDRESS.sub("", plain(text))) if not find(s, "later"))
    types = named_in(words, "types")
    if not find(words, "collects"):
        return types
    # Sentences that ask for a separate consent, and say themselves to what: what is filled in elsewhere in the text is
    # only mentioned.
    asking = [sentence for sentence in _SENTENCE.split(words) if find(sentence, "separate")]
    told = any(named_in(sentence, "types") or _collected(sentence) for sentence in asking)
    types |= _collected("\n".join(asking) if told else words)
    if not told and find(words, "separate") and find(words, "filled"):
        types |= frozenset(groups_of("typed")) - {"health"}  # no form holds that
    return types


def named_in(words: str, group: str) -> frozenset[str]:
    """Data types that the words of one group (``types``, ``typed``) name in a plain text."""
    words = pattern("id_photo").sub("证", words)
    return frozenset(t for t in groups_of(group) if pattern(group, t).search(words))


def _collected(words: str) -> frozenset[str]:
    """Data types that a plain text names in words that count only where it says that data is collected."""
    known = table("fields")["kinds"]
    fields = {t for t, kinds in _FIELDS.items() if any(re.search(known[kind]["words"], words) for kind in kinds)}
    return named_in(words, "typed") | named_in(words, "collected") | fields


def topics_named(words: str) -> frozenset[str]:
    """The topics that a plain text names: see ``WindowText.topics``."""
    topics = {topic for topic in _TOPICS if topic_words(topic, words)}
    if find(words, "guardian_presumed"):
        topics.discard("guardian_words")
    if "cross_border" in topics and not find(pattern("journey").sub("", words), "cross_border"):
        topics.discard("cross_border")
    return frozenset(topics | {"share"} if shares(words) else topics)


def topic_words(topic: str, words: str) -> str:
    """The words in a plain text that name one of its topics; empty if none of this topic's do."""
    if topic == "share":
        return shares(words)
    return find(words, topic, "trains") if topic == "ai_training" else find(words, topic)


def without_lists(text: str) -> str:
    """A plain text without the names of lists that it refers to (《第三方信息共享清单》): they ask for
    nothing."""
    return pattern("lists").sub("", text)


@derived
@lru_cache(2048)
def shares(words: str) -> str:
    """The words in which a plain text says that data goes to another party: not to the user, and not negated; empty if
    it does not."""
    for match in pattern("share").finditer(words):
        clause, rest = _CLAUSE.split(words[: match.end()])[-1], words[match.end() :]
        if not (find(rest, "^oneself") or find(clause, "negated") or find(clause + rest[:4], "share_to_user")):
            return match[0]
    return ""


def purposes_named(words: str) -> set[str]:
    """The scopes of the purposes of a consent platform that a plain text names."""
    known = groups_of("purposes")
    return {f"purpose:{purpose}" for purpose in known if pattern("purposes", purpose).search(words)}


def switched(name: str, declared: frozenset[str] = frozenset()) -> tuple[str, bool]:
    """The scope of a named switch, a scope's own name or what its words say, and whether they say so clearly.
    ``declared``: plain words of the switch for personalisation, as its operator calls it."""
    words = plain(name)
    if words in declared:
        return "personalisation", True
    if words in ("personalisation", "ai_training", "policy", "account") or ":" in name:
        return name, True
    if find(words, "ai_training", "trains"):
        return "ai_training", True
    if find(words, "switch", "switch_perhaps"):
        return "personalisation", bool(find(words, "switch"))
    clear = words in _STATISTICS or bool(find(words, "statistics/clear"))
    if find(words, "statistics/other") or not (clear or find(words, "statistics/perhaps")):
        return name, True
    return ANALYTICS, clear


def turns_off(name: str) -> bool:
    """Whether a switch is on where what it names is off (关闭个性化推荐)."""
    return bool(find(plain(name), "^turns_off", "^opts_out"))


# Explicit consent, as to special categories of data (GDPR 9(2)(a)). ------------------------------------------------


def explicitly(title: str, texts: Iterable[str], platform: bool) -> frozenset[str]:
    """The special categories of data to which a window asks to agree: in so many words, or in a sentence or under a
    heading that speaks of agreeing. None where the policy or terms are agreed to as well. All texts are plain.
    ``platform``: it speaks as a consent platform does, of data at large."""
    heads = [title, *texts]
    if not _special("\n".join(heads)):
        return frozenset()
    sentences = [said for text in heads for said in _SENTENCE.split(text) if not find(said, "later")]
    if find(title, "policy") or any(find(sentence, "terms_agreed") for sentence in sentences):
        return frozenset()
    explicit = any(find(sentence, "explicit") for sentence in sentences)
    headed = any(len(text) <= _HEADING and _to_agree(text) for text in heads)  # the rest says to what
    if not explicit and not headed:
        sentences = [sentence for sentence in sentences if _to_agree(sentence)]
    return _special("\n".join(sentences)) if explicit or not platform else frozenset()


def boxed(label: str) -> frozenset[str]:
    """The special categories of data that a box or switch is for by its own words: to which it agrees, or whose use it
    turns on. None where the policy or terms are agreed to with it."""
    words = plain(label)
    asks = find(words, "agreement", "asks_for") and not find(words, "policy", "terms")
    return _special(words) if asks else frozenset()


def points_to_policy(texts: Iterable[str], boxes: Iterable[str]) -> bool:
    """Whether plain texts only point to a policy, where they name one (how data is handled is described there), and
    what they agree to are terms: of a contract, as who signs up enters into, not a consent (GDPR 7(2))."""
    sentences = [sentence for text in texts for sentence in _SENTENCE.split(text)]
    about = [words for words in (*sentences, *boxes) if find(words, "policy")]
    if not about or any(find(words, "agreement", "states") for words in about):
        return False
    terms = (words for words in sentences if find(words, "agreement"))
    return all(find(words, "refers") for words in about) and all(find(words, "terms") for words in terms)


def _special(words: str) -> frozenset[str]:
    """Special categories of data that a plain text names, by their names or by what is part of them."""
    kinds = frozenset(groups_of("special"))
    return (named_in(words, "types") & kinds) | named_in(words, "special")


def _to_agree(words: str) -> bool:
    """Whether a plain text speaks of agreeing, and of no policy."""
    return bool(find(words, "agreement")) and not find(words, "policy")
