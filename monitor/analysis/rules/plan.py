"""A rule compiled: what each of its patterns asks of an event. Nothing in it changes, so that all analyses share it.

A filter is compiled for each kind of event. For calls it is also reduced by what is the same for many of them (role,
data type, SDK, outcome, declaration): most patterns are then out of the question, and what is left asks for the rest.
"""

import ast
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Final, NamedTuple

from monitor.analysis.consent.named import toggle_scope
from monitor.analysis.rules.answers import Neighbour, seconds, stands_in
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.declared import UNDISCLOSED
from monitor.analysis.rules.expression import (
    REMEMBERED,
    Filter,
    check_names,
    compiled,
    conjuncts,
    joined,
    located,
    names,
    parse,
    simplified,
)
from monitor.analysis.rules.fact import USES, Answer, Fact, made
from monitor.analysis.rules.facts import facts_of
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.matching import NOTHING, Softer
from monitor.analysis.rules.model import Find, Pattern, RuleFile
from monitor.base.errors import InputError, printable
from monitor.events import KINDS, ApiCall, Event, Transmission
from monitor.session.declaration import Declaration

#: Fields that all calls on one route share.
ALIKE: Final = ("role", "data_type", "sdk", "outcome")
_COUNT_THEMSELVES: Final = ("rate", "repeat_after")
_NEEDS_SCOPE: Final = ("before_consent", "after_refusal", "repeat_after")


class OnCall(NamedTuple):
    """What is left to ask of calls of one kind."""

    test: Filter | None
    """None = each is a match as far as the filter goes."""
    early: Filter | None
    """The part that a call alone decides, whatever else happens; None = none."""


