"""How the tables of the consent (``consent_decisions.yaml``) are read, and what a window requests by them: the scopes
of consent, by its words and by what was agreed to before."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Any, ClassVar, Final, NamedTuple

from monitor.analysis.consent.named import purposes_named, topics_named
from monitor.analysis.consent.text import find, label, one_pattern
from monitor.analysis.consent.window import GIVING, SENTENCES, Facts, WindowText
from monitor.knowledge.wordlists import derived, groups_of, table

_CLAUSE: Final = re.compile(r"[,，.。;；!！?？\n]+")
_PURPOSES: Final = ("personalisation", "ai_training")
_WORDS: Final = {True: "yes", False: "no"}


class Row(NamedTuple):
    """A row of a table: it holds where each condition of ``when`` has one of these values, and gives the rest: a
    ``meaning``, or which ``scopes`` have which ``state`` from then on and how ``clear`` that is; ``window``: whether
    its requesting window is a witness (``yes``), and answered with it."""

    id: str
    when: Mapping[str, frozenset[str]]
    means: Mapping[str, str]
    example: Mapping[str, Any]
    meaning: str = ""
    scopes: str = ""
    state: str = ""
    clear: str = "no"
    window: str = "no"


@derived
@cache
def rows(name: str = "decisions") -> tuple[Row, ...]:
    """A table in its order: ``scopes``, ``own``, ``perhaps``; ``meanings``, ``decisions``, ``besides``."""
    return tuple(
        Row(raw["id"], {c: frozenset(values) for c, values in raw["when"].items()}, raw.get("means", {}),
            raw.get("example", {}), **raw["gives"])
        for raw in table("consent_decisions")[name]
    )  # fmt: skip


def value(facts: object, name: str) -> str:
    """A condition as it is worded in the tables: of ``seen.ACT`` or ``label.TERM``, whether that is said."""
    for part in name.split("."):
        facts = getattr(facts, part)
    return _WORDS[facts] if isinstance(facts, bool) else str(facts)


def holding(name: str, facts: object) -> Iterator[Row]:
    """The rows of a table whose conditions hold, in its order. Each condition is asked for once, when a row gets to
    it."""
    known: dict[str, str] = {}

    def holds(condition: str, values: frozenset[str]) -> bool:
        if condition not in known:
            known[condition] = value(facts, condition)
        return known[condition] in values

    return (row for row in rows(name) if all(holds(*condition) for condition in row.when.items()))


def standing(state: str) -> str:
    """The state of a scope as a condition: ``open`` where nobody has answered yet."""
    return "open" if state in ("unknown", "shown") else state


class Says:
    """What a label says by the terms of ``text.find``, as conditions."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __getattr__(self, term: str) -> bool:
        return bool(find(self.words, term))


class Requests:
    """``state`` gives the state of a scope, ``recipients`` maps a name on a screen to its ID."""

    def __init__(self, recipients: Mapping[str, str], state: Callable[[str], str]) -> None:
        self._recipients = [(one_pattern([name]), key) for name, key in recipients.items() if len(name) > 1]
        self.state = state
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

    def once_more(self, seen: WindowText) -> bool:
        """Whether it is the notice in which the policy was agreed to, in the same words, or in others that name nothing
        new: what they name was not asked for then, and is not now. By its title alone it is known again where it names
        all that the other did, or nothing: what names a part may ask for that part."""
        last, now = self._notice, seen.types | seen.topics
        if last is None or not seen.policy or seen.head_separate or seen.head_types or not now <= self._named:
            return False
        return (seen.headed and now in (last.types | last.topics, set())) or _alike(seen.words, last.words)

    def named(self, words: str) -> tuple[str, ...]:
        """The scopes of sharing with those whom a plain text names."""
        return tuple(dict.fromkeys(f"share:{key}" for name, key in self._recipients if name.search(words)))

    def asked(self, table: str, seen: WindowText, page: bool, unlabelled: int = 0) -> tuple[str, ...]:
        """The scopes that a window requests (``scopes``), or may request in words that are not known (``perhaps``).
        ``unlabelled``: controls without a label."""
        request = Request(self, seen, page, len(seen.controls) + unlabelled)
        row = next(holding(table, request), None)
        return tuple(getattr(request, row.scopes)) if row is not None and row.scopes else ()


