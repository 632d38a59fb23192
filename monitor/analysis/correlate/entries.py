"""A finding in the making, and what is known of the matches that make it."""

from typing import NamedTuple

from monitor.analysis.correlate.group import Group
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.matching import NOTHING, Hit, Threshold
from monitor.analysis.rules.plan import Check
from monitor.events import ApiCall


class Key(NamedTuple):
    """What a finding is about."""

    rule: str
    pattern: str
    app: str
    data_type: str
    sdk: str
    recipient: str
    permission: str


class Entry:
    """A finding in the making. Compared by identity, which costs less than by its key."""

    __slots__ = ("before", "check", "earlier", "group", "held", "key", "rule")

    def __init__(self, key: Key, rule: Rule, check: Check) -> None:
        self.key = key
        self.rule = rule
        self.check = check
        self.group = Group(check.needs, check.span_us)
        self.before = check.pattern.type == "before_consent"
        self.held: Threshold[Hit] | None = Threshold(check.needs, check.span_us) if check.needs > 1 else None
        self.earlier: list[tuple[tuple[str, ...], Hit, Context]] = []
        """Matches without a consent that the user may have given before the session."""


class Alike:
    """Matches of calls by the same code about the same data: their finding, and what the latest came to."""

    __slots__ = ("entry", "given", "rank", "review", "reviewed", "settles", "softer", "tag", "why")

    def __init__(self, entry: Entry, why: tuple[str, ...]) -> None:
        self.entry = entry
        self.why = why
        """The guards that do not depend on the moment."""
        self.softer = entry.check.softer.get(ApiCall, NOTHING)
        self.review, *others, _ = self.softer
        self.settles = entry.held is None and not entry.check.pattern.scopes and not any(others)
        """Whether they come to the same wherever that filter says the same: a consent may be stated later."""
        self.given = ""
        """Once another one of this status can only be counted: what it was found with; empty: it cannot be yet."""
        self.reviewed = False
        """Whether a person had to judge it then."""
        self.rank = 0
        self.tag = ""
        """Of the value that the latest of these read."""


class Query(NamedTuple):
    """A query of a provider: the findings about it, and the tags of what was taken out of its cursor."""

    entries: dict[Entry, None]
    tags: dict[str, None]
    takers: set[str]