class Check:
    """One pattern, compiled. Raises ``InputError``."""

    def __init__(self, text: RuleFile, pattern: Pattern, profile: str, where: str) -> None:
        self.pattern = pattern
        self.kinds = pattern.kinds
        self.limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(profile, {})}
        self.off = self.limits.get("min") == 0
        self.least = max(int(self.limits.get("min", 1)), 1)
        self.needs = 1 if pattern.type in _COUNT_THEMSELVES else self.least
        """How many matches make a finding."""
        self.span_us = seconds(self.limits.get("span", 0))
        self.within_us = seconds(self.limits.get("within", pattern.within))
        self._open = any("{" in scope for scope in pattern.scopes)
        self._fits(text, where)
        with located(where):
            self._compile()
        self.after = _neighbour(pattern.after, where)
        self.not_after = _neighbour(pattern.not_after, where)
        self.tells = {name: _told(name, self.kinds, where) for name in pattern.tells}
        self.then = _neighbour(pattern.followed_by or pattern.not_followed_by, where)
        used = self.names | {part for scope in pattern.scopes for part in ("data_type", "permission") if part in scope}
        asked = used | set(text.group_by)
        typed = bool(asked & _parts_of("transmission")) or "equivalent" in pattern.scopes
        self.per_type = typed and pattern.field not in ("sdk", "sdk_host") and pattern.type != "opaque"
        """Whether a transmission is examined once per data type in it."""
        self.per_permission = bool(asked & {"permission", "shown_prompt", *_parts_of("permission_request")})

    def _fits(self, text: RuleFile, where: str) -> None:
        pattern = self.pattern
        for pack in pattern.packs:
            if not text.clauses.get(pack):
                raise InputError(f"a pattern for the pack {pack} needs clauses of it", where=where)
        if pattern.type in _NEEDS_SCOPE and not pattern.scopes:
            raise InputError(f"the type {pattern.type} needs 'scopes'", where=where)
        if pattern.type == "undisclosed" and not pattern.field:
            raise InputError("the type undisclosed needs 'field'", where=where)
        if pattern.type == "opaque" and self.kinds != ["transmission"]:
            raise InputError("the type opaque looks at events of the kind transmission only", where=where)
        if pattern.type == "rate" and self.kinds != ["api_call"]:
            raise InputError("the type rate counts events of the kind api_call only", where=where)

    def _compile(self) -> None:
        pattern, tree = self.pattern, parse(self.pattern.where)
        always = parse(pattern.review) if pattern.review else None
        self.judged = isinstance(always, ast.Constant) and bool(always.value)
        """Whether a person must judge each match."""
        texts = ("" if self.judged else pattern.review, pattern.unsure, pattern.doubt)
        self.names = set(names(tree)).union(*(names(parse(text)) for text in texts if text))
        if pattern.field in ("data_type", "recipient_type", "necessary"):
            self.names.add("data_type")
        elif pattern.field == "permission":
            self.names.add("permission")
        self._own = {f"_own{number}": fact for number, fact in enumerate(_conditions(pattern))}
        """What the type of the pattern asks besides the filter, by a name that no filter can have."""
        self.tree = joined([*conjuncts(tree), *(ast.Name(name, ast.Load()) for name in self._own)])
        self.tests: dict[str, Filter | None] = {}
        self.softer: dict[type, Softer] = {}
        for kind in self.kinds:
            check_names(tree, facts_of(kind), KINDS[kind].__struct_fields__, kind)
            if any(kind not in fact.kinds for fact in self._own.values()):
                raise InputError(f"{pattern.field!r} is not declared of the kind {kind}")
            self.tests[kind] = _filter(self.tree, kind, self._own)
            review, unsure, doubt = [_of(text, kind) if text else None for text in texts]
            found = review, unsure, doubt, self._unproven if kind == "transmission" else None
            self.softer[KINDS[kind]] = Softer(*found, pattern.doubtful) if any(found) else NOTHING
        self.doubts = any(softer.doubt for softer in self.softer.values())
        """Whether something unread may excuse a match."""

    def _unproven(self, e: Event, c: Context, s: Subject) -> bool:
        """Whether it is a match for only one of those who may have received it."""
        if not isinstance(e, Transmission) or not e.named:
            return False
        test = self.tests["transmission"]
        asked = any("{recipient}" in scope for scope in self.pattern.scopes)
        return asked or (test is not None and not all(test(one, c, s) for one in c.facts.readings(e)))

    @cached_property
    def _calls(self) -> Mapping[str, Fact]:
        return {**facts_of("api_call"), **self._own}

    @cached_property
    def _alike(self) -> list[str]:
        """The names in the filter that are the same for all calls on one route."""
        return sorted(name for name in names(self.tree) if self._inputs(name) <= {"s", "d", *ALIKE})

    @cached_property
    def _about(self) -> list[tuple[object, str, Fact | None]]:
        """Each of them with what computes it; a field of the call is its own."""
        facts = [(name, self._calls.get(name)) for name in self._alike]
        return [(name if fact is None else fact.compute, name, fact) for name, fact in facts]

    def _inputs(self, name: str) -> set[str]:
        return set(self._calls[name].inputs) if name in self._calls else {name}

    def on_call(self, e: ApiCall, c: Context, s: Subject, known: dict[object, Answer]) -> OnCall | None:
        """What is left to ask of calls like this one; None = none of them can be a match. ``known``: what other checks
        have asked of them."""
        for about, name, fact in self._about:
            if about not in known:
                known[about] = getattr(e, name) if fact is None else fact.of(e, c, s)
        return _on_call(self, tuple([known[about] for about, _, _ in self._about]))

    def left(self, kind: str, data_type: str, d: Declaration) -> Sequence[Filter] | None:
        """What is left to ask, part by part, of events of a kind (but calls) that involve a data type; None = none of
        them can be a match."""
        given = {"s": Subject(data_type), "d": d}
        decided = _decided(self, kind)
        return _left(
            self, kind, tuple([fact.compute(*[given[one] for one in fact.inputs]) for fact in decided.values()])
        )

    def known(self, kind: str, role: str, s: Subject, d: Declaration) -> ast.expr:
        """The filter of a kind with what data type, declaration and (of a call) role decide put in."""
        facts = facts_of("api_call")  # of a message, more than the data type is known of its parts

        def value(name: str) -> Answer | None:
            if name == "role" and kind == "api_call":
                return role
            if name not in facts or not set(facts[name].inputs) <= {"s", "d"}:
                return None
            return facts[name].compute(*({"s": s, "d": d}[one] for one in facts[name].inputs))

        return simplified(self.tree, value)

    @property
    def by_call(self) -> bool:
        """Whether nothing but the fields of an event and what a call by itself shows decides."""
        calls = facts_of("api_call")
        fields = {name for kind in self.kinds for name in KINDS[kind].__struct_fields__}
        alone = {name for name, fact in calls.items() if "c" not in fact.inputs}
        return self.names <= fields | alone and not self.pattern.scopes

    def scopes(self, e: Event, c: Context, s: Subject) -> list[str]:
        """The consent scopes that the pattern names, for this event."""
        if not self._open:
            return self.pattern.scopes
        return [scope_of(template, e, c, s) for template in self.pattern.scopes]


def _told(name: str, kinds: Sequence[str], where: str) -> Fact:
    """A fact by its name. Raises ``InputError``."""
    if any(name not in facts_of(kind) for kind in kinds):
        raise InputError(f"no fact of these events: {printable(name, 40)}", where=where)
    return facts_of(kinds[0])[name]


