"""The correlator's working data: evaluators with their rules, kinds of calls with their evaluators, events in order."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from monitor.analysis.rules.answers import NOBODY
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.rules.evaluator import Evaluator, Hit
from monitor.analysis.rules.expression import Filter
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.model import KIND_OF
from monitor.events import ApiCall, Event, Transmission

_PERMISSION_KINDS: Final = frozenset({"permission_request", "permission_result", "prompt"})


@dataclass(slots=True, eq=False)
class Bound:
    """An evaluator with its rule, and how an event is split for it."""

    rule: Rule
    evaluator: Evaluator
    per_type: bool
    per_permission: bool
    on_call: Filter | None
    """Its filter of calls, once the static part holds."""
    evaluate: Callable[[Any, Context, Subject], Iterable[Hit]]
    gate: dict[Any, deque[Hit]] = field(default_factory=dict)


class CallKind:
    """Calls with one hook, role, data type, SDK and outcome: their number, and the evaluators that need them."""

    __slots__ = ("_awake", "_bound", "_state", "count", "hook", "picky", "subject", "wanted")

    def __init__(self, hook: str, data_type: str, bound: tuple[Bound, ...]) -> None:
        self.hook = hook
        self.count = 0
        self.subject = Subject(data_type)
        self.wanted = bool(bound)
        self._bound = bound
        self._awake: Sequence[Bound] = bound
        self._state: object = None
        arrival = [item.evaluator.arrival for item in bound]
        tests = dict.fromkeys(test for test in arrival if test is not None)
        self.picky = () if None in arrival or data_type == "location" else tuple(tests)
        """Tests of the event alone, where every evaluator has one: calls that fail all of them need not wait."""

    def awake(self, context: Context) -> Sequence[Bound]:
        """The evaluators for which a call can be a hit in this state of the app."""
        if self._state is not context.state:
            self._state = context.state
            self._awake = tuple(item for item in self._bound if item.evaluator.awake(context))
        return self._awake

    def idle(self, event: ApiCall) -> bool:
        """Whether no evaluator needs this call: it fails every test and returns no value to remember."""
        if event.values:
            return False
        for test in self.picky:  # noqa: SIM110 - a generator costs more than the tests
            if test(event, None, self.subject):
                return False
        return True


class Waiting:
    """Events by time, then position. Most arrive in order and are kept in a queue, the others in a heap.

    An item is ``(t, order, arrival number, event, what is known of it)``.
    """

    __slots__ = ("_arrived", "_last", "_row", "_strays")

    def __init__(self) -> None:
        self._row: deque[tuple[int, int, int, Event, CallKind | None]] = deque()
        self._strays: list[tuple[int, int, int, Event, CallKind | None]] = []
        self._last = (0, 0)
        self._arrived = 0

    def push(self, t: int, order: int, event: Event, known: CallKind | None = None) -> None:
        """Add an event."""
        self._arrived += 1
        item = (t, order, self._arrived, event, known)
        if not self._row or (t, order) >= self._last:
            self._last = (t, order)
            self._row.append(item)
        else:
            heapq.heappush(self._strays, item)

    def first(self) -> int | None:
        """Time of the earliest event, None = none is waiting."""
        row, strays = self._row, self._strays
        if row:
            return min(row[0][0], strays[0][0]) if strays else row[0][0]
        return strays[0][0] if strays else None

    def take(self, until: int | None) -> Iterator[tuple[Event, CallKind | None]]:
        """Remove and return the events up to a time in order, None = all."""
        row, strays = self._row, self._strays
        while row or strays:
            stray = bool(strays) and (not row or strays[0] < row[0])
            head = strays[0] if stray else row[0]
            if until is not None and head[0] > until:
                return
            if stray:
                heapq.heappop(strays)
            else:
                row.popleft()
            yield head[3], head[4]


def bind(rule: Rule, evaluator: Evaluator) -> Bound:
    """An evaluator prepared for an analysis."""
    used = evaluator.names | {
        part for scope in evaluator.pattern.scopes for part in ("data_type", "permission") if part in scope
    }
    grouped = set(rule.text.group_by)
    per_permission = "permission" in used | grouped or bool(used & {"dangerous", "special_access", "shown_prompt"})
    on_call = evaluator.dynamic.get("api_call")
    return Bound(rule, evaluator, evaluator.per_type(grouped), per_permission, on_call, evaluator.evaluate)


def matched(event: Transmission) -> list[Subject]:
    """The data types in a transmission, each with its best match."""
    best: dict[str, Subject] = {}
    for match in event.matches:
        known = best.get(match.data_type)
        if known is None or (known.certainty != "found" and match.certainty == "found"):
            best[match.data_type] = Subject(match.data_type, match.certainty, match.tag, match.path, "", match.form)
    return list(best.values())


def subjects(event: Event, item: Bound) -> Iterable[Subject]:
    """The parts of an event, other than its data types, that an evaluator examines individually."""
    if item.per_permission and KIND_OF[type(event)] in _PERMISSION_KINDS:
        names = getattr(event, "permissions", None) or [getattr(event, "permission", "")]
        return [Subject(permission=name) for name in names]
    return (NOBODY,)
