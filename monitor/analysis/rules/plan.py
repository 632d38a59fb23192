"""A rule compiled: what each of its patterns asks of an event. Nothing in it changes, so that all analyses share it.

A filter is compiled for each kind of event. It is also reduced by what is the same for many events (role, data type,
SDK, outcome, declaration): most patterns are then out of the question, and what is left asks for the rest.
"""

import ast
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from monitor.analysis.rules import expression
from monitor.analysis.rules.answers import Neighbour, seconds
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.expression import checked, conjuncts, names, parse
from monitor.analysis.rules.facts import USES, Answer, facts_of
from monitor.analysis.rules.facts.undeclared import UNDECLARED
from monitor.analysis.rules.given import Filter, Subject
from monitor.analysis.rules.matching import PERSON
from monitor.analysis.rules.model import Find, Pattern, RuleFile
from monitor.base.errors import InputError, printable
from monitor.events import KINDS, ApiCall, Event, Transmission
from monitor.session.declaration import Declaration

#: Fields that all calls on one route share.
ALIKE: Final = ("role", "data_type", "sdk", "outcome")
#: Kinds of events of which a pattern may examine each permission by itself.
_REQUESTS: Final = ("permission_request", "permission_result", "prompt")
#: The part of an event that a pattern is about by its ``field``, whatever its filter names.
_ABOUT: Final = {name: "data_type" for name in ("data_type", "recipient_type", "necessary")} | {
    "permission": "permission"
}


#: What is left to ask of events once it is known what many of them share (None = nothing: each is a match as far as the
#: filter goes); and of that, what a call alone decides, whatever else happens.
Left = tuple[Filter | None, Filter | None]


class Check:
    """One pattern, compiled. Raises ``InputError``."""

    def __init__(self, text: RuleFile, pattern: Pattern, profile: str, where: str) -> None:
        self.pattern = pattern
        self.kinds = pattern.kinds
        self.limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(profile, {})}
        self.off = self.limits.get("min") == 0
        self.least = max(int(self.limits.get("min", 1)), 1)
        self.needs = 1 if pattern.type in ("rate", "repeat_after") else self.least
        """How many matches make a finding; two types count themselves."""
        self.span_us = seconds(self.limits.get("span", 0))
        self.within_us = seconds(self.limits.get("within", pattern.within))
        self._open = any("{" in scope for scope in pattern.scopes)
        with expression.located(where):
            self._compile()
            self.after, self.not_after = _neighbour(pattern.after), _neighbour(pattern.not_after)
            self.then = _neighbour(pattern.followed_by or pattern.not_followed_by)
            if unknown := [name for name in pattern.tells if any(name not in facts_of(kind) for kind in self.kinds)]:
                raise InputError(f"no fact of these events: {printable(unknown[0], 40)}")
            self.tells = {name: facts_of(self.kinds[0])[name] for name in pattern.tells}
        scoped = {part for scope in pattern.scopes for part in ("data_type", "permission") if part in scope}
        asked = self.names | scoped | set(text.group_by)
        typed = bool(asked & _parts_of("transmission")) or "equivalent" in pattern.scopes
        self.per_type = typed and pattern.field not in ("sdk", "sdk_host") and pattern.type != "opaque"
        """Whether a transmission is examined once per data type in it."""
        self._per_permission = bool(asked & {"permission", "shown_prompt", *_parts_of("permission_request")})

    def _compile(self) -> None:
        pattern, tree = self.pattern, parse(self.pattern.where)
        always = parse(pattern.review or "False")
        self.judged = isinstance(always, ast.Constant) and bool(always.value)
        """Whether a person must judge each match."""
        guarded = {
            PERSON: "" if self.judged else pattern.review, "function_unknown": pattern.unsure,
            "recipient_unproven": "", pattern.doubtful: pattern.doubt,
        }  # fmt: skip
        self.names = set(names(tree)).union(*(names(parse(text or "True")) for text in guarded.values()))
        self.names.update(filter(None, [_ABOUT.get(pattern.field)]))
        own = _own_facts(pattern)
        self.tree = expression.joined([*conjuncts(tree), *(ast.Name(name, ast.Load()) for name in own)])
        asked = [part for part in conjuncts(self.tree) if getattr(part, "value", None) is not True]
        self.tests: dict[str, Filter | None] = {}
        self.softer: dict[type, dict[str, Filter]] = {}
        """Struct of an event to the guards that lower a match's status, each with its filter."""
        for kind in self.kinds:
            expression.check_names(tree, kind)
            if not set(own) <= facts_of(kind).keys():
                raise InputError(f"{pattern.field!r} is not declared of the kind {kind}")
            self.tests[kind] = _all_of(asked, kind)
            softer = {name: checked(text, kind) for name, text in guarded.items() if text}
            if kind == "transmission":
                softer["recipient_unproven"] = self._unproven
            self.softer[KINDS[kind]] = {name: softer[name] for name in guarded if name in softer}

    def _unproven(self, e: Event, c: Context, s: Subject) -> bool:
        """Whether it is a match for only one of those who may have received it."""
        if not isinstance(e, Transmission) or not e.named:
            return False
        test = self.tests["transmission"]
        asked = any("{recipient}" in scope for scope in self.pattern.scopes)
        return asked or (test is not None and not all(test(one, c, s) for one in c.facts.readings(e)))

    def left(self, kind: str, known: Mapping[str, Answer]) -> Left | None:
        """What is left to ask of events of a kind of which this is ``known`` (``shared``); None = none of them can be a
        match."""
        return _left(self, kind, tuple([(name, known[name]) for name in sorted(names(self.tree)) if name in known]))

    def apart(self, kind: str) -> str:
        """What an event of a kind is divided into, each part examined by itself: ``data_type``, ``permission``, or
        empty = it is examined as a whole."""
        if kind == "transmission":
            return "data_type" if self.per_type else ""
        manifest = kind == "lifecycle" and self.pattern.field == "permission"
        return "permission" if manifest or (self._per_permission and kind in _REQUESTS) else ""

    @property
    def by_call(self) -> bool:
        """Whether nothing but the fields of an event and what a call by itself shows decides."""
        fields = {name for kind in self.kinds for name in KINDS[kind].__struct_fields__}
        alone = {name for name, fact in facts_of("api_call").items() if "c" not in fact.inputs}
        return self.names <= fields | alone and not self.pattern.scopes

    def scopes(self, e: Event, c: Context, s: Subject) -> list[str]:
        """The consent scopes that the pattern names, for this event."""
        if not self._open:
            return self.pattern.scopes
        return [scope_of(template, e, c, s) for template in self.pattern.scopes]


