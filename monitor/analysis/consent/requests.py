"""What a window requests: the scopes of consent, by its words and by what was agreed to before."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from monitor.analysis.consent.named import purposes_named
from monitor.analysis.consent.text import find, label, one_pattern
from monitor.analysis.consent.window import CHOICE, WindowText
from monitor.analysis.timeline import AGAINST
from monitor.knowledge.wordlists import groups_of

#: What a window with unknown words may have requested: ``own`` = any consent apart from the policy.
_ANY: Final = frozenset({"policy", "own"})
_NOTHING: Final[frozenset[str]] = frozenset()
_CLAUSE: Final = re.compile(r"[,，.。;；!！?？\n]+")
_SENTENCE: Final = re.compile(r"[.。;；!?！？\n]+")
#: What those who are named in a notice of their own do with the data: beside it, the notice is about nothing else.
_GIVING: Final = frozenset({"share", "personalisation", "cross_border"})
_PURPOSES: Final[tuple[str, ...]] = ("personalisation", "ai_training")
_FEW: Final = 4


class Requests:
    """``state`` gives the state of a scope, ``recipients`` maps a name on a screen to its ID."""

    def __init__(self, recipients: Mapping[str, str], state: Callable[[str], str]) -> None:
        self._recipients = [(one_pattern([name]), key) for name, key in recipients.items() if len(name) > 1]
        self._state = state
        self.forget()

    def forget(self) -> None:
        """The app lost its record of the user's answers."""
        self.by_platform = False
        """The policy was agreed to in a consent platform's notice."""
        self._notice: WindowText | None = None
        """The notice in which the policy was agreed to last."""
        self._named: frozenset[str] = frozenset()
        """What the notices named in which it was agreed to: kinds of data and topics."""
        self.first = True
        """No dialog of the app has been answered since installation."""

    def agreed(self, seen: WindowText) -> None:
        """The policy was agreed to in a window."""
        self.by_platform, self._notice = seen.platform, seen
        self._named |= seen.types | seen.topics

    def _once_more(self, seen: WindowText) -> bool:
        """Whether it is the notice in which the policy was agreed to, in the same words, or in others that name nothing
        new: what they name was not asked for then, and is not now. By its title alone it is known again where it names
        all that the other did, or nothing: what names a part may ask for that part."""
        last = self._notice
        if last is None or not seen.policy or seen.head_separate or seen.head_topics or seen.head_types:
            return False
        if (seen.words, seen.controls) == (last.words, last.controls):
            return True
        now, then = seen.types | seen.topics, last.types | last.topics
        if seen.separate > last.separate or not now <= self._named:
            return False
        return (seen.headed and now in (then, frozenset())) or _alike(seen.words, last.words)

    def scopes_of(self, seen: WindowText) -> tuple[str, ...]:
        """The scopes that a window requests: a single one if it says so or the policy was already agreed to, otherwise
        policy. Where a notice is about nothing but giving data to those it names, its answer is the separate one."""
        asked = () if seen.requests_nothing else self._scopes_of(seen)
        return tuple(dict.fromkeys((*asked, *self.named(seen.words)))) if asked and seen.only_gives else asked

    def _scopes_of(self, seen: WindowText) -> tuple[str, ...]:
        again = seen.insists and not seen.separate and self._state("policy") == "denied" and seen.of_refusal
        alone = seen.explicit or (seen.head_separate and seen.head_types)  # it says what it alone is about
        if again or (seen.platform and self.by_platform and not alone) or seen.layer or self._once_more(seen):
            return ("policy",)  # the same notice once more, as from the settings
        single, agreed = self._single(seen), self._state("policy") == "granted"
        later = (seen.separate or not seen.policy or agreed) and (agreed or not seen.titled)
        if single and (seen.head_separate or later or self._gives_alone(seen, single)):
            return tuple(single)
        if not seen.policy:
            return ()
        return ("policy", "guardian") if "guardian_words" in seen.topics and not agreed else ("policy",)

    def named(self, words: str) -> list[str]:
        """The scopes of sharing with those whom a plain text names."""
        return [*dict.fromkeys(f"share:{key}" for name, key in self._recipients if name.search(words))]

    def _given_to(self, seen: WindowText) -> list[str]:
        """The scopes of sharing with those whom a window names that asks to agree and names data: in a sentence that
        says that they get data, or where one agrees in so many words, in any that does not deny it."""
        texts = [sentence for sentence in _SENTENCE.split(seen.words) if find(sentence, "receives")]
        data = seen.types or find(seen.words, "identifiers")
        if data and any(find(words, "agreement") for words in seen.controls if label(words).clear):
            texts = [seen.words]
        clauses = (clause for words in texts for clause in _CLAUSE.split(words) if not find(clause, "denied"))
        return self.named("\n".join(clauses))

    def _gives_alone(self, seen: WindowText, single: list[str]) -> bool:
        """Whether a window, after the policy was refused, asks to give data to somebody whom it names, and to agree to
        no document: the recipient's own that it refers to is not the policy."""
        named = any(scope.startswith("share:") and scope != "share:*" for scope in single)
        return named and self._state("policy") in AGAINST and not (seen.titled or find(seen.words, "terms_agreed"))

    def _single(self, seen: WindowText) -> list[str]:
        """What a window requests apart from the policy. Its title takes precedence over its text; where data is shared
        with others, the types that the text names are what is shared, not what is requested."""
        if "guardian_words" not in seen.topics:
            return self._besides(seen)
        # Who answers, and what: only as far as the window says so.
        besides = self._besides(seen) if seen.separate else []
        return ["guardian", *besides] if seen.guardian_agrees else besides

    def _besides(self, seen: WindowText) -> list[str]:
        kinds = self._of_data(seen)
        asked = sorted(purposes_named(seen.words)) if seen.asks_purposes and (kinds or seen.requests) else []
        if seen.topics & _GIVING:  # which are given for advertising, or used for it, is what the topic says
            asked = [scope for scope in asked if scope != "purpose:advertising"]
        return [*kinds, *asked]

    def _of_data(self, seen: WindowText) -> list[str]:
        if seen.starts and not seen.separate:  # the explanation of a permission that the system asks for next
            return _sensitive(seen.head_types or seen.types)
        named = self.named(seen.words)
        if not (seen.requests or named or seen.topics - {"share"}):  # the place one is in, an invitation to friends
            return []
        if not seen.topics & {"share", "cross_border"}:
            return [*_kinds(seen), *self._given_to(seen)]
        abroad = ["cross_border"] if "cross_border" in seen.topics else []
        own = seen.types if find(seen.words, "sensitive") else seen.head_types
        return [*abroad, *(named or ["share:*"]), *_sensitive(own if seen.head_separate else seen.explicit)]

    def perhaps(self, seen: WindowText, page: bool, unlabelled: int = 0) -> frozenset[str]:
        """What an unreadable window may request. ``unlabelled``: controls without a label.

        Only one that speaks of data or terms, has a link, asks its user for something in words of its own, or of which
        nothing could be read may request a consent: what asks nothing decides nothing. Once the policy has been agreed
        to, only where there is a choice.
        """
        if seen.other_matter:
            return _NOTHING
        named = frozenset(_sensitive(seen.types))
        if seen.rationale and named:
            return _NOTHING if seen.explains else named
        if seen.starts and not seen.policy:
            return _NOTHING if page and seen.only_starts else named
        buttons = len(seen.controls) + unlabelled
        if self._state("policy") == "granted":
            return _ANY if buttons >= CHOICE and buttons <= _FEW and _asks_besides(seen, page) else _NOTHING
        if seen.policy:
            return frozenset({"policy"})
        few = 2 * _FEW if page else _FEW + 1
        return _ANY if buttons <= few and self._asks_something(seen, page, buttons) else _NOTHING

    def _asks_something(self, seen: WindowText, page: bool, buttons: int) -> bool:
        """Whether a window may ask for something while the policy is not agreed to."""
        told = seen.speaks
        if self._state("policy") in AGAINST:  # a refusal stands, whatever else holds information
            told = (bool(seen.links) or seen.insists or seen.speaks_after_refusal) and not (page and seen.menu)
        if told and not (page and seen.lists):
            return True
        pictures = self.first and not seen.texts and (not page or 1 <= buttons <= CHOICE)
        return pictures or (seen.relates and (self.first or (buttons >= CHOICE and not page)))


