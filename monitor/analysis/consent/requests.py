"""What a window requests: the scopes of consent, by its words and by what was agreed to before."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from monitor.analysis.consent.labels import clearly, closes, label, starts
from monitor.analysis.consent.named import purposes_named, without_works
from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.screens import PROSE, sentence
from monitor.analysis.consent.timeline import AGAINST
from monitor.analysis.consent.words import one_pattern, pattern, plain, regex
from monitor.knowledge.wordlists import table

#: What a window with unknown words may have requested: ``own`` = any consent apart from the policy.
_ANY: Final = frozenset({"policy", "own"})
_CHOICE: Final = 2
_CLAUSE: Final = re.compile(r"[,，.。;；!！?？\n]+")
_SENTENCE: Final = re.compile(r"[.。;；!?！？\n]+")
#: What those who are named in a notice of their own do with the data: beside it, the notice is about nothing else.
_GIVING: Final = frozenset({"share", "personalisation", "cross_border"})
_FEW: Final = 4


class Requests:
    """``state`` gives the state of a scope, ``recipients`` maps a name on a screen to its ID."""

    def __init__(self, recipients: Mapping[str, str], state: Callable[[str], str]) -> None:
        self._recipients = [(one_pattern([name]), key) for name, key in recipients.items() if len(name) > 1]
        self._state = state
        self.by_platform = False
        """The policy was agreed to in a consent platform's notice."""
        self._agreed_to: Screen | None = None
        """The notice in which the policy was agreed to last."""
        self._named: frozenset[str] = frozenset()
        """What the notices named in which it was agreed to: kinds of data and topics."""
        self.first = True
        """No dialog of the app has been answered since installation."""

    def agreed(self, seen: Screen) -> None:
        """The policy was agreed to in a window."""
        self.by_platform, self._agreed_to = seen.platform, seen
        self._named |= seen.types | seen.topics

    def _once_more(self, seen: Screen) -> bool:
        """Whether it is the notice in which the policy was agreed to, in the same words, or in others that name nothing
        new: what they name was not asked for then, and is not now. By its title alone it is known again where it names
        all that the other did, or nothing: what names a part may ask for that part."""
        last = self._agreed_to
        if last is None or not seen.policy or seen.head_separate or seen.head_topics or seen.head_types:
            return False
        if (seen.words, seen.controls) == (last.words, last.controls):
            return True
        now, then = seen.types | seen.topics, last.types | last.topics
        if seen.separate > last.separate or not now <= self._named:
            return False
        return (seen.headed and now in (then, frozenset())) or _alike(seen.words, last.words)

    def scopes_of(self, seen: Screen) -> tuple[str, ...]:
        """The scopes that a window requests: a single one if it says so or the policy was already agreed to, otherwise
        policy. Where a notice is about nothing but giving data to those it names, its answer is the separate one."""
        asked = self._scopes_of(seen)
        if not asked or not _only_gives(seen):
            return asked
        return tuple(dict.fromkeys((*asked, *self.named(seen.words))))

    def named(self, words: str) -> list[str]:
        """The scopes of sharing with those whom a plain text names."""
        return [*dict.fromkeys(f"share:{key}" for name, key in self._recipients if name.search(words))]

    def _given_to(self, seen: Screen) -> list[str]:
        """The scopes of sharing with those whom a window names that asks to agree and names data: in a sentence that
        says that they get data, or where one agrees in so many words, in any that does not deny it."""
        told = [sentence for sentence in _SENTENCE.split(seen.words) if pattern("receives").search(sentence)]
        data = seen.types or pattern("identifiers").search(seen.words)
        if data and any(pattern("agreement").search(words) for words in seen.controls if label(words).clear):
            told = [seen.words]
        told = [clause for words in told for clause in _CLAUSE.split(words) if not regex("denied").search(clause)]
        return self.named("\n".join(told))

    def _scopes_of(self, seen: Screen) -> tuple[str, ...]:
        if (not seen.asks and not seen.login_consent) or seen.withdraws or seen.rationale or seen.proposed:
            return ()
        if seen.purchase and not seen.titled:
            return ()
        if seen.insists and not seen.separate and self._state("policy") == "denied" and _of_refusal(seen):
            return ("policy",)
        alone = seen.explicit or (seen.head_separate and seen.head_types)  # it says what it alone is about
        if (seen.platform and self.by_platform and not alone) or seen.layer or self._once_more(seen):
            return ("policy",)  # the same notice once more, as from the settings
        single = self._single(seen)
        agreed = self._state("policy") == "granted"
        later = seen.separate or not seen.policy or agreed
        asked_alone = seen.head_separate or (later and (agreed or not seen.titled)) or self._gives_alone(seen, single)
        if seen.policy and not (single and asked_alone):
            guardian = "guardian_words" in seen.topics and not agreed
            return ("policy", "guardian") if guardian else ("policy",)
        return tuple(single) if asked_alone else ()

    def _gives_alone(self, seen: Screen, single: list[str]) -> bool:
        """Whether a window, after the policy was refused, asks to give data to somebody whom it names, and to agree to
        no document: the recipient's own that it refers to is not the policy."""
        named = any(scope.startswith("share:") and scope != "share:*" for scope in single)
        about = seen.titled or regex("terms_agreed").search(seen.words)
        return bool(named and not about and self._state("policy") in AGAINST)

    def _single(self, seen: Screen) -> list[str]:
        """What a window requests apart from the policy. Its title takes precedence over its text; where data is shared
        with others, the types that the text names are what is shared, not what is requested."""
        if "guardian_words" not in seen.topics:
            return self._besides(seen)
        # Who answers, and what: only as far as the window says so.
        besides = self._besides(seen) if seen.separate else []
        return ["guardian", *besides] if _asks_guardian(seen) else besides

    def _besides(self, seen: Screen) -> list[str]:
        kinds = self._of_data(seen)
        asked = _purposes(seen) if kinds or seen.requests else []
        if seen.topics & _GIVING:  # which are given for advertising, or used for it, is what the topic says
            asked = [scope for scope in asked if scope != "purpose:advertising"]
        return [*kinds, *asked]

    def _of_data(self, seen: Screen) -> list[str]:
        if _starts(seen) and not seen.separate:  # the explanation of a permission that the system asks for next
            return _sensitive(seen.head_types or seen.types)
        titled = _sensitive(seen.head_types)
        named = self.named(seen.words)
        if not (seen.requests or named or seen.topics - {"share"}):  # the place one is in, an invitation to friends
            return []
        if seen.topics & {"share", "cross_border"}:
            abroad = ["cross_border"] if "cross_border" in seen.topics else []
            own = _sensitive(seen.types) if pattern("sensitive").search(seen.words) else titled
            return [*abroad, *(named or ["share:*"]), *(own if seen.head_separate else _sensitive(seen.explicit))]
        return [*self._kinds(seen, titled), *self._given_to(seen)]

    @staticmethod
    def _kinds(seen: Screen, titled: list[str]) -> list[str]:
        """The purposes or the kinds of data."""
        purposes = ("personalisation", "ai_training")
        single = [name for name in purposes if name in (seen.head_topics & set(purposes) or seen.topics)]
        if titled and not seen.head_topics & set(purposes):
            filled = {"form", *table("consent_words")["typed"]} if pattern("filled").search(seen.words) else set()
            # A title sums up what the text lists of a form.
            return sorted({*titled, *_sensitive(seen.types & filled)})
        if seen.separate or not single:
            single += _sensitive(seen.types)
        return single

    def perhaps(self, seen: Screen, page: bool, unlabelled: int = 0) -> frozenset[str]:
        """What an unreadable window may request. ``unlabelled``: controls without a label.

        Only one that speaks of data or terms, has a link, asks its user for something in words of its own, or of which
        nothing could be read may request a consent: what asks nothing decides nothing. Once the policy has been agreed
        to, only where there is a choice.
        """
        buttons = len(seen.controls) + unlabelled
        if seen.everyday or seen.withdraws or seen.proposed or _for_minors(seen) or (seen.refers and not seen.policy):
            return frozenset()
        named = frozenset(f"sensitive:{data_type}" for data_type in seen.types)
        if seen.rationale and named:
            return frozenset() if _explains(seen) else named
        if _starts(seen) and not seen.policy:
            return frozenset() if page and _only_starts(seen) else named
        listed = page and not (seen.prose or seen.choices or seen.links)  # nothing but entries that lead elsewhere
        settings = page and seen.choices and not (seen.accepts or seen.rejects or seen.sends)  # and switches
        if self._state("policy") == "granted":
            told = (seen.speaks and not listed and not settings) or (seen.relates and not page)
            return _ANY if told and _CHOICE <= buttons <= _FEW else frozenset()
        if seen.policy:
            return frozenset({"policy"})
        blank = self.first and not seen.texts and (not page or 1 <= buttons <= _CHOICE)
        few = 2 * _FEW if page else _FEW + 1
        own = seen.relates and (self.first or (buttons >= _CHOICE and not page))
        told = seen.speaks and not listed
        if self._state("policy") in AGAINST:  # a refusal stands, whatever else holds information
            every = without_works("\n".join((seen.words, *seen.controls)))
            speaks = any(pattern(k).search(every) for k in ("data", "document"))
            menu = page and seen.prose < PROSE and not (seen.links or seen.choices)
            told = bool(seen.links or seen.insists or speaks) and not (listed or menu)
        return _ANY if (told or own or blank) and buttons <= few else frozenset()


