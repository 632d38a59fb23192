"""The judge: events in, findings out. One streaming pass, bounded memory, no clock, no input or output.

An event waits until everything that can bear on it has arrived: the allowed lateness, twice the largest error of time
(an access and a consent each bring their own), and the time in which two witnesses of one tap are paired. What is seen
live, replayed from the log and analysed as a batch is therefore the same.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from monitor.analysis.consent import PAIR_US
from monitor.analysis.context import CONTEXT, Context, Facts, Subject
from monitor.analysis.coverage import Coverage, Seen, Situation, hook_lines, item_lines, rule_line
from monitor.analysis.findings import Finding
from monitor.analysis.judge import Hit, Judge
from monitor.analysis.ledger import Ledger
from monitor.analysis.rules import Rule
from monitor.analysis.verdicts import NOBODY
from monitor.declaration import Declaration, none
from monitor.events import ApiCall, Consent, Event, Health, Transmission
from monitor.tables import Hosts, Organisation, Sdk

LATENESS_US: Final = 5_000_000
#: Judging goes on in steps of this length, which costs less than event by event.
_BATCH_US: Final = 250_000
_ERR_CAP_US: Final = 5_000_000
_FLOWS: Final = 2048
_PERMISSION_KINDS: Final = frozenset({"permission_request", "permission_result", "prompt"})
_TYPE_NAMES: Final = frozenset(
    """data_type personal sensitive declared risk_control immutable advertising_id other_id static_id certainty
    known_value in_query unavoidable""".split()
)


class Result(NamedTuple):
    """What an analysis ends with."""

    findings: list[Finding]
    coverage: list[Coverage]


class _Armed(NamedTuple):
    """A judge with its rule, and how finely an event is taken apart for it."""

    rule: Rule
    judge: Judge
    per_type: bool
    per_permission: bool
    gate: dict[Any, deque[Hit]]


class Analysis:
    """Feed events in the order of the log, then ``close``. One instance judges one log."""

    def __init__(
        self,
        rules: Sequence[Rule],
        declaration: Declaration | None = None,
        *,
        organisations: Mapping[str, Organisation] | None = None,
        sdks: Mapping[str, Sdk] | None = None,
        hooks: Iterable[str] = (),
        lateness_us: int = LATENESS_US,
        max_err_us: int = 100_000,
    ) -> None:
        """``hooks``: ids of catalogue rows, for the coverage of hooks that never reported."""
        self.declaration = declaration or none()
        table = dict(organisations or {})
        self._facts = Facts(self.declaration, table, dict(sdks or {}), Hosts(table))
        self._rules = list(rules)
        self._hooks = list(hooks)
        self._armed: dict[str, list[_Armed]] = {}
        self._every = [_arm(rule, judge) for rule in self._rules for judge in rule.judges()]
        for armed in self._every:
            for kind in armed.judge.kinds:
                self._armed.setdefault(kind, []).append(armed)
        self._waiting_kinds = [a for a in self._every if a.judge.pattern.followed_by or a.judge.pattern.not_followed_by]
        self._calls: dict[tuple[str, str, str, str], tuple[_Armed, ...]] = {}
        self._contexts: dict[str, Context] = {}
        self._ledger = Ledger(self._facts)
        self._seen = Seen()
        self._hook_calls = self._seen.calls
        self._context_queue: list[tuple[int, int, Event]] = []
        self._queue: list[tuple[int, int, Event]] = []
        self._lateness = lateness_us
        self._err = max_err_us
        self._newest = 0
        self._judged = 0
        self._late: list[int] = []
        self._flows: dict[str, Transmission] = {}
        self._closed: Result | None = None
        self._fed = 0

    def feed(self, event: Event) -> list[Finding]:
        """Take the next event in. Returns findings that are new or say more than before (provisional counts)."""
        self._fed += 1
        if event.t > self._newest:
            self._newest = event.t
        if event.err > self._err:
            self._err = min(event.err, _ERR_CAP_US)
        if type(event) is ApiCall:
            if event.hook:  # what the scenario typed has none
                self._hook_calls[event.hook] += event.count
            armed = self._calls.get((event.role, event.data_type, event.sdk, event.outcome))
            if armed is None:
                self._seen.call(event)
                armed = self._relevant(event)
                self._calls[(event.role, event.data_type, event.sdk, event.outcome)] = armed
            if armed:
                heapq.heappush(self._queue, (event.t, event.seq or self._fed, event))
        else:
            self._other(event)
        if self._queue and self._queue[0][0] <= self._newest - self._lateness - 2 * self._err - PAIR_US - _BATCH_US:
            return self._advance(self._newest)
        return []

    def close(self) -> Result:
        """Decide what is still open. May be called once or more; the result is the same."""
        if self._closed is None:
            self._advance(None)
            for armed in self._waiting_kinds:
                for context in self._contexts.values():
                    for hit in armed.judge.finish(context, self._newest):
                        self._take(armed, hit, context)
            self._closed = self._result()
        return self._closed

    def consent(self, app: str) -> dict[str, list[Any]]:
        """The marks of an app's consent timeline by scope (for reports)."""
        context = self._contexts.get(app)
        return {scope: list(line.marks) for scope, line in context.consent.scopes.items()} if context else {}

    # Arrival ------------------------------------------------------------------------------------------------------

    def _other(self, event: Event) -> None:
        self._seen.other(event)
        kind = str(event.__struct_config__.tag)
        item = (event.t, event.seq or self._fed, event)
        if isinstance(event, Consent) and event.via == "operator":
            self._context(event.app).consent.stated = True
        if kind in CONTEXT:
            heapq.heappush(self._context_queue, item)
            heapq.heappush(self._queue, item)
        elif isinstance(event, Transmission):
            self._flows[event.flow] = event
            if len(self._flows) > _FLOWS:
                del self._flows[next(iter(self._flows))]
            heapq.heappush(self._queue, item)
        elif kind in self._armed:
            heapq.heappush(self._queue, item)
        elif isinstance(event, Health) and event.what == "late_needle":
            self._late_needle(event)
        elif isinstance(event, Health) and (event.component, event.what) == ("import", "started"):
            self._context(event.app).consent.unseen = True

    def _late_needle(self, event: Health) -> None:
        """A value that was recognised in a transmission only afterwards raises the grade of what read it."""
        flow = self._flows.get(event.detail.get("flow", ""))
        if flow is not None:
            self._ledger.left(event.detail.get("tag", ""), flow, (flow.seq, event.seq))

    def _relevant(self, event: ApiCall) -> tuple[_Armed, ...]:
        context = self._context(event.app)
        subject = Subject(event.data_type)
        return tuple(
            armed
            for armed in self._armed.get("api_call", ())
            if (armed.judge.static is None or armed.judge.static(event, context, subject))
            and not armed.judge.settled(event, context, subject)
        )

    def _context(self, app: str) -> Context:
        context = self._contexts.get(app)
        if context is None:
            context = self._contexts[app] = Context(self._facts)
        return context

    # Judgement ----------------------------------------------------------------------------------------------------

    def _advance(self, newest: int | None) -> list[Finding]:
        queue, ahead = self._queue, self._context_queue
        horizon = None if newest is None else newest - self._lateness
        ready = None if horizon is None else horizon - 2 * self._err - PAIR_US
        while ahead and (horizon is None or ahead[0][0] <= horizon):
            event = heapq.heappop(ahead)[2]
            if self._context(event.app).feed(event) and event.t - event.err <= self._judged:
                self._late.append(event.seq)
        while queue and (ready is None or queue[0][0] <= ready):
            event = heapq.heappop(queue)[2]
            self._judge(event)
        return self._ledger.news()

    def _judge(self, event: Event) -> None:
        context = self._context(event.app)
        if type(event) is ApiCall:
            armed: Sequence[_Armed] = self._calls[(event.role, event.data_type, event.sdk, event.outcome)]
            context.remember(event)
            if event.t + event.err > self._judged:
                self._judged = event.t + event.err
            subject = Subject(event.data_type)
            for item in armed:
                test = item.judge.dynamic["api_call"]
                if test is None or test(event, context, subject):
                    for hit in item.judge.judge(event, context, subject):
                        self._take(item, hit, context)
            return
        self._judge_other(event, context)
        for item in self._waiting_kinds:
            for hit in item.judge.advance(event, context):
                self._take(item, hit, context)

    def _judge_other(self, event: Event, context: Context) -> None:
        kind = str(event.__struct_config__.tag)
        if isinstance(event, Transmission):
            self._judged = max(self._judged, event.t + event.err)
        for item in self._armed.get(kind, ()):
            test = item.judge.dynamic[kind]
            for subject in _subjects(event, item):
                if test is None or test(event, context, subject):
                    for hit in item.judge.judge(event, context, subject):
                        self._take(item, hit, context)
        if isinstance(event, Transmission):
            for match in event.matches:
                if match.tag:
                    self._ledger.left(match.tag, event, (event.seq,))

    def _take(self, item: _Armed, hit: Hit, context: Context) -> None:
        """Count a hit towards its finding, once there are as many as the rule wants."""
        least = item.judge.at_least
        if least <= 1:
            self._ledger.add(item.rule, item.judge, hit, context)
            return
        held = item.gate.setdefault(self._ledger.key(item.rule, item.judge, hit), deque(maxlen=least))
        held.append(hit)
        span = item.judge.span_us
        if len(held) == least and (not span or abs(hit.event.t - held[0].event.t) <= span):
            for one in held:
                self._ledger.add(item.rule, item.judge, one, context)
            held.clear()
            if not span:
                item.gate[self._ledger.key(item.rule, item.judge, hit)] = deque([hit] * (least - 1), maxlen=least)

    def _result(self) -> Result:
        findings = self._ledger.findings()
        states: dict[str, set[str]] = {}
        notes: list[Coverage] = []
        for app in sorted(self._contexts):
            consent = self._contexts[app].consent
            for scope, line in consent.scopes.items():
                states.setdefault(scope, set()).update(mark.state for mark in line.marks)
            for note in consent.close():
                notes.append(Coverage(line="note", id=note.what, state="note", why=note.what, detail=note.detail,
                                      events=list(note.events)))  # fmt: skip
        if self._late:
            notes.append(Coverage(line="note", id="late_events", state="note", why="events came later than allowed for",
                                  detail={"count": str(len(self._late))}, events=self._late[:40]))  # fmt: skip
        situation = Situation(self._seen, self.declaration, states)
        by_rule: dict[str, list[str]] = {}
        for finding in findings:
            by_rule.setdefault(finding.rule, []).append(finding.status)
        lines = {rule.id: rule_line(rule, by_rule.get(rule.id, ()), situation) for rule in self._rules}
        coverage = [*lines.values(), *item_lines(self._rules, lines), *hook_lines(self._seen, self._hooks), *notes]
        return Result(findings, coverage)