@lru_cache(REMEMBERED)
def _decided(check: Check, kind: str) -> Mapping[str, Fact]:
    """The facts in its filter that data type and declaration decide, for events of a kind."""
    # What is told of a call by its data type needs no more of the part of a message either.
    enough, facts = {"d", "s"} if kind in USES else {"d"}, {**facts_of(kind), **check._own}
    used = [(name, facts[name]) for name in sorted(names(check.tree)) if name in facts]
    return {name: fact for name, fact in used if set(fact.inputs) <= enough and "api_call" in fact.kinds}


@lru_cache(REMEMBERED)
def _left(check: Check, kind: str, values: tuple[Answer, ...]) -> Sequence[Filter] | None:
    known, found = dict(zip(_decided(check, kind), values, strict=True)), []
    for part in conjuncts(check.tree):
        rest = simplified(part, known.get)
        if not isinstance(rest, ast.Constant):
            own = tuple((name, fact) for name, fact in check._own.items() if name in names(rest))
            found.append(_compiled(ast.unparse(rest), kind, own))
        elif not rest.value:
            return None
    return found


@lru_cache(REMEMBERED)
def _on_call(check: Check, values: tuple[Answer, ...]) -> OnCall | None:
    left = simplified(check.tree, dict(zip(check._alike, values, strict=True)).get)
    if isinstance(left, ast.Constant):
        return OnCall(None, None) if left.value else None
    fields = {"e", *KINDS["api_call"].__struct_fields__}
    alone = [part for part in conjuncts(left) if all(check._inputs(name) <= fields for name in names(part))]
    own = check._own
    return OnCall(_filter(left, "api_call", own), _filter(joined(alone), "api_call", own) if alone else None)


@cache
def _parts_of(kind: str) -> frozenset[str]:
    """The facts about a part of an event: one of its data types, or of its permissions."""
    return frozenset(name for name, fact in facts_of(kind).items() if "s" in fact.inputs)


def _conditions(pattern: Pattern) -> tuple[Fact, ...]:
    """What its type asks of an event, whenever it happens."""
    if pattern.type in ("undisclosed", "opaque") and pattern.field:
        return UNDISCLOSED[pattern.field]
    # Where only equivalents count, a type that substitutes for none is not a match.
    return (_EQUIVALENT,) if pattern.type == "after_refusal" and pattern.scopes == ["equivalent"] else ()


def _equivalent(s: Subject) -> bool:
    return stands_in(s.data_type)


_EQUIVALENT: Final = made(_equivalent)


def _filter(tree: ast.expr, kind: str, own: Mapping[str, Fact]) -> Filter | None:
    """A filter has no state: equal ones of all patterns are one."""
    left = simplified(tree, lambda name: None)
    if isinstance(left, ast.Constant) and left.value:
        return None
    return _compiled(ast.unparse(left), kind, tuple(own.items()))


@lru_cache(REMEMBERED)
def _compiled(text: str, kind: str, own: tuple[tuple[str, Fact], ...]) -> Filter:
    return compiled(text, {**facts_of(kind), **dict(own)})


def _of(text: str, kind: str) -> Filter:
    tree = parse(text)
    check_names(tree, facts_of(kind), KINDS[kind].__struct_fields__, kind)
    return _compiled(ast.unparse(tree), kind, ())


def _neighbour(find: Find | None, where: str) -> Neighbour | None:
    """A clause compiled for each of its kinds; None without one."""
    if find is None:
        return None
    with located(where):
        perhaps = {kind: _of(find.perhaps, kind) for kind in find.kinds if find.perhaps}
        filters = {kind: _of(find.where, kind) for kind in find.kinds}
        used = names(parse(find.where))
        states = {kind: {name for name, fact in facts_of(kind).items() if "c" in fact.inputs} for kind in find.kinds}
        lasting = frozenset(kind for kind in find.kinds if not used & states[kind])
        return Neighbour(filters, seconds(find.within), perhaps, lasting)


def scope_of(template: str, e: Event, c: Context, s: Subject) -> str:
    """``sensitive:{data_type}`` and the like with the event's own values."""
    if "{" not in template:
        return template
    recipient = c.facts.recipient(e) if isinstance(e, Transmission) else ""
    name = toggle_scope(str(getattr(e, "name", "")), c.switches) if "{name}" in template else ""
    return (
        template.replace("{data_type}", s.data_type)
        .replace("{recipient}", recipient)
        .replace("{permission}", s.permission)
        .replace("{name}", name)
    )


def compile_rule(text: RuleFile, packs: Sequence[str], profile: str, where: str) -> tuple[Check, ...]:
    """The checks of a rule under some packs and a profile; every pattern is checked. Raises ``InputError``."""
    made = [Check(text, pattern, profile, f"{where}: {pattern.name}") for pattern in text.match]
    return tuple(
        check for check in made if not check.off and (not check.pattern.packs or set(check.pattern.packs) & set(packs))
    )