def settings(seen: Screen) -> bool:
    """Whether a page has switches, and more entries than a choice has, and says nothing: none of these answers."""
    rest = seen.words
    for name in sorted((*(words for words, _ in seen.choices), *seen.controls), key=len, reverse=True):
        rest = rest.replace(name, "") if name else rest
    said = sentence(rest) or seen.links or seen.agreement or seen.insists or seen.sends
    answers = seen.accepts or any(label(words).clear for words in seen.rejects)
    return bool(seen.choices) and len(seen.controls) > _CHOICE and not (said or answers)


def _alike(words: str, others: str) -> bool:
    """Whether at least half of the longer one of two plain texts stands in both, clause by clause."""
    said, also = ({clause.strip() for clause in _CLAUSE.split(text)} for text in (words, others))
    longer = max(sum(map(len, said)), sum(map(len, also)))
    return 2 * sum(map(len, said & also)) >= longer


def _purposes(seen: Screen) -> list[str]:
    """The scopes of the purposes of which a question asks whether data may be used for them (statistics, say). Not a
    whole notice, which asks for all of them, nor what only offers something."""
    asks = any(pattern(name).search(seen.words) for name in ("agreement", "permits", "pleads"))
    if not (asks and seen.rejects) or seen.policy or seen.platform or seen.everyday or _starts(seen):
        return []
    data = seen.speaks or seen.types or pattern("identifiers").search(seen.words)
    return sorted(purposes_named(seen.words)) if data else []


