"""The judge: events in, findings out. One streaming pass, bounded memory, no clock, no input or output.

An event waits until everything that can bear on it has arrived: the allowed lateness, twice the largest error of time
(an access and a consent each bring their own), and the time in which two witnesses of one tap are paired. What is seen
live, replayed from the log and analysed as a batch is therefore the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from monitor.analysis.arming import Armed, CallKind, Waiting, arm, matched, subjects
from monitor.analysis.consent import PAIR_US
from monitor.analysis.context import CONTEXT, Context, Facts, Subject
from monitor.analysis.coverage import Coverage, Situation, hook_lines, item_lines, rule_line
from monitor.analysis.findings import Finding
from monitor.analysis.judge import Hit
from monitor.analysis.ledger import Ledger
from monitor.analysis.model import KIND_OF
from monitor.analysis.rules import Rule
from monitor.analysis.seen import Seen
from monitor.declaration import Declaration, none
from monitor.events import ApiCall, Consent, Event, Health, Transmission, of_system
from monitor.tables import Hosts, Organisation, Sdk

LATENESS_US: Final = 5_000_000
#: Judging goes on in steps of this length, which costs less than event by event.
_BATCH_US: Final = 250_000
_ERR_CAP_US: Final = 5_000_000
_FLOWS: Final = 2048
#: No event waits.
_NEVER: Final = 1 << 62


class Result(NamedTuple):
    """What an analysis ends with."""

    findings: list[Finding]
    coverage: list[Coverage]


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
        self._armed: dict[str, list[Armed]] = {}
        self._every = [arm(rule, judge) for rule in self._rules for judge in rule.judges()]
        for armed in self._every:
            for kind in armed.judge.kinds:
                self._armed.setdefault(kind, []).append(armed)
        self._waiting_kinds = [a for a in self._every if a.judge.pattern.followed_by or a.judge.pattern.not_followed_by]
        self._calls: dict[tuple[str, str, str, str, str], CallKind] = {}
        self._contexts: dict[str, Context] = {}
        self._ledger = Ledger(self._facts)
        self._seen = Seen()
        self._ahead = Waiting()
        self._queue = Waiting()
        self._due = _NEVER
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
        t = event.t
        if t > self._newest:
            self._newest = t
        if event.err > self._err:
            self._err = min(event.err, _ERR_CAP_US)
            self._set_due()
        if type(event) is ApiCall:
            kind = self._calls.get((event.hook, event.role, event.data_type, event.sdk, event.outcome))
            if kind is None:
                kind = self._met(event)
            kind.count += event.count
            if kind.wanted and not (kind.picky and kind.idle(event)):
                self._wait(event, kind)
        else:
            self._other(event)
        if self._newest >= self._due:
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
        if of_system(event):
            return
        kind = KIND_OF[type(event)]
        if isinstance(event, Consent) and event.via == "operator":
            self._context(event.app).consent.stated = True
        if kind in CONTEXT:
            self._wait(event)
            self._ahead.push(event.t, event.seq or self._fed, event)
        elif isinstance(event, Transmission):
            self._flows[event.flow] = event
            if len(self._flows) > _FLOWS:
                del self._flows[next(iter(self._flows))]
            self._wait(event)
        elif kind in self._armed:
            self._wait(event)
        elif isinstance(event, Health) and event.what == "late_needle":
            self._late_needle(event)
        elif isinstance(event, Health) and (event.component, event.what) == ("import", "started"):
            self._context(event.app).consent.unseen = True

    def _wait(self, event: Event, kind: CallKind | None = None) -> None:
        if not event.seq:
            self._fed += 1
        self._queue.push(event.t, event.seq or self._fed, event, kind)
        due = event.t + self._delay()
        if due < self._due:
            self._due = due

    def _delay(self) -> int:
        """How much newer than a waiting event the newest one must be before it is judged."""
        return self._lateness + 2 * self._err + PAIR_US + _BATCH_US

    def _set_due(self) -> None:
        first = self._queue.first()
        self._due = _NEVER if first is None else first + self._delay()

    def _late_needle(self, event: Health) -> None:
        """A value that was recognised in a transmission only afterwards raises the grade of what read it."""
        flow = self._flows.get(event.detail.get("flow", ""))
        if flow is not None:
            self._ledger.left(event.detail.get("tag", ""), flow, (flow.seq, event.seq))

    def _met(self, event: ApiCall) -> CallKind:
        """The first call of its kind: who wants it is decided once."""
        self._seen.call(event)
        context = self._context(event.app)
        subject = Subject(event.data_type)
        armed = tuple(
            armed
            for armed in self._armed.get("api_call", ())
            if (armed.judge.static is None or armed.judge.static(event, context, subject))
            and not armed.judge.settled(event, context, subject)
        )
        kind = CallKind(event.hook, event.data_type, armed)
        self._calls[(event.hook, event.role, event.data_type, event.sdk, event.outcome)] = kind
        return kind

    def _context(self, app: str) -> Context:
        context = self._contexts.get(app)
        if context is None:
            context = self._contexts[app] = Context(self._facts)
        return context

    # Judgement ----------------------------------------------------------------------------------------------------

    def _advance(self, newest: int | None) -> list[Finding]:
        horizon = None if newest is None else newest - self._lateness
        ready = None if horizon is None else horizon - 2 * self._err - PAIR_US
        for event, _ in self._ahead.take(horizon):
            if self._context(event.app).feed(event) and event.t - event.err <= self._judged:
                self._late.append(event.seq)
        for event, kind in self._queue.take(ready):
            context = self._context(event.app)
            if kind is not None and type(event) is ApiCall:
                self._judge_call(event, kind, context)
                continue
            self._judge_other(event, context)
            for item in self._waiting_kinds:
                for hit in item.judge.advance(event, context):
                    self._take(item, hit, context)
        self._set_due()
        return self._ledger.news()

    def _judge_call(self, event: ApiCall, kind: CallKind, context: Context) -> None:
        context.remember(event)
        if event.t + event.err > self._judged:
            self._judged = event.t + event.err
        subject = kind.subject
        for item, test in kind.armed:
            if test is None or test(event, context, subject):
                for hit in item.judge.judge(event, context, subject):
                    self._take(item, hit, context)

    def _judge_other(self, event: Event, context: Context) -> None:
        kind = KIND_OF[type(event)]
        if isinstance(event, Transmission):
            self._judged = max(self._judged, event.t + event.err)
        parts = matched(event) if isinstance(event, Transmission) else None
        for item in self._armed.get(kind, ()):
            test = item.judge.dynamic[kind]
            for subject in parts if parts is not None and item.per_type else subjects(event, item):
                if test is None or test(event, context, subject):
                    for hit in item.judge.judge(event, context, subject):
                        self._take(item, hit, context)
        if isinstance(event, Transmission):
            for match in event.matches:
                if match.tag:
                    self._ledger.left(match.tag, event, (event.seq,), context.readers.get(match.tag, ()))

    def _take(self, item: Armed, hit: Hit, context: Context) -> None:
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
        if self._seen.system:
            why = "background traffic of the system, not the app's"
            notes.append(Coverage(line="note", id="system_traffic", state="note", why=why,
                                  detail={"count": str(self._seen.system)}))  # fmt: skip
        self._seen.counted((kind.hook, kind.count) for kind in self._calls.values())
        situation = Situation(self._seen, self.declaration, states)
        by_rule: dict[str, list[str]] = {}
        for finding in findings:
            by_rule.setdefault(finding.rule, []).append(finding.status)
        lines = {rule.id: rule_line(rule, by_rule.get(rule.id, ()), situation) for rule in self._rules}
        coverage = [*lines.values(), *item_lines(self._rules, lines), *hook_lines(self._seen, self._hooks), *notes]
        return Result(findings, coverage)


def analyse(
    events: Iterable[Event], rules: Sequence[Rule], declaration: Declaration | None = None, **tables: Any
) -> Result:
    """Findings and coverage of a whole log: ``feed`` for each event, then ``close``."""
    judge = Analysis(rules, declaration, **tables)
    for event in events:
        judge.feed(event)
    return judge.close()
