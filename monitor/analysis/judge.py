"""What every compiled pattern has: kinds, filters, thresholds, and the hits it gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from monitor.analysis.context import Context, Subject
from monitor.analysis.expression import Filter, compile_filter, conjuncts, names, parse
from monitor.analysis.facts import DERIVED, OF_EVENT, STATIC, STATIC_FIELDS
from monitor.analysis.model import Find, Pattern
from monitor.analysis.verdicts import seconds
from monitor.analysis.words import toggle_scope
from monitor.events import KINDS, ApiCall, Transmission

EVIDENCED, REVIEW, INCONCLUSIVE = "evidenced", "review", "inconclusive"
_SCOPES = 256
#: Status when a refusal (or neighbour) stood, and when consent did not stand, by answer.
CERTAIN = {"yes": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW}
WITHOUT = {"no": EVIDENCED, "maybe": INCONCLUSIVE, "unclear": REVIEW}


class Hit(NamedTuple):
    """A match: how sure, which other events bear it, plain facts to show."""

    event: Any
    subject: Subject
    status: str
    events: tuple[int, ...] = ()
    detail: dict[str, str] = {}


def filters(find: Find, where: str) -> dict[str, Filter]:
    """The filter of a clause for each of its kinds."""
    tree = parse(find.where, where)
    return {
        kind: compile_filter([tree], DERIVED, KINDS[kind].__struct_fields__, where) or _always for kind in find.kinds
    }


def _always(e: Any, c: Any, s: Any) -> bool:
    return True


class Judge:
    """Base: kinds, the static part of the filter (once per combination) and the rest (every time)."""

    def __init__(self, pattern: Pattern, profile: str, where: str) -> None:
        self.pattern = pattern
        self.kinds = pattern.kinds
        limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(profile, {})}
        self.limits = limits
        self.off = limits.get("min") == 0
        self.at_least = int(limits.get("min", 1))
        self.span_us = seconds(limits.get("span", 0))
        tree = parse(pattern.where, where)
        parts = conjuncts(tree)
        self.names = names(tree) | (names(parse(pattern.review, where)) if pattern.review else set())
        if pattern.field in ("data_type", "recipient_type", "necessary"):
            self.names.add("data_type")
        elif pattern.field == "permission":
            self.names.add("permission")
        easy = [p for p in parts if names(p) <= set(STATIC) | STATIC_FIELDS and "api_call" in self.kinds]
        hard = [p for p in parts if p not in easy]
        self.static = compile_filter(easy, DERIVED, KINDS["api_call"].__struct_fields__, where)
        alone = [p for p in hard if names(p) <= set(KINDS["api_call"].__struct_fields__) | OF_EVENT]
        self.arrival = compile_filter(alone, DERIVED, KINDS["api_call"].__struct_fields__, where)
        """The part of the filter that an api_call decides by itself, whatever else happens."""
        self.dynamic: dict[str, Filter | None] = {}
        for kind in self.kinds:
            used = hard if kind == "api_call" else parts
            self.dynamic[kind] = compile_filter(used, DERIVED, KINDS[kind].__struct_fields__, where)
        self._by_type = all("{" not in scope.replace("{data_type}", "") for scope in pattern.scopes)
        self._scopes: dict[str, tuple[str, ...]] = {}
        self.review: dict[str, Filter | None] = {
            kind: compile_filter([parse(pattern.review, where)], DERIVED, KINDS[kind].__struct_fields__, where)
            if pattern.review
            else None
            for kind in self.kinds
        }

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

    def settled(self, e: ApiCall, c: Context, s: Subject) -> bool:
        """Whether calls like this one (role, data type, SDK, outcome) can never be a hit, whatever the moment."""
        return False

    def judge(self, e: Any, c: Context, s: Subject) -> Iterable[Hit]:
        """Hits for an event whose filter holds."""
        raise TypeError(type(self).__name__)

    def advance(self, e: Any, c: Context) -> Iterable[Hit]:
        """Hits that were waiting for a later event."""
        return ()

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