def _arm(rule: Rule, judge: Judge) -> _Armed:
    used = judge.names | {
        part for scope in judge.pattern.scopes for part in ("data_type", "permission") if part in scope
    }
    grouped = set(rule.text.group_by)
    per_type = bool(used & _TYPE_NAMES) or "data_type" in grouped or "equivalent" in judge.pattern.scopes
    if judge.pattern.field in ("sdk", "sdk_host"):
        per_type = False
    per_permission = "permission" in used | grouped or bool(used & {"dangerous", "special_access", "shown_prompt"})
    return _Armed(rule, judge, per_type, per_permission, {})


def _subjects(event: Event, item: _Armed) -> Iterable[Subject]:
    """The parts of an event that a judge looks at one by one."""
    if isinstance(event, Transmission):
        if not item.per_type:
            return (NOBODY,)
        best: dict[str, Subject] = {}
        for match in event.matches:
            known = best.get(match.data_type)
            if known is None or (known.certainty != "found" and match.certainty == "found"):
                best[match.data_type] = Subject(match.data_type, match.certainty, match.tag, match.path, "", match.form)
        return best.values()
    if item.per_permission and str(event.__struct_config__.tag) in _PERMISSION_KINDS:
        names = getattr(event, "permissions", None) or [getattr(event, "permission", "")]
        return [Subject(permission=name) for name in names]
    return (NOBODY,)


def analyse(
    events: Iterable[Event], rules: Sequence[Rule], declaration: Declaration | None = None, **tables: Any
) -> Result:
    """Findings and coverage of a whole log: ``feed`` for each event, then ``close``."""
    judge = Analysis(rules, declaration, **tables)
    for event in events:
        judge.feed(event)
    return judge.close()
