"""``where:`` filters: a small, closed subset of Python expressions, checked on the syntax tree and compiled.

Allowed: names, literals (text, integer, true/false, tuples and lists of them), ``and or not``, comparisons and ``in``.
No calls, attributes, indexing, arithmetic: nothing that can run code or take long.
"""

import ast
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, get_args

from monitor.analysis.rules.facts import Answer, Fact, facts_of
from monitor.analysis.rules.given import Filter
from monitor.base.errors import InputError, nearest
from monitor.events import CERTAINTIES, CONSENT_STATES, DATA_TYPES, KINDS, LIFECYCLE, OUTCOMES, PARTIES
from monitor.knowledge.catalogue import Role as HookRole
from monitor.session.declaration import Role

MAX_LENGTH = 600
#: Cached filters: enough for all rules under several profiles.
REMEMBERED: Final = 4096
_ALLOWED: Final = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ast.In, ast.NotIn, ast.Tuple, ast.List, ast.Constant, ast.Name, ast.Load,
)  # fmt: skip
#: What the inputs of facts are in a filter; others are fields of the event.
_GIVEN: Final = {"e": "e", "c": "c", "s": "s", "d": "c.declaration"}
#: What no event changes, by name; None = not known.
Known = Callable[[str], Answer | None]

#: The words that fields and facts have, where they are few: a filter that asks for another word is never true.
_ANY: Final[Mapping[str, Collection[str]]] = {
    "data_type": DATA_TYPES,
    "found": DATA_TYPES,
    "certainty": CERTAINTIES,
    "party": PARTIES,
    "role_declared": get_args(Role),
    "extent": ("item", "all"),
    "rows": ("one", "some", "all"),
    "precision": ("coarse", "fine"),
    "fine_fix": ("certain", "perhaps"),
    "app_named": ("own", "platform", "other"),
    "self_start": ("declared", "perhaps", "undeclared"),
    "bundle": ("for_good", "switchable"),
    "only_named": ("certain", "perhaps"),
    "child_age": ("minor", "open"),
    "label_kind": ("accept", "reject", "withdraw", "cancel_account"),
}
_OF: Final[Mapping[str, Mapping[str, Collection[str]]]] = {
    "api_call": {"role": get_args(HookRole), "outcome": OUTCOMES},
    "consent": {"state": CONSENT_STATES},
    "lifecycle": {"what": LIFECYCLE},
    "permission_result": {
        "result": ("granted", "granted_once", "denied", "denied_forever", "ignored", "unknown"),
        "dialog": ("yes", "no", "unknown"),
    },
    "step": {"state": ("started", "ok", "failed", "skipped")},
    "tap": {"checked": ("on", "off")},
    "transmission": {
        "decoded": ("yes", "partial", "no", "opaque"),
        "attribution": ("request", "port", "opened", "host", "system", "unattributed", "none"),
    },
    "window": {
        "action": ("shown", "changed", "hidden"),
        "window_kind": ("activity", "dialog", "popup", "toast", "overlay"),
    },
}  # fmt: skip


def vocabulary(kind: str) -> Mapping[str, Collection[str]]:
    """The words by name, for events of a kind; each name may also be empty."""
    return {**_ANY, **_OF.get(kind, {})}


@contextmanager
def located(where: str) -> Iterator[None]:
    """Name the place of a filter in what is raised about it: filters are shared by all places with the same text."""
    try:
        yield
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint) from None


@lru_cache(REMEMBERED)
def parse(text: str) -> ast.expr:
    """The checked syntax tree, shared for equal texts: do not modify. Raises ``InputError`` naming what is not
    allowed."""
    if len(text) > MAX_LENGTH:
        raise InputError(f"a filter is longer than {MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.strip().replace("\n", " "), mode="eval").body
        for node in ast.walk(tree):
            _check(node)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError(f"not a filter: {text.strip()[:80]!r}", hint="monitor rules facts lists the names") from None
    return tree


@lru_cache(REMEMBERED)
def names(tree: ast.expr) -> frozenset[str]:
    """The names a filter uses."""
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def conjuncts(tree: ast.expr) -> list[ast.expr]:
    """The parts of a top-level ``and``."""
    return list(tree.values) if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]


def joined(parts: Sequence[ast.expr], op: ast.boolop | None = None) -> ast.expr:
    """All of them together, by ``and`` or another operator."""
    return parts[0] if len(parts) == 1 else ast.BoolOp(op or ast.And(), list(parts))