def _sensitive(types: Iterable[str]) -> list[str]:
    """The scopes of consent to kinds of data."""
    return [f"sensitive:{data_type}" for data_type in sorted(types)]


def _only_gives(seen: Screen) -> bool:
    """Whether a window's answer is about nothing but what it says of the data that it names: it agrees to no terms and
    no policy, can clearly be refused, and lets one choose."""
    every = "\n".join((seen.words, *seen.controls))
    if pattern("terms").search(every) or seen.bundle - _GIVING or not seen.clear_accept:
        return False
    for said in _SENTENCE.split(every):
        if pattern("agreement").search(said) and pattern("policy").search(said):
            return False
    refused = clearly("reject", seen.rejects)
    chosen = seen.choices or any(pattern("per_choice").search(words) for words in seen.controls)
    told = seen.types or pattern("identifiers").search(seen.words)
    return bool(refused and chosen and told)


def _of_refusal(seen: Screen) -> bool:
    """Whether the question that follows a refusal is about the notice, not about one kind of data or one purpose."""
    about = seen.policy or seen.leaving or bool(pattern("refusing").search(seen.words))
    return about or not (seen.types or seen.topics)


def _starts(seen: Screen) -> bool:
    """Whether a control starts a function of the device by its name, as the explanation before a permission's prompt
    does: what is tapped there answers nothing else."""
    return any(map(starts, seen.controls))


def _only_starts(seen: Screen) -> bool:
    """Whether a page that can start a function asks for nothing: it offers no choice, and no word of it speaks of
    agreeing or of what the app needs."""
    every = "\n".join((seen.words, *seen.controls))
    asks = any(pattern(name).search(every) for name in ("agreement", "permits", "pleads", "permission"))
    refused = any(label(b).clear or closes(b) for b in seen.rejects if not pattern("shuts").fullmatch(plain(b)))
    return not (asks or refused or seen.choices or seen.links or seen.separate)


def _explains(seen: Screen) -> bool:
    """Whether a window only explains a permission: no word of it asks to agree, and its one control that may agree only
    goes on to the system's prompt. Others lead back, or to the same without the permission (手动输入)."""
    on = [words for words in map(plain, (*seen.accepts, *seen.unknown)) if not pattern("by_hand").search(words)]
    goes = len(on) == 1 and bool(pattern("goes_on").fullmatch(on[0]))
    return goes and not seen.links and not pattern("agreement").search(seen.words)


def _for_minors(seen: Screen) -> bool:
    """Whether a window offers a mode for minors, as large apps do at every start."""
    offered = any(pattern("minors_mode").search(words) for words in (seen.words, *seen.controls))
    return offered and not (seen.clear_accept or seen.policy)


def _asks_guardian(seen: Screen) -> bool:
    """Whether a window that names a guardian asks one to agree: not one that offers a mode for minors, or tells what
    guardians should do."""
    every = "\n".join((seen.words, *seen.controls))
    if _for_minors(seen):
        return False
    asked = any(pattern(name).search(every) for name in ("agreement", "permits"))
    return seen.clear_accept or asked or any(pattern("guardian_words").search(words) for words in seen.controls)
