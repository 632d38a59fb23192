"""The base of every compiled pattern: kinds, filters, thresholds, and the hits that it produces."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.consent.named import toggle_scope
from monitor.analysis.rules.answers import Neighbour, seconds
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.rules.expression import REMEMBERED, Filter, compile_filter, conjuncts, located, names, parse
from monitor.analysis.rules.facts import ALONE, STATIC, facts_of
from monitor.analysis.rules.model import Find, Pattern
from monitor.events import KINDS, ApiCall, Transmission

#: Names and scopes that need a data type.
_TYPE_NAMES: Final = frozenset(
    """data_type personal sensitive declared risk_control immutable advertising_id other_id static_id certainty
    known_value in_query unavoidable frequency_declared declared_here agreed_for maybe_sensitive ai_declared
    training_flag sent_before_deletion""".split()
)
EVIDENCED, REVIEW, INCONCLUSIVE = "evidenced", "review", "inconclusive"
_SCOPES = 256
#: Status when a refusal (or neighbour) was in force, and when consent was not, by answer.
CERTAIN = {"yes": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW, "unread": INCONCLUSIVE}
WITHOUT = {"no": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW, "unread": INCONCLUSIVE}


class Hit(msgspec.Struct, frozen=True, eq=False):
    """A match: its certainty, other supporting events, plain facts to show."""

    event: Any
    subject: Subject
    status: str
    events: tuple[int, ...] = ()
    detail: dict[str, str] = {}


class Softer(NamedTuple):
    """Filters that lower a hit's status; None = none."""

    review: Filter | None
    """A person must assess it."""
    unsure: Filter | None
    """It is not known which function the app is in."""
    doubt: Filter | None
    """An answer that could not be read may excuse it."""


def neighbour(find: Find | None, where: str) -> Neighbour | None:
    """A clause compiled for each of its kinds; None without one."""
    if find is None:
        return None
    perhaps = _filters(find, find.perhaps, where) if find.perhaps else {}
    return Neighbour(_filters(find, find.where, where), seconds(find.within), perhaps)


def _filters(find: Find, text: str, where: str) -> dict[str, Filter]:
    with located(where):
        tree = parse(text)
        return {kind: _compiled((tree,), kind) or _always for kind in find.kinds}


@lru_cache(REMEMBERED)
def _compiled(parts: tuple[ast.expr, ...], kind: str) -> Filter | None:
    """A filter has no state: all patterns and analyses of a process share it."""
    return compile_filter(parts, facts_of(kind), KINDS[kind].__struct_fields__, kind)


def _always(e: Any, c: Any, s: Any) -> bool:
    return True


class Evaluator:
    """Base class: kinds, the static part of the filter (evaluated once per combination) and the rest (every time)."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        self.pattern = pattern
        self.kinds = pattern.kinds
        limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(profile, {})}
        self.limits = limits
        self.off = limits.get("min") == 0
        self.at_least = int(limits.get("min", 1))
        self.span_us = seconds(limits.get("span", 0))
        self._by_type = all("{" not in scope.replace("{data_type}", "") for scope in pattern.scopes)
        self._scopes: dict[str, tuple[str, ...]] = {}
        with located(where):
            self._compile(parse(pattern.where))

    def _compile(self, tree: ast.expr) -> None:
        pattern, parts = self.pattern, tuple(conjuncts(tree))
        softer = [parse(text) for text in (pattern.review, pattern.unsure, pattern.doubt) if text]
        self.names = set(names(tree)).union(*map(names, softer))
        if pattern.field in ("data_type", "recipient_type", "necessary"):
            self.names.add("data_type")
        elif pattern.field == "permission":
            self.names.add("permission")
        easy = tuple(p for p in parts if names(p) <= STATIC and "api_call" in self.kinds)
        hard = tuple(p for p in parts if p not in easy)
        self.static = _compiled(easy, "api_call")
        alone = tuple(p for p in hard if names(p) <= set(KINDS["api_call"].__struct_fields__) | ALONE)
        self.arrival = _compiled(alone, "api_call")
        """The part of the filter that an api_call alone decides, whatever else happens."""
        self.dynamic = {kind: _compiled(hard if kind == "api_call" else parts, kind) for kind in self.kinds}
        self.softer = {KINDS[kind]: self._softer(kind) for kind in self.kinds}

    def _softer(self, kind: str) -> Softer:
        texts = (self.pattern.review, self.pattern.unsure, self.pattern.doubt)
        return Softer(*(_compiled((parse(text),), kind) if text else None for text in texts))

    def scopes(self, e: Any, c: Context, s: Subject) -> tuple[str, ...]:
        """The consent scopes that the pattern names, for this event."""
        if not self._by_type:
            return tuple(scope_of(template, e, c, s) for template in self.pattern.scopes)
        known = self._scopes.get(s.data_type)
        if known is None:
            known = tuple(scope_of(template, e, c, s) for template in self.pattern.scopes)
            if len(self._scopes) < _SCOPES:
                self._scopes[s.data_type] = known
        return known

    def per_type(self, grouped: Collection[str]) -> bool:
        """Whether a transmission is evaluated once per data type in it. ``grouped``: how findings are grouped."""
        scopes = self.pattern.scopes
        asked = self.names & _TYPE_NAMES or "data_type" in grouped or any("data_type" in scope for scope in scopes)
        return bool(asked or "equivalent" in scopes) and self.pattern.field not in ("sdk", "sdk_host")

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """Whether calls like this one (role, data type, SDK, outcome) can never be a hit, at any time."""
        return False

    def awake(self, c: Context) -> bool:
        """Whether anything can be a hit after what has been observed so far; asked again after each change."""
        return True

    def evaluate(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """Hits for an event whose filter holds."""
        raise TypeError(type(self).__name__)

    def advance(self, e: Any, c: Context) -> Iterable[Hit]:
        """Hits that were waiting for a later event."""
        return ()

    def stands(self, hit: Hit, c: Context) -> bool:
        """Whether a doubtful hit still is one at the end of the log."""
        return True

    def finish(self, c: Context, newest: int) -> Iterable[Hit]:
        """Hits that the end of the log decides; ``newest`` is the time of its latest event."""
        return ()


def scope_of(template: str, e: Any, c: Context, s: Subject) -> str:
    """``sensitive:{data_type}`` and the like with the event's own values."""
    if "{" not in template:
        return template
    recipient = c.facts.recipient(e) if isinstance(e, Transmission) else ""
    name = toggle_scope(str(getattr(e, "name", ""))) if "{name}" in template else ""
    return (
        template.replace("{data_type}", s.data_type)
        .replace("{recipient}", recipient)
        .replace("{permission}", s.permission)
        .replace("{name}", name)
    )