def simplified(node: ast.expr, known: Known) -> ast.expr:
    """A filter with what is known put in: a constant, or what is left to ask of an event."""
    match node:
        case ast.Name(id=name):
            value = known(name)
            return node if value is None or isinstance(value, frozenset) else ast.Constant(value)
        case ast.UnaryOp(operand=operand):
            inner = simplified(operand, known)
            return ast.Constant(not inner.value) if isinstance(inner, ast.Constant) else ast.UnaryOp(ast.Not(), inner)
        case ast.BoolOp(op=op, values=parts):
            decisive, left = isinstance(op, ast.Or), []
            for part in parts:
                part = simplified(part, known)
                if not isinstance(part, ast.Constant):
                    left.append(part)
                elif bool(part.value) is decisive:
                    return ast.Constant(decisive)
            return joined(left, op) if left else ast.Constant(not decisive)
        case ast.Compare(left=first, ops=ops, comparators=others) if not any(
            isinstance(part, ast.BoolOp | ast.UnaryOp | ast.Compare) for part in (first, *others)
        ):
            first, *others = (simplified(part, known) for part in (first, *others))
            node = ast.Compare(first, ops, others)
            return node if names(node) else ast.Constant(compiled(ast.unparse(node), "")(None, None, None))
    return node


def check_names(tree: ast.expr, kind: str) -> None:
    """Raise ``InputError`` for a name that is neither a fact for this kind of event nor one of its fields, and for a
    word of a closed vocabulary that is not in it: no event would have it."""
    if unknown := sorted(names(tree) - facts_of(kind).keys() - set(KINDS[kind].__struct_fields__)):
        raise InputError(f"a filter uses the name {unknown[0]!r}: neither a fact nor a field of {kind}",
                         hint="monitor rules facts")  # fmt: skip
    words = vocabulary(kind)
    for node in ast.walk(tree):
        for name in words.keys() & names(node) if isinstance(node, ast.Compare) else ():
            given = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            if wrong := [str(one) for one in given if one and one not in words[name]]:
                said = f"a filter asks for a {name} that there is not: {wrong[0]!r}"
                raise InputError(said, hint=nearest(wrong[0], words[name]))


@lru_cache(REMEMBERED)
def compiled(text: str, kind: str) -> Filter:
    """``f(event, context, subject)`` of a checked filter for events of a kind: a name is a fact, or else a field.
    Equal ones of all patterns are one: a filter has no state."""
    tree, derived = ast.parse(text, mode="eval").body, facts_of(kind)
    scope = {"__builtins__": {}, **{f"_{name}": derived[name].compute for name in names(tree) if name in derived}}
    function = ast.parse("lambda e, c, s: None", mode="eval")
    assert isinstance(function.body, ast.Lambda)
    function.body.body = _Names(derived).visit(tree)
    made: Filter = eval(compile(ast.fix_missing_locations(function), "<where>", "eval"), scope)
    return made


class _Names(ast.NodeTransformer):
    def __init__(self, derived: Mapping[str, Fact]) -> None:
        self._derived = derived

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A fact becomes a call of it, a field an attribute of the event."""
        fact = self._derived.get(node.id)
        inputs = ", ".join(_GIVEN.get(name, f"e.{name}") for name in fact.inputs) if fact else ""
        return ast.parse(f"_{node.id}({inputs})" if fact else f"e.{node.id}", mode="eval").body


def checked(text: str, kind: str) -> Filter:
    """A filter of a rule for events of a kind. Raises ``InputError``."""
    check_names(parse(text), kind)
    return compiled(ast.unparse(parse(text)), kind)


def _check(node: ast.AST) -> None:
    """Refuse what may not be in a filter, and what would fail only once an event is compared, in the middle of a
    session."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for op, one, other in zip(ops, (left, *others), others, strict=False):
                _check_sides(op, one, other)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            if not all(isinstance(item, ast.Constant) for item in items):
                raise InputError("a list in a filter holds literals only")
        case ast.Constant(value=value) if not isinstance(value, str | int | bool):
            raise InputError("a literal in a filter is text, an integer, True or False")
        case ast.Name(id=name) if name.startswith("_"):
            raise InputError(f"a filter uses the unknown name {name!r}")
        case _ if not isinstance(node, _ALLOWED):
            hint = "allowed: names, literals, and, or, not, comparisons, in"
            raise InputError(f"a filter holds {type(node).__name__}, which is not allowed", hint=hint)


def _check_sides(op: ast.cmpop, one: ast.expr, other: ast.expr) -> None:
    numbers = all(isinstance(side, ast.Name) or type(getattr(side, "value", "")) is int for side in (one, other))
    if isinstance(op, ast.In | ast.NotIn):
        held, text = getattr(other, "value", ""), getattr(one, "value", "")
        if not isinstance(held, str) or (not isinstance(text, str) and isinstance(other, ast.Name)):
            raise InputError("'in' in a filter asks for a text in a list or in a text")
    elif not isinstance(op, ast.Eq | ast.NotEq) and not numbers:
        raise InputError("only numbers are smaller or larger than each other in a filter")
