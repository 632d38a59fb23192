"""What a rule's silence depends on: the hooks that could have produced an event that it looks for or considers, the
values that a call gives, and the first moments of a process."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from monitor.analysis.consent import named, timelines
from monitor.analysis.coverage.past import Past
from monitor.analysis.coverage.seen import LateProcess, Seen, Unread
from monitor.analysis.recipient import party
from monitor.analysis.rules import answers, given, model
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.plan import Check, shared
from monitor.base.yamlfile import load
from monitor.events import DATA_KEPT
from monitor.knowledge.catalogue import Row
from monitor.knowledge.tables import Hosts
from monitor.session.declaration import Declaration

#: Kinds of events that rows with an observer produce.
_GIVES: Final = {
    name: frozenset(one["kinds"])
    for one in load(Path(__file__).with_name("observers.yaml"))
    for name in one["observers"]
}
#: What rows keep of a result or an argument that is a value.
_VALUES: Final = frozenset("value location wifi_info account clip fields cells".split())
#: Scopes whose withdrawal ends collection: a switch for recommendations, or for statistics alone, does not.
_WITHDRAWN: Final = ("policy", "account", "sensitive:", "purpose:")


class Situation:
    """What a witness is checked against: what a session showed, and what its hooks could have observed."""

    def __init__(
        self,
        seen: Seen,
        declaration: Declaration,
        marks: Iterable[timelines.KeptMark] = (),
        rows: Iterable[Row] = (),
        contexts: Mapping[str, Context] | None = None,
        newest: int = 0,
        hosts: Hosts | None = None,
    ) -> None:
        """``rows``: of the catalogue; ``contexts``: what is known of each app; ``newest``: time of the last event;
        ``hosts``: whose they are."""
        self._hosts = hosts or Hosts({})
        self._contexts = contexts or {}
        self.rows = {row.id: row for row in rows}
        self.seen = seen
        self.declaration = declaration
        self.states: dict[str, set[str]] = {}
        """Those that each scope of consent ever had."""
        self.withdrawn_us: int | None = None
        """How long the session went on after the first withdrawal that ends collection; None: nothing was withdrawn."""
        for mark in marks:
            self.states.setdefault(mark.scope, set()).add(mark.state)
            if mark.state == "withdrawn" and mark.scope.startswith(_WITHDRAWN) and mark.scope != named.ANALYTICS:
                self.withdrawn_us = max(self.withdrawn_us or 0, newest - mark.t)

    def carried(self, one: Past) -> Unread:
        """What went past the proxy, as a message to that host that nobody could read."""
        return Unread(one.host, party(one.host, self._hosts, self.declaration).org)

    def had(self, scope: str, state: str) -> bool:
        """Whether a consent scope (or any that begins with it, for ``permission:``) was ever in a state."""
        return any(
            state in found
            for name, found in self.states.items()
            if name == scope or (scope.endswith(":") and name.startswith(scope))
        )

    def late(self, rule: Rule) -> list[LateProcess]:
        """The processes in whose first moments, not watched, something may have been that a rule looks for."""
        return [one for one in self.seen.late if any(self._doubted(check, one) for check in rule.plan)]

    def _doubted(self, check: Check, late: LateProcess) -> bool:
        """Nothing was before consent once there was consent, nor after a refusal where nothing was refused."""
        kind, context = check.pattern.type, self._contexts.get(late.app)
        if context is None or late.start is None:
            return True
        if kind == "before_consent" and check.pattern.scopes == ["policy"]:
            return not answers.lasting(context, "policy", late.start)
        return kind != "after_refusal" or context.consent.lines.refused

    def unreliable(self, rule: Rule) -> list[str]:
        """Lost or unproven hooks on which a rule depends; a hook of an unknown row counts."""
        faulty = ((hook, self.rows.get(hook)) for hook in sorted(self.seen.faulty))
        return [hook for hook, row in faulty if row is None or self.needs(rule, row)]

    def needs(self, rule: Rule, row: Row) -> bool:
        """Whether a call missed by the row's hook could have changed the rule's result."""
        gives = _GIVES.get(row.observer)
        select = [*row.select.map.values(), row.select.otherwise] if row.select else []
        types = [row.data_type, *row.also, *select]
        for check in rule.plan:
            beside = {kind for one in (check.after, check.not_after, check.then) if one for kind in one.filters}
            # Such events, or the screen and the user's actions, to which they belong.
            if gives is None or gives & {*check.kinds, *beside} or (gives & model.HISTORY and not check.by_call):
                return True
            if "api_call" in check.kinds and self._possible(check, "api_call", row.role, types):
                return True
            # A value whose read or encoding was missed is not recognised when it leaves.
            if row.role in ("source", "transform") and self._by_value(check, row.role, types):
                return True
        return False

    def unread(self, rule: Rule) -> list[str]:
        """Types of values that the rule looks for where they are read, and that were sent although no call was seen
        reading them; not where the app may have kept them since an earlier session."""
        sent = {one for context in self._contexts.values() for one in context.values.unread()}
        reads = [check for check in rule.plan if "api_call" in check.kinds]
        seen = sent if not self.seen.lives[DATA_KEPT] else ()
        return sorted(one for one in seen if any(self._possible(check, "api_call", "source", [one]) for check in reads))

    def recognises(self, rule: Rule) -> bool:
        """Whether a known value could have been one that the rule looks for in what is sent, if it looks for any."""
        by_value = [check for check in rule.plan if "transmission" in check.kinds and check.per_type]
        return not by_value or any(self._by_value(check, "source", self.seen.known) for check in by_value)

    def only_counted(self, counts: Mapping[tuple[str, str, str], int], rule: Rule | None = None) -> Counter[str]:
        """Calls by hook of which the values, or some of them, were not searched for (``counts``, by hook, role and data
        type); of a rule, those on whose values it depends."""
        found: Counter[str] = Counter()
        for (hook, role, data_type), count in counts.items():
            needed = rule is None or any(self._by_value(check, role, [data_type]) for check in rule.plan)
            found[hook] += count if needed and _gives_values(self.rows.get(hook), role) else 0
        return +found

    def _by_value(self, check: Check, role: str, types: Iterable[str]) -> bool:
        """Whether a value that a source returned, or that went into a transform, can have been what it looks for."""
        if "transmission" not in check.kinds or not check.per_type:
            return False
        return role == "transform" or self._possible(check, "transmission", role, types)

    def _possible(self, check: Check, kind: str, role: str, types: Iterable[str]) -> bool:
        """Whether an event of this kind and of one of the data types could pass its filter."""
        shares = (shared(kind, given.Subject(one), self.declaration) for one in dict.fromkeys(types) if one != "ignore")
        return any(check.left(kind, {**common, "role": role}) is not None for common in shares)


def _gives_values(row: Row | None, role: str) -> bool:
    """Whether a call tells values that are searched for where they leave. Of a row that nobody knows it may."""
    if row is None:
        return role == "source"
    if row.role == "source":
        later = row.delivers.keep if row.delivers else None
        return not row.hot and bool(_VALUES & {row.result, later, *(arg.keep for arg in row.args)})
    observers = ("transform", "transform_part") if row.role == "transform" else ("cursor",)
    return not row.hot and row.observer in observers