class Request(Facts):
    """A window that may request a consent: conditions and scopes of the tables ``scopes``, ``own`` and ``perhaps``."""

    def __init__(self, requests: Requests, seen: WindowText, page: bool, buttons: int) -> None:
        self.requests, self.seen, self.page, self.buttons = requests, seen, page, str(min(buttons, 9))
        self.policy = standing(requests.state("policy"))
        self.by_platform, self.first = requests.by_platform, requests.first
        self.named = requests.named(seen.words)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """What it requests apart from the policy. Of a notice about nothing but giving data to those it names, the
        answer is that one, too."""
        asked = [scope for row in holding("own", self) for scope in getattr(self, row.scopes)]
        return tuple(dict.fromkeys((*asked, *self.given) if asked else ()))

    @property
    def recipients_of_data(self) -> tuple[str, ...]:
        """Those whom a window names that asks to agree and names data: in a sentence that says that they get data, or
        where one agrees in so many words, in any that does not deny it."""
        texts = [sentence for sentence in SENTENCES.split(self.seen.words) if find(sentence, "receives")]
        if self.seen.identified and any(find(words, "agreement") for words in self.seen.controls if label(words).clear):
            texts = [self.seen.words]
        clauses = (clause for words in texts for clause in _CLAUSE.split(words) if not find(clause, "denied"))
        return self.requests.named("\n".join(clauses))

    facts: ClassVar[Mapping[str, Callable[[Any], object]]] = {
        "alone": lambda it: bool(it.seen.explicit),
        "once_more": lambda it: it.requests.once_more(it.seen),
        "single": lambda it: bool(it.own),
        # No mere place that one is in, or invitation to friends.
        "asks_data": lambda it: it.seen.requests or bool(it.named or it.seen.topics - {"share"}),
        # The recipient's own document that a window refers to is not the policy.
        "to_named": lambda it: any(scope.startswith("share:") and scope != "share:*" for scope in it.own),
        # The types that the text names are what is shared with others, not requested.
        "given_away": lambda it: not it.seen.topics.isdisjoint(("share", "cross_border")),
        # Its heading, of no purpose, sums up the kinds of data that the text lists.
        "headed": lambda it: bool(it.seen.head_types) and topics_named(it.seen.title).isdisjoint(_PURPOSES),
        "names_purpose": lambda it: bool(it.topical),
        # Scopes.
        "given": lambda it: it.named if it.seen.only_gives else (),
        "policy_only": lambda it: ("policy",),
        "policy_alone": lambda it: ("policy", *it.given),
        "policy_and_guardian": lambda it: ("policy", "guardian"),
        "any_consent": lambda it: ("policy", "own"),
        "guardian": lambda it: ("guardian",),
        "cross_border": lambda it: ("cross_border",),
        "recipients": lambda it: it.named or ("share:*",),
        "types": lambda it: _sensitive(it.seen.types),
        "explicit": lambda it: _sensitive(it.seen.explicit),
        "head_types": lambda it: _sensitive(it.seen.head_types),
        # Of a form's, all that is filled in as well.
        "form_types": lambda it: _sensitive(it.seen.head_types | (it.seen.types & it.filled)),
        "filled": lambda it: {"form", *groups_of("typed")} if find(it.seen.words, "filled") else set(),
        "topical": lambda it: [purpose for purpose in _PURPOSES if purpose in it.seen.topics],
        # What data is given away or used for is what the topic says.
        "purposes": lambda it: sorted(
            purposes_named(it.seen.words) - ({"purpose:advertising"} if it.seen.topics & GIVING else set())
        ),
    }


def _sensitive(types: Iterable[str]) -> list[str]:
    """The scopes of consent to kinds of data."""
    return [f"sensitive:{data_type}" for data_type in sorted(types)]


def _alike(words: str, others: str) -> bool:
    """Whether at least half of the longer one of two plain texts stands in both, clause by clause."""
    one, two = ({clause.strip() for clause in _CLAUSE.split(text)} for text in (words, others))
    longer = max(sum(map(len, one)), sum(map(len, two)))
    return 2 * sum(map(len, one & two)) >= longer
