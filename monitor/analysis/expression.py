"""``where:`` filters: a small, closed subset of Python expressions, checked on the syntax tree and compiled.

Allowed: names, literals (text, integer, true/false, tuples and lists of them), ``and or not``, comparisons and ``in``.
No calls, attributes, indexing, arithmetic: nothing that can run code or take long.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from typing import Any

from monitor.errors import InputError

MAX_LENGTH = 600
_COMPARE = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
Filter = Callable[[Any, Any, Any], bool]


def parse(text: str, where: str = "") -> ast.expr:
    """The checked syntax tree. Raises ``InputError`` naming what is not allowed."""
    if len(text) > MAX_LENGTH:
        raise InputError(f"a filter is longer than {MAX_LENGTH} characters", where=where)
    try:
        tree = ast.parse(text.strip().replace("\n", " "), mode="eval").body
        _check(tree, where)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError(f"not a filter: {text.strip()[:80]!r}", where=where, hint="see README, rules") from None
    return tree


def names(tree: ast.expr) -> set[str]:
    """The names a filter uses."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def conjuncts(tree: ast.expr) -> list[ast.expr]:
    """The parts of a top-level ``and``."""
    return list(tree.values) if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]


def compile_filter(parts: list[ast.expr], derived: dict[str, Callable[..., Any]], fields: Collection[str],
                   where: str = "") -> Filter | None:  # fmt: skip
    """``f(event, context, subject)`` for a conjunction, None for an empty one.

    A name is a derived fact (called with the three) or a field of the event. Raises ``InputError`` for any other.
    """
    if not parts:
        return None
    used = set().union(*(names(part) for part in parts))
    unknown = sorted(used - set(derived) - set(fields))
    if unknown:
        raise InputError(f"a filter uses the unknown name {unknown[0]!r}", where=where)
    body = parts[0] if len(parts) == 1 else ast.BoolOp(op=ast.And(), values=parts)
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


def _check(node: ast.AST, where: str) -> None:
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                _check(value, where)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check(operand, where)
        case ast.Compare(left=left, ops=ops, comparators=others):
            if not all(isinstance(op, _COMPARE) for op in ops):
                raise InputError("a filter uses a comparison that is not allowed", where=where)
            for part in (left, *others):
                _check(part, where)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                if not isinstance(item, ast.Constant):
                    raise InputError("a list in a filter holds literals only", where=where)
        case ast.Constant(value=value):
            if not isinstance(value, str | int | bool):
                raise InputError("a literal in a filter is text, an integer, True or False", where=where)
        case ast.Name(id=name):
            if name.startswith("_"):
                raise InputError(f"a filter uses the unknown name {name!r}", where=where)
        case _:
            raise InputError(
                f"a filter holds {type(node).__name__}, which is not allowed",
                where=where,
                hint="allowed: names, literals, and, or, not, comparisons, in",
            )
