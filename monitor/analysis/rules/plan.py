"""A rule compiled: what each of its patterns asks of an event. Nothing in it changes, so that all analyses share it.

A filter is compiled for each kind of event. It is also reduced by what is the same for many events (role, data type,
SDK, outcome, declaration): most patterns are then out of the question, and what is left asks for the rest.
"""

import ast
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
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
_EQUIVALENT: Final = made(lambda s: stands_in(s.data_type))


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
        with located(where):
            self._fits(text)
            self._compile()
            self.after, self.not_after = _neighbour(pattern.after), _neighbour(pattern.not_after)
            self.then = _neighbour(pattern.followed_by or pattern.not_followed_by)
            self.tells = {name: _told(name, self.kinds) for name in pattern.tells}
        used = self.names | {part for scope in pattern.scopes for part in ("data_type", "permission") if part in scope}
        asked = used | set(text.group_by)
        typed = bool(asked & _parts_of("transmission")) or "equivalent" in pattern.scopes
        self.per_type = typed and pattern.field not in ("sdk", "sdk_host") and pattern.type != "opaque"
        """Whether a transmission is examined once per data type in it."""
        self.per_permission = bool(asked & {"permission", "shown_prompt", *_parts_of("permission_request")})

    def _fits(self, text: RuleFile) -> None:
        pattern = self.pattern
        for pack in pattern.packs:
            if not text.clauses.get(pack):
                raise InputError(f"a pattern for the pack {pack} needs clauses of it")
        if pattern.type in _NEEDS_SCOPE and not pattern.scopes:
            raise InputError(f"the type {pattern.type} needs 'scopes'")
        if pattern.type == "undisclosed" and not pattern.field:
            raise InputError("the type undisclosed needs 'field'")
        if pattern.type == "opaque" and self.kinds != ["transmission"]:
            raise InputError("the type opaque looks at events of the kind transmission only")
        if pattern.type == "rate" and self.kinds != ["api_call"]:
            raise InputError("the type rate counts events of the kind api_call only")

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
        own: tuple[Fact, ...] = ()
        if pattern.type in ("undisclosed", "opaque") and pattern.field:
            own = UNDISCLOSED[pattern.field]
        elif pattern.type == "after_refusal" and pattern.scopes == ["equivalent"]:
            own = (_EQUIVALENT,)  # a type that substitutes for none is not a match
        self._own = {f"_own{number}": fact for number, fact in enumerate(own)}
        """What the type of the pattern asks besides the filter, by a name that no filter can have."""
        self.tree = joined([*conjuncts(tree), *(ast.Name(name, ast.Load()) for name in self._own)])
        self.tests: dict[str, Filter | None] = {}
        self.softer: dict[type, Softer] = {}
        self._decided: dict[str, dict[str, Fact | None]] = {}
        """By kind, the names in the filter that are decided for many events at once, with what computes each: for
        calls, all that those on one route share; for others, data type and declaration. A field has no fact."""
        for kind in self.kinds:
            check_names(tree, facts_of(kind), KINDS[kind].__struct_fields__, kind)
            if any(kind not in fact.kinds for fact in self._own.values()):
                raise InputError(f"{pattern.field!r} is not declared of the kind {kind}")
            asked = [part for part in conjuncts(self.tree) if getattr(part, "value", None) is not True]
            self.tests[kind] = self._filter(asked, kind)
            self._decided[kind] = self._decidable(kind)
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

    def _facts(self, kind: str) -> Mapping[str, Fact]:
        return {**facts_of(kind), **self._own}

    def _decidable(self, kind: str) -> dict[str, Fact | None]:
        used = [(name, self._facts(kind).get(name)) for name in sorted(names(self.tree))]
        if kind == "api_call":
            alike = {"s", "d", *ALIKE}
            return {name: fact for name, fact in used if set(fact.inputs if fact else (name,)) <= alike}
        # What is told of a call by its data type needs no more of the part of a message either.
        enough = {"d", "s"} if kind in USES else {"d"}
        return {name: fact for name, fact in used if fact and set(fact.inputs) <= enough and "api_call" in fact.kinds}

    def _filter(self, parts: Sequence[ast.expr], kind: str) -> Filter | None:
        """All of some parts; None = nothing to ask. A filter has no state: equal ones of all patterns are one."""
        if not parts:
            return None
        tree = joined(parts)
        own = tuple((name, fact) for name, fact in self._own.items() if name in names(tree))
        return _compiled(ast.unparse(tree), kind, own)

    def on_call(self, e: ApiCall, c: Context, s: Subject, known: dict[object, Answer]) -> OnCall | None:
        """What is left to ask of calls like this one; None = none of them can be a match. ``known``: what other checks
        have asked of them."""
        values = []
        for name, fact in self._decided["api_call"].items():
            about = name if fact is None else fact.compute
            if about not in known:
                known[about] = getattr(e, name) if fact is None else fact.of(e, c, s)
            values.append(known[about])
        return _on_call(self, tuple(values))

    def left(self, kind: str, data_type: str, d: Declaration) -> Sequence[Filter] | None:
        """What is left to ask, part by part, of events of a kind (but calls) that involve a data type; None = none of
        them can be a match."""
        given = {"s": Subject(data_type), "d": d}
        decided = [fact for fact in self._decided[kind].values() if fact]
        return _left(self, kind, tuple([fact.compute(*[given[one] for one in fact.inputs]) for fact in decided]))

    def remaining(self, kind: str, values: Sequence[Answer]) -> list[ast.expr] | None:
        """The parts of the filter that the values of what is decided leave open; None = it does not hold."""
        known = dict(zip(self._decided[kind], values, strict=True))
        parts = [simplified(part, known.get) for part in conjuncts(self.tree)]
        if any(isinstance(part, ast.Constant) and not part.value for part in parts):
            return None
        return [part for part in parts if not isinstance(part, ast.Constant)]

    def of_call_alone(self, part: ast.expr) -> bool:
        """Whether a call by itself decides a part of the filter, whatever else happens."""
        fields, facts = {"e", *KINDS["api_call"].__struct_fields__}, self._facts("api_call")
        return all(set(facts[name].inputs if name in facts else (name,)) <= fields for name in names(part))

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
        fields = {name for kind in self.kinds for name in KINDS[kind].__struct_fields__}
        alone = {name for name, fact in facts_of("api_call").items() if "c" not in fact.inputs}
        return self.names <= fields | alone and not self.pattern.scopes

    def scopes(self, e: Event, c: Context, s: Subject) -> list[str]:
        """The consent scopes that the pattern names, for this event."""
        if not self._open:
            return self.pattern.scopes
        return [scope_of(template, e, c, s) for template in self.pattern.scopes]


