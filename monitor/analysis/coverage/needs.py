"""The hooks on which a rule's silence depends: those that could have produced an event that it looks for or
considers."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, Final

from monitor.analysis.rules.context import Subject
from monitor.analysis.rules.evaluator import Evaluator
from monitor.analysis.rules.expression import parse
from monitor.analysis.rules.facts import ALONE, FACTS, STATIC
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.model import HISTORY
from monitor.catalogue import Row
from monitor.declaration import Declaration
from monitor.events import KINDS

_ASKED: Final = frozenset({"permission_request", "permission_result", "prompt"})
#: Kinds of events that rows with an observer produce; any other observer serves all hooks or all stacks.
_GIVES: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset(),
    "cursor": frozenset(),
    "unpin": frozenset(),
    "unpin_managers": frozenset(),
    **dict.fromkeys(("permission_request", "permission_result"), _ASKED),
    **dict.fromkeys(("window_added", "window_removed", "window_settled", "toast"), frozenset({"window"})),
    **dict.fromkeys(("tap", "item_tap", "link_tap", "consent"), frozenset({"tap", "toggle", "consent"})),
    **dict.fromkeys(("activity", "application", "provider", "service", "receiver", "exit"), frozenset({"lifecycle"})),
    **dict.fromkeys(("request", "page", "page_part"), frozenset({"connection", "transmission"})),
}  # fmt: skip
_OPERATORS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
#: What only a call could show.
_UNKNOWN: Final = object()


def needs(rule: Rule, row: Row, declaration: Declaration) -> bool:
    """Whether a call missed by the row's hook could have changed the rule's result."""
    gives = _GIVES.get(row.observer)
    if gives is None:
        return True
    return any(
        _from_context(one, gives) or _from_call(one, row, one.per_type(rule.text.group_by), declaration)
        for one in rule.evaluators()
    )


def _from_context(evaluator: Evaluator, gives: frozenset[str]) -> bool:
    """Whether it looks for such events, or considers the screen and the user's actions, to which they belong."""
    pattern, kinds = evaluator.pattern, frozenset(evaluator.kinds)
    neighbours = [pattern.after, pattern.not_after, pattern.followed_by, pattern.not_followed_by]
    beside = {kind for find in neighbours if find for kind in find.kinds}
    fields = {name for kind in kinds for name in KINDS[kind].__struct_fields__}
    alone = evaluator.names <= fields | ALONE | STATIC and not pattern.scopes
    return bool(gives & (kinds | beside) or (gives & HISTORY and not alone))


def _from_call(evaluator: Evaluator, row: Row, per_type: bool, declaration: Declaration) -> bool:
    """Whether a call of the row, or a value that it returned, could be what the rule looks for."""
    tree = parse(evaluator.pattern.where)
    if "api_call" in evaluator.kinds and _possible(tree, "api_call", row, declaration):
        return True
    # A value whose read or encoding was missed is not recognised when it leaves.
    if "transmission" not in evaluator.kinds or not per_type or row.role not in ("source", "transform"):
        return False
    return row.role == "transform" or _possible(tree, "transmission", row, declaration)


def _possible(tree: ast.expr, kind: str, row: Row, declaration: Declaration) -> bool:
    """Whether an event of this kind and of one of the row's data types could pass a filter."""
    selected = [*row.select.map.values(), row.select.otherwise] if row.select else []
    types = dict.fromkeys([row.data_type, *row.also, *selected])
    return any(_value(tree, _Known(kind, row, one, declaration)) is not False for one in types if one != "ignore")


class _Call:
    """A call of which only the row is known."""

    def __init__(self, role: str) -> None:
        self.role = role

    def __getattr__(self, name: str) -> Any:
        raise LookupError(name)


class _Known:
    """The values of a filter's names, as far as role and data type determine them."""

    def __init__(self, kind: str, row: Row, data_type: str, declaration: Declaration) -> None:
        self._call = _Call(row.role)
        self._role = row.role if kind == "api_call" else _UNKNOWN
        self._context: Any = SimpleNamespace(declaration=declaration)
        self._subject = Subject(data_type)

    def __getitem__(self, name: str) -> Any:
        if name == "role":
            return self._role
        if name not in FACTS or not FACTS[name].static:
            return _UNKNOWN
        call: Any = self._call
        try:
            return FACTS[name].compute(call, self._context, self._subject)
        except (LookupError, AttributeError):
            return _UNKNOWN


def _value(node: ast.expr, known: _Known) -> Any:
    """The value of a filter's part, or ``_UNKNOWN``."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return [_value(item, known) for item in items]
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(operand=operand):
            value = _value(operand, known)
            return _UNKNOWN if value is _UNKNOWN else not value
        case ast.BoolOp(op=op, values=parts):
            decisive = isinstance(op, ast.Or)
            values = [value if value is _UNKNOWN else bool(value) for value in (_value(part, known) for part in parts)]
            if decisive in values:
                return decisive
            return _UNKNOWN if _UNKNOWN in values else not decisive
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [_value(part, known) for part in (left, *others)]
            if any(value is _UNKNOWN for value in values):
                return _UNKNOWN
            return all(_OPERATORS[type(op)](a, b) for op, a, b in zip(ops, values, values[1:], strict=False))
    return _UNKNOWN
