"""What a rule's silence depends on: the hooks that could have produced an event that it looks for or considers, the
values that a call gives, and the first moments of a process."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from monitor.analysis.coverage.seen import LateProcess
from monitor.analysis.rules.answers import lasting
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.model import HISTORY
from monitor.analysis.rules.plan import Check, shared
from monitor.base.yamlfile import load
from monitor.knowledge.catalogue import Row
from monitor.session.declaration import Declaration

#: Kinds of events that rows with an observer produce.
_GIVES: Final = {
    name: frozenset(one["kinds"])
    for one in load(Path(__file__).with_name("observers.yaml"))
    for name in one["observers"]
}
#: What rows keep of a result or an argument that is a value.
_VALUES: Final = frozenset("value location wifi_info account clip fields".split())


def needs(rule: Rule, row: Row, declaration: Declaration) -> bool:
    """Whether a call missed by the row's hook could have changed the rule's result."""
    gives = _GIVES.get(row.observer)
    if gives is None:
        return True
    return any(_from_context(check, gives) or _from_call(check, row, declaration) for check in rule.plan)


def _from_context(check: Check, gives: frozenset[str]) -> bool:
    """Whether it looks for such events, or considers the screen and the user's actions, to which they belong."""
    neighbours = (check.after, check.not_after, check.then)
    beside = {kind for one in neighbours if one for kind in one.filters}
    return bool(gives & {*check.kinds, *beside} or (gives & HISTORY and not check.by_call))


def _from_call(check: Check, row: Row, declaration: Declaration) -> bool:
    """Whether a call of the row, or a value that it returned, could be what the rule looks for."""
    select = [*row.select.map.values(), row.select.otherwise] if row.select else []
    types = [row.data_type, *row.also, *select]
    if "api_call" in check.kinds and _possible(check, "api_call", row.role, types, declaration):
        return True
    # A value whose read or encoding was missed is not recognised when it leaves.
    return row.role in ("source", "transform") and _from_value(check, row.role, types, declaration)


def needs_values(rule: Rule, role: str, data_type: str, declaration: Declaration) -> bool:
    """Whether a value that a source returned, or that went into a transform, could have changed the rule's result."""
    return any(_from_value(check, role, [data_type], declaration) for check in rule.plan)


def _from_value(check: Check, role: str, types: Iterable[str], declaration: Declaration) -> bool:
    if "transmission" not in check.kinds or not check.per_type:
        return False
    return role == "transform" or _possible(check, "transmission", role, types, declaration)


def _possible(check: Check, kind: str, role: str, types: Iterable[str], declaration: Declaration) -> bool:
    """Whether an event of this kind and of one of the data types could pass its filter."""
    shares = (shared(kind, Subject(one), declaration) for one in dict.fromkeys(types) if one != "ignore")
    return any(check.left(kind, {**common, "role": role}) is not None for common in shares)


def gives_values(row: Row | None, role: str) -> bool:
    """Whether a call tells values that are searched for where they leave. Of a row that nobody knows it may."""
    if row is None:
        return role == "source"
    if row.hot:
        return False
    if row.role == "transform":
        return row.observer in ("transform", "transform_part")
    if row.role == "source":
        return bool(_VALUES & {row.result, *(arg.keep for arg in row.args)})
    return row.observer == "cursor"


def doubted(check: Check, late: LateProcess, context: Context | None) -> bool:
    """Whether what a pattern looks for may have been in the moments of a process that were not watched: nothing was
    before consent once there was consent, nor after a refusal where nothing was refused."""
    kind = check.pattern.type
    if context is None or late.start is None:
        return True
    if kind == "before_consent" and check.pattern.scopes == ["policy"]:
        return not lasting(context, "policy", late.start)
    return kind != "after_refusal" or context.consent.lines.refused
