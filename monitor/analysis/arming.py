"""What the correlator works with: judges with their rules, kinds of calls with who wants them, events in order."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from monitor.analysis.context import Subject
from monitor.analysis.judge import Hit, Judge
from monitor.analysis.model import KIND_OF
from monitor.analysis.rules import Rule
from monitor.analysis.verdicts import NOBODY
from monitor.events import ApiCall, Event, Transmission

_PERMISSION_KINDS: Final = frozenset({"permission_request", "permission_result", "prompt"})
_TYPE_NAMES: Final = frozenset(
    """data_type personal sensitive declared risk_control immutable advertising_id other_id static_id certainty
    known_value in_query unavoidable""".split()
)


class Armed(NamedTuple):
    """A judge with its rule, and how finely an event is taken apart for it."""

    rule: Rule
    judge: Judge
    per_type: bool
    per_permission: bool
    gate: dict[Any, deque[Hit]]


class CallKind:
    """Calls with one hook, role, data type, SDK and outcome: how many there were, and which judges want them."""

    __slots__ = ("armed", "count", "hook", "picky", "subject", "wanted")

    def __init__(self, hook: str, data_type: str, armed: tuple[Armed, ...]) -> None:
        self.hook = hook
        self.count = 0
        self.subject = Subject(data_type)
        self.wanted = bool(armed)
        self.armed = tuple((item, item.judge.dynamic["api_call"]) for item in armed)
        arrival = [item.judge.arrival for item in armed]
        self.picky = tuple(test for test in arrival if test is not None)
        """Tests of the event alone, where every judge has one: calls that fail all of them need not wait."""
        if len(self.picky) < len(armed) or data_type == "location":
            self.picky = ()

    def idle(self, event: ApiCall) -> bool:
        """Whether no judge can make anything of this one: it fails every test and brings no value to remember."""
        if event.values:
            return False
        for test in self.picky:  # noqa: SIM110 - a generator costs more than the tests
            if test(event, None, self.subject):
                return False
        return True


class Waiting:
    """Events by time, then position. Most come in order: those are kept in a plain row, the others in a heap.

    An item is ``(t, order, number of arrival, event, what is known of it)``.
    """

    __slots__ = ("_arrived", "_last", "_row", "_strays")

    def __init__(self) -> None:
        self._row: deque[tuple[int, int, int, Event, CallKind | None]] = deque()
        self._strays: list[tuple[int, int, int, Event, CallKind | None]] = []
        self._last = (0, 0)
        self._arrived = 0

    def push(self, t: int, order: int, event: Event, known: CallKind | None = None) -> None:
        """Take an event in."""
        self._arrived += 1
        item = (t, order, self._arrived, event, known)
        if not self._row or (t, order) >= self._last:
            self._last = (t, order)
            self._row.append(item)
        else:
            heapq.heappush(self._strays, item)

    def first(self) -> int | None:
        """Time of the earliest event, None = nothing waits."""
        row, strays = self._row, self._strays
        if row:
            return min(row[0][0], strays[0][0]) if strays else row[0][0]
        return strays[0][0] if strays else None

    def take(self, until: int | None) -> Iterator[tuple[Event, CallKind | None]]:
        """The events up to a time in order, None = all; they wait no more."""
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


def arm(rule: Rule, judge: Judge) -> Armed:
    """A judge made ready for an analysis."""
    used = judge.names | {
        part for scope in judge.pattern.scopes for part in ("data_type", "permission") if part in scope
    }
    grouped = set(rule.text.group_by)
    per_type = bool(used & _TYPE_NAMES) or "data_type" in grouped or "equivalent" in judge.pattern.scopes
    if judge.pattern.field in ("sdk", "sdk_host"):
        per_type = False
    per_permission = "permission" in used | grouped or bool(used & {"dangerous", "special_access", "shown_prompt"})
    return Armed(rule, judge, per_type, per_permission, {})


def matched(event: Transmission) -> list[Subject]:
    """The data types in a transmission, each with its best match."""
    best: dict[str, Subject] = {}
    for match in event.matches:
        known = best.get(match.data_type)
        if known is None or (known.certainty != "found" and match.certainty == "found"):
            best[match.data_type] = Subject(match.data_type, match.certainty, match.tag, match.path, "", match.form)
    return list(best.values())


def subjects(event: Event, item: Armed) -> Iterable[Subject]:
    """The parts of an event other than its data types that a judge looks at one by one."""
    if item.per_permission and KIND_OF[type(event)] in _PERMISSION_KINDS:
        names = getattr(event, "permissions", None) or [getattr(event, "permission", "")]
        return [Subject(permission=name) for name in names]
    return (NOBODY,)