@lru_cache(REMEMBERED)
def _left(check: Check, kind: str, values: tuple[Answer, ...]) -> Sequence[Filter] | None:
    parts = check.remaining(kind, values)
    return None if parts is None else [test for part in parts if (test := check._filter([part], kind))]


@lru_cache(REMEMBERED)
def _on_call(check: Check, values: tuple[Answer, ...]) -> OnCall | None:
    parts = check.remaining("api_call", values)
    if parts is None:
        return None
    alone = [part for part in parts if check.of_call_alone(part)]
    return OnCall(check._filter(parts, "api_call"), check._filter(alone, "api_call"))


def _told(name: str, kinds: Sequence[str]) -> Fact:
    """A fact by its name. Raises ``InputError``."""
    if any(name not in facts_of(kind) for kind in kinds):
        raise InputError(f"no fact of these events: {printable(name, 40)}")
    return facts_of(kinds[0])[name]


@cache
def _parts_of(kind: str) -> frozenset[str]:
    """The facts about a part of an event: one of its data types, or of its permissions."""
    return frozenset(name for name, fact in facts_of(kind).items() if "s" in fact.inputs)


@lru_cache(REMEMBERED)
def _compiled(text: str, kind: str, own: tuple[tuple[str, Fact], ...]) -> Filter:
    return compiled(text, {**facts_of(kind), **dict(own)})


def _of(text: str, kind: str) -> Filter:
    tree = parse(text)
    check_names(tree, facts_of(kind), KINDS[kind].__struct_fields__, kind)
    return _compiled(ast.unparse(tree), kind, ())


def _neighbour(find: Find | None) -> Neighbour | None:
    """A clause compiled for each of its kinds; None without one."""
    if find is None:
        return None
    perhaps = {kind: _of(find.perhaps, kind) for kind in find.kinds if find.perhaps}
    filters = {kind: _of(find.where, kind) for kind in find.kinds}
    used = names(parse(find.where))
    states = {kind: {name for name, fact in facts_of(kind).items() if "c" in fact.inputs} for kind in find.kinds}
    return Neighbour(filters, seconds(find.within), perhaps, [kind for kind in find.kinds if not used & states[kind]])


def scope_of(template: str, e: Event, c: Context, s: Subject) -> str:
    """``sensitive:{data_type}`` and the like with the event's own values."""
    recipient = c.facts.recipient(e) if isinstance(e, Transmission) else ""
    name = toggle_scope(str(getattr(e, "name", "")), c.switches) if "{name}" in template else ""
    values = {"data_type": s.data_type, "recipient": recipient, "permission": s.permission, "name": name}
    for key, value in values.items() if "{" in template else ():
        template = template.replace(f"{{{key}}}", value)
    return template


def compile_rule(text: RuleFile, packs: Sequence[str], profile: str, where: str) -> tuple[Check, ...]:
    """The checks of a rule under some packs and a profile; every pattern is checked. Raises ``InputError``."""
    every = [Check(text, pattern, profile, f"{where}: {pattern.name}") for pattern in text.match]
    own = [check for check in every if not check.pattern.packs or set(check.pattern.packs) & set(packs)]
    return tuple(check for check in own if not check.off and check.pattern.type != "documentary")
