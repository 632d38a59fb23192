"""What a control does, by the words on it."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from monitor.analysis.consent.drawn import drawn
from monitor.analysis.consent.words import one_pattern, pattern, plain, regex
from monitor.knowledge.wordlists import derived, table

_TITLE = re.compile(r"《[^》]*》|<[^>]*>|https?://\S*")
#: What is said of one thing: 无需登录 of 无需登录，同意并继续 says nothing of the agreement.
_CLAUSE = re.compile(r"[,;|·]| [-–—] ")
#: A countdown, punctuation and symbols.
_SECONDARY = re.compile(r"\d+ ?(?:s\b|秒)?|[\W_]")


@derived
@cache
def _negated() -> re.Pattern[str]:
    words = table("consent_words")
    zh = "|".join(re.escape(w) for w in words["negation_of"] if not w.isascii())
    en = "|".join(re.escape(w) for w in words["negation_of"] if w.isascii())
    no = "|".join(map(re.escape, words["negation"]))
    return re.compile(
        rf"(?:{no})(?:再|能|想|会|要)?(?:{zh})|\b(?:not|don't|dont|never|cannot|can't)\b[a-z ]*\b(?:{en})"
    )


class Meaning(NamedTuple):
    """What a control does: ``accept, reject, withdraw, cancel_account`` or empty; ``clear`` or not."""

    meaning: str
    clear: bool


@derived
@lru_cache(4096)
def label(text: str) -> Meaning:
    """The meaning of a control's label. A negated agreement is a refusal."""
    words = plain(text)
    if not words or pattern("neutral").search(words) or _whole("leads", words) or sends(text) or drawn(text):
        return Meaning("", False)
    if regex("leads_on").match(words) and not starts(text):
        return Meaning("", False)
    if regex("kept").search(words):
        return Meaning("reject", False)
    if regex("stops_use").search(words) and not regex("promised").search(words):
        return Meaning("withdraw", True)
    for meant in ("withdraw", "cancel_account"):
        if pattern(meant).search(words):
            return Meaning(meant, meant == "withdraw" or bool(pattern("at_once").search(words)))
    if regex("agrees_to_more").search(words) and not regex("less").search(words):
        return Meaning("accept", True)
    if (then := regex("then_leaves").fullmatch(words)) and label(then[1]) == ("accept", True):
        return Meaning("accept", True)
    if _negated().search(words) or regex("no_french").search(words) or pattern("reject", "clear").search(words):
        return Meaning("reject", True)
    if any(pattern("put_off").search(clause) for clause in _CLAUSE.split(words)):
        return Meaning("reject", False)
    if pattern("accept", "clear").search(words):
        return Meaning("reject" if regex("not_abroad").search(words) else "accept", True)
    if pattern("layer").search(words) and not starts(text):
        return Meaning("", False)
    on = pattern("leaves_on").search(words)
    if on and on.end() == len(words.rstrip(" .!")) and not re.search(r"\bnot\b|n't\b", words):
        return Meaning("accept", False)
    for meant in ("reject", "accept"):
        if pattern(meant, "ambiguous").search(words):
            return Meaning(meant, False)
    return Meaning("accept" if starts(text) else "", False)


def clearly(meaning: str, controls: Iterable[str]) -> bool:
    """Whether one of the controls means that without ambiguity."""
    return any(label(control) == (meaning, True) for control in controls)


def contrary(controls: Iterable[str]) -> frozenset[str]:
    """Of the controls of a window, in plain words, those that say nothing clear and are another one's words with a
    negation: 不答应 beside 答应, "Don't count me in" beside "Count me in". They refuse what that one agrees to."""
    words = [plain(control) for control in controls]
    begun = [regex("says_yes_first").sub("", text) for text in words]
    found = set()
    for control, text in zip(controls, words, strict=True):
        known = label(control).clear or idle(control)
        negation = None if known else regex("contrary").match(text)
        rest = _CLAUSE.split(text[negation.end() :])[0].strip(" .!") if negation else ""
        same = re.compile(re.escape(rest) + ("$" if len(rest) == 1 else r"(?![a-z0-9'])"))
        if rest and any(map(same.match, begun)):
            found.add(text)
    return frozenset(found)


def starts(text: str) -> bool:
    """Whether a control starts a function of the device by its name: "Open camera"."""
    return bool(pattern("functions").fullmatch(plain(text)))


@derived
@lru_cache(1024)
def goes_to_agree(text: str, refused: bool) -> bool:
    """Whether a control only goes to where one agrees, if a notice comes up then (去同意). One that may as well agree
    itself (阅读并同意) goes there only after a refusal (``refused``): on the notice, it agrees."""
    words = plain(text)
    if not pattern("goes_to_agree").search(words) or regex("has_read").search(words):
        return False
    return refused or bool(regex("goes_elsewhere").match(words)) or label(text) != ("accept", True)


@derived
@lru_cache(1024)
def undoing(text: str) -> str:
    """What a control answers where a window asks whether to take something back: ``yes``, ``verb`` (yes, in the verb of
    the question: 继续撤销, "Yes, take it back"), ``no`` or empty. What its words mean elsewhere does not count."""
    words = plain(text)
    if regex("kept").search(words) or pattern("keeps").search(words) or pattern("leaves_on").search(words):
        return "no"
    if pattern("undo").search(words):
        return "verb"
    begun = pattern("affirms").match(words)
    return "yes" if begun or any(pattern(name).search(words) for name in ("undoes", "at_once")) else ""


@derived
@cache
def _closing() -> re.Pattern[str]:
    """Longer words first: 稍后 would leave 再说 of 稍后再说."""
    return one_pattern(sorted(table("consent_words")["closes"], key=len, reverse=True))


@derived
@lru_cache(4096)
def closes(text: str) -> bool:
    """Whether a whole label only refuses or closes something. What says more (返回商家) may request something."""
    return label(text).meaning == "reject" and not _SECONDARY.sub("", _closing().sub("", plain(text)))


def _whole(kind: str, words: str) -> bool:
    """Whether a label is one of the ``kind`` and nothing more, punctuation and arrows aside."""
    return bool(pattern(kind).fullmatch(words.strip(" .。…>›»→!！:：")))


@derived
@lru_cache(4096)
def sends(text: str) -> bool:
    """Whether a control sends off what the boxes of its window say."""
    words = plain(text)
    return _whole("sends", words) or bool(pattern("saves").search(words))


@derived
@lru_cache(4096)
def names_documents(text: str) -> bool:
    """Whether a control only names documents, which it shows: 服务协议与规则, "Terms and conditions"."""
    return bool(regex("documents").fullmatch(plain(text)))


@derived
@lru_cache(4096)
def idle(text: str) -> bool:
    """Whether a control decides nothing by its words: it signs out, goes back, shows a text or selects a language."""
    words = plain(text)
    if _whole("leads", words) or pattern("neutral").search(words) or pattern("idle").search(words) or drawn(text):
        return True
    if _TITLE.fullmatch(words):
        return True
    leads = regex("leads_on").match(words) or pattern("layer").search(words)
    return not label(text).meaning and not sends(text) and bool(leads)