def shared(kind: str, s: Subject, d: Declaration, e: ApiCall | None = None) -> dict[str, Answer]:
    """What events of a kind that involve the same data type have in common, by the name of a field or fact; with a
    call, what all calls on its route have in common."""
    given: dict[str, Any] = {"d": d}
    if kind in USES:  # what a call's data type decides needs no more of the part of a message either
        given["s"] = s
    fields = {name: getattr(e, name) for name in ALIKE} if e is not None else {}
    given |= fields
    facts = [(name, fact) for name, fact in facts_of(kind).items() if "api_call" in fact.kinds]
    asked = [(name, fact) for name, fact in facts if given.keys() >= set(fact.inputs)]
    return fields | {name: fact.compute(*[given[one] for one in fact.inputs]) for name, fact in asked}


def _own_facts(pattern: Pattern) -> Sequence[str]:
    """The facts that the type of a pattern asks for besides its filter."""
    if pattern.type in ("undisclosed", "opaque") and pattern.field:
        return UNDECLARED[pattern.field]
    # A type that substitutes for none is no match.
    return UNDECLARED[""] if pattern.type == "after_refusal" and pattern.scopes == ["equivalent"] else ()


@lru_cache(expression.REMEMBERED)
def _left(check: Check, kind: str, known: tuple[tuple[str, Answer], ...]) -> Left | None:
    parts = [expression.simplified(part, dict(known).get) for part in conjuncts(check.tree)]
    if any(isinstance(part, ast.Constant) and not part.value for part in parts):
        return None
    parts = [part for part in parts if not isinstance(part, ast.Constant)]
    fields = {"e", *KINDS["api_call"].__struct_fields__}
    inputs = {name: set(fact.inputs) for name, fact in facts_of(kind).items()}
    alone = [part for part in parts if all(inputs.get(name, {name}) <= fields for name in names(part))]
    return _all_of(parts, kind), _all_of(alone, kind)


@cache
def _parts_of(kind: str) -> frozenset[str]:
    """The facts about a part of an event: one of its data types, or of its permissions."""
    return frozenset(name for name, fact in facts_of(kind).items() if "s" in fact.inputs)


def _all_of(parts: Sequence[ast.expr], kind: str) -> Filter | None:
    """A filter of all of some parts; None = there are none."""
    return expression.compiled(ast.unparse(expression.joined(parts)), kind) if parts else None


def _neighbour(find: Find | None) -> Neighbour | None:
    """A clause compiled for each of its kinds; None without one."""
    if find is None:
        return None
    perhaps = {kind: checked(find.perhaps, kind) for kind in find.kinds if find.perhaps}
    filters = {kind: checked(find.where, kind) for kind in find.kinds}
    used = names(parse(find.where))
    states = {kind: {name for name, fact in facts_of(kind).items() if "c" in fact.inputs} for kind in find.kinds}
    return Neighbour(filters, seconds(find.within), perhaps, [kind for kind in find.kinds if not used & states[kind]])


def scope_of(template: str, e: Event, c: Context, s: Subject) -> str:
    """``sensitive:{data_type}`` and the like with the event's own values."""
    recipient = c.facts.recipient(e) if isinstance(e, Transmission) else ""
    return template.format(data_type=s.data_type, recipient=recipient, permission=s.permission)


def compile_rule(text: RuleFile, packs: Sequence[str], profile: str, where: str) -> tuple[Check, ...]:
    """The checks of a rule under some packs and a profile; every pattern is checked. Raises ``InputError``."""
    every = [Check(text, pattern, profile, f"{where}: {pattern.name}") for pattern in text.match]
    own = [check for check in every if not check.pattern.packs or set(check.pattern.packs) & set(packs)]
    return tuple(check for check in own if not check.off and check.pattern.type != "documentary")