def _asks_besides(seen: WindowText, page: bool) -> bool:
    """Whether a window may ask for something once the policy has been agreed to."""
    return (seen.speaks and not (page and (seen.lists or seen.switches))) or (seen.relates and not page)


def _kinds(seen: WindowText) -> list[str]:
    """The purposes or the kinds of data."""
    headed = [purpose for purpose in _PURPOSES if purpose in seen.head_topics]
    if seen.head_types and not headed:
        filled = {"form", *groups_of("typed")} if find(seen.words, "filled") else set()
        return _sensitive(seen.head_types | (seen.types & filled))  # a title sums up what the text lists of a form
    single = headed or [purpose for purpose in _PURPOSES if purpose in seen.topics]
    return single + _sensitive(seen.types) if seen.separate or not single else single


def _alike(words: str, others: str) -> bool:
    """Whether at least half of the longer one of two plain texts stands in both, clause by clause."""
    one, two = ({clause.strip() for clause in _CLAUSE.split(text)} for text in (words, others))
    longer = max(sum(map(len, one)), sum(map(len, two)))
    return 2 * sum(map(len, one & two)) >= longer


def _sensitive(types: Iterable[str]) -> list[str]:
    """The scopes of consent to kinds of data."""
    return [f"sensitive:{data_type}" for data_type in sorted(types)]
