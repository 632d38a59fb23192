"""``where:`` filters: a small, closed subset of Python expressions, checked on the syntax tree and compiled.

Allowed: names, literals (text, integer, true/false, tuples and lists of them), ``and or not``, comparisons and ``in``.
No calls, attributes, indexing, arithmetic: nothing that can run code or take long.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from monitor.errors import InputError

MAX_LENGTH = 600
#: Cached filters: enough for all rules under several profiles.
REMEMBERED: Final = 4096
_COMPARE = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
Filter = Callable[[Any, Any, Any], bool]


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
        _check(tree)
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


def compile_filter(parts: Sequence[ast.expr], derived: dict[str, Callable[..., Any]], fields: Collection[str],
                   kind: str = "") -> Filter | None:  # fmt: skip
    """``f(event, context, subject)`` for a conjunction, None for an empty one.

    A name is a fact that applies to this ``kind`` of event (called with the three) or one of its fields. Raises
    ``InputError`` for any other.
    """
    if not parts:
        return None
    used: set[str] = set().union(*(names(part) for part in parts))
    unknown = sorted(used - set(derived) - set(fields))
    if unknown:
        of = f"neither a fact nor a field of {kind}" if kind else "unknown"
        raise InputError(f"a filter uses the name {unknown[0]!r}: {of}", hint="monitor rules facts")
    body = parts[0] if len(parts) == 1 else ast.BoolOp(op=ast.And(), values=list(parts))
    body = _Names(derived).visit(ast.parse(ast.unparse(body), mode="eval").body)
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg(n) for n in ("e", "c", "s")], kwonlyargs=[], kw_defaults=[],
                              defaults=[])  # fmt: skip
    code = ast.fix_missing_locations(ast.Expression(ast.Lambda(args=arguments, body=body)))
    scope = {"__builtins__": {}, **{f"_{name}": derived[name] for name in used if name in derived}}
    made: Filter = eval(compile(code, "<where>", "eval"), scope)
    return made


class _Names(ast.NodeTransformer):
    def __init__(self, derived: dict[str, Callable[..., Any]]) -> None:
        self._derived = derived

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A derived fact becomes a call of it, a field an attribute of the event."""
        load = ast.Load()
        if node.id in self._derived:
            args: list[ast.expr] = [ast.Name("e", load), ast.Name("c", load), ast.Name("s", load)]
            return ast.Call(ast.Name(f"_{node.id}", load), args, [])
        return ast.Attribute(ast.Name("e", load), node.id, load)


def _comparable(op: ast.cmpop, one: ast.expr, other: ast.expr) -> None:
    """Refuse what would fail only once an event is compared, in the middle of a session."""
    if isinstance(op, ast.In | ast.NotIn):
        held = isinstance(one, ast.Constant) and not isinstance(one.value, str) and isinstance(other, ast.Name)
        if held or (isinstance(other, ast.Constant) and not isinstance(other.value, str)):
            raise InputError("'in' in a filter asks for a text in a list or in a text")
    elif isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        for side in (one, other):
            if not (isinstance(side, ast.Name) or (isinstance(side, ast.Constant) and type(side.value) is int)):
                raise InputError("only numbers are smaller or larger than each other in a filter")


def _check(node: ast.AST) -> None:
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _check(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check(operand)
        case ast.Compare(left=left, ops=ops, comparators=others):
            if not all(isinstance(op, _COMPARE) for op in ops):
                raise InputError("a filter uses a comparison that is not allowed")
            for part in (left, *others):
                _check(part)
            for op, one, other in zip(ops, (left, *others), others, strict=False):
                _comparable(op, one, other)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                if not isinstance(item, ast.Constant):
                    raise InputError("a list in a filter holds literals only")
        case ast.Constant(value=value):
            if not isinstance(value, str | int | bool):
                raise InputError("a literal in a filter is text, an integer, True or False")
        case ast.Name(id=name):
            if name.startswith("_"):
                raise InputError(f"a filter uses the unknown name {name!r}")
        case _:
            raise InputError(
                f"a filter holds {type(node).__name__}, which is not allowed",
                hint="allowed: names, literals, and, or, not, comparisons, in",
            )
