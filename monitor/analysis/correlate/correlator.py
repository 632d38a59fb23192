"""The correlator: events in, findings out. One streaming pass, bounded memory, no clock, no input or output.

An event waits until everything that can affect it has arrived: the allowed lateness, twice the largest timing error (an
access and a consent each have their own), the time in which two witnesses of one tap are paired, and that in which a
consent settles. Live, replayed and batch analysis therefore give the same result.
"""

import itertools
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import msgspec
from msgspec.structs import force_setattr, replace

from monitor import events
from monitor.analysis.consent.taps import PAIR_US
from monitor.analysis.consent.timelines import KeptMark, kept, line
from monitor.analysis.consent.tracker import SETTLE_US, Label
from monitor.analysis.consent.window import bounded
from monitor.analysis.correlate.arrivals import LATENESS_US, placed
from monitor.analysis.correlate.attribution import ASKED_FOR
from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.analysis.correlate.kinds import CUT, Kind, values_counted
from monitor.analysis.correlate.ledger import Ledger
from monitor.analysis.coverage.lines import DOUBTS, hook_lines, item_lines, rule_line
from monitor.analysis.coverage.needs import Situation
from monitor.analysis.coverage.seen import Seen
from monitor.analysis.coverage.witnesses import past_proxy
from monitor.analysis.listed import identified
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.engine import Engine
from monitor.analysis.rules.given import Facts
from monitor.analysis.rules.load import Rule
from monitor.analysis.rules.model import HISTORY, KIND_OF
from monitor.analysis.rules.values import telling
from monitor.knowledge.catalogue import Row
from monitor.knowledge.law import item_of
from monitor.knowledge.tables import Hosts, Organisation, Sdk
from monitor.session.declaration import Declaration
from monitor.text.reasons import Code, Coverage, coverage_line, reason

#: Evaluation proceeds in steps of this length (microseconds), which costs less than event by event. Who watches is told
#: soon; for a file nobody waits, and what a longer step uses again and again stays in the processor's caches.
WATCHED_US: Final = 250_000
STEP_US: Final = 10_000_000
_ERR_CAP_US: Final = 5_000_000
_LATER_US: Final = 300_000_000
_FLOWS: Final = 2048
_LATEST: Final = 20_000
#: No event waits.
_NEVER: Final = 1 << 62


class Waiting:
    """Events (or their lines), each with what is known of it, by time, then position."""

    def __init__(self) -> None:
        self._items: list[tuple[int, int, int, events.Event | bytes, Kind | None]] = []
        self._arrived = itertools.count()

    def push(self, t: int, position: int, event: events.Event | bytes, kind: Kind | None = None) -> None:
        """Add an event."""
        self._items.append((t, position, next(self._arrived), event, kind))

    def first(self) -> int | None:
        """Time of the earliest event, None = none is waiting."""
        return min(self._items)[0] if self._items else None

    def take(self, until: int | None) -> Iterator[tuple[Any, Kind | None]]:
        """Remove and return the events up to a time in order, None = all."""
        self._items.sort()  # most arrive in order, which costs little then
        end = len(self._items) if until is None else bisect_right(self._items, until, key=itemgetter(0))
        ready, self._items = self._items[:end], self._items[end:]
        return ((event, kind) for *_, event, kind in ready)


class Analysis:
    """Feed events in the order of the log, then ``close``. One instance assesses one log."""

    def __init__(
        self,
        rules: Sequence[Rule],
        declaration: Declaration | None = None,
        *,
        organisations: Mapping[str, Organisation] | None = None,
        sdks: Mapping[str, Sdk] | None = None,
        hooks: Iterable[Row] = (),
        lateness_us: int = LATENESS_US,
        step_us: int = STEP_US,
        max_err_us: int = 100_000,
        labels: Mapping[int, tuple[Label, ...]] | None = None,
        renamed: Mapping[int, str] | None = None,
        doubted: Callable[[str], bool] = lambda sdk: False,
    ) -> None:
        """``hooks``: catalogue rows, for the coverage of hooks that never reported and of rules that depend on lost
        ones. ``labels``: a person's statements about taps after the session, by tap number.
        ``renamed``: of stacks of code without an owner, what is left of its package. ``doubted``: whether the code of a
        library is only named so."""
        self._labels = labels
        self.declaration = identified(declaration or Declaration(), sdks or {})
        table = dict(organisations or {})
        self._facts = Facts(
            self.declaration, table, dict(sdks or {}), Hosts(table), {} if renamed is None else renamed, doubted
        )
        self._rules = list(rules)
        self._hooks = list(hooks)
        self._ledger = Ledger(self._facts)
        self._engine = Engine(self._rules, self._ledger.add)
        self._stacks = self._engine.asks("stack")
        self.latest: dict[int | str, Kind] = {}
        """Stack (or hook, without one) to the kind of the latest call with that owner; without data whose owner needs
        more to be known."""
        self._kinds: dict[tuple[tuple[str, ...], bool], Kind] = {}
        """All of them, by hook, role, data type, SDK and outcome."""
        self._words: dict[str, str] = {}
        """Their words, each kept once: a look-up touches less memory."""
        self._contexts: dict[str, Context] = {}
        self._seen = Seen()
        self._ahead, self._queue = Waiting(), Waiting()
        self.decode: Callable[[bytes], events.ApiCall] = msgspec.json.Decoder(events.ApiCall).decode
        """Decodes the line of a call that waited."""
        self._lateness, self._step = lateness_us, step_us
        self.err = max_err_us
        """The greatest error of time so far, within a cap."""
        self._delay = 0
        """How much newer than a waiting event the newest event must be before the former is assessed."""
        self.due = _NEVER
        """Once an event is as new as this, waiting ones are assessed."""
        self._set_due()
        self.newest = 0
        self._assessed = 0
        self._late: list[int] = []
        self._cut: Counter[tuple[str, str, str]] = Counter()
        self._flows: dict[str, events.Transmission] = {}
        self._closed: Assessment | None = None
        self._fed = 0

    def feed(self, event: events.Event) -> Sequence[Finding]:
        """Feed the next event. Returns findings that are new or have changed (provisional counts)."""
        t = event.t
        if t > self.newest:
            self.newest = t
        if event.err > self.err:
            self.err = min(event.err, _ERR_CAP_US)
            self._set_due()
        if type(event) is events.ApiCall:
            kind = self._kind(event)
            kind.count += event.count
            self.met_again(event, kind)
        else:
            self._other(bounded(event))
        if self.newest >= self.due:
            return self._advance(self.newest)
        return ()

    def met_again(self, call: events.ApiCall | events.Glance, kind: Kind, line: bytes | None = None) -> None:
        """A call of a known kind, counted already: it waits if anybody may need it, as its ``line`` if given, which
        takes less memory."""
        if CUT in call.args:
            self._cut[call.hook, call.role, call.data_type] += 1
        if kind.wants(call):
            if line is not None:
                self._queued(call.t, call.seq, line, kind)
            elif type(call) is events.ApiCall:
                self._wait(call, kind)

    def forget(self, stack: int) -> None:
        """The owner of a stack is another one from now on."""
        self.latest.pop(stack, None)

    def close(self, unapplied: int = 0) -> Assessment:
        """Decide what is still open. May be called repeatedly, with the same result. ``unapplied``: matches that are in
        no message, although they were found in one."""
        if self._closed is None:
            self._seen.unapplied = unapplied
            self._advance(None)
            self._engine.close(self._contexts.values(), self.newest)
            self._closed = self._result()
        return self._closed

    def called(self) -> frozenset[tuple[str, str]]:
        """Hook and owner of the calls that were recorded."""
        return frozenset((kind.hook, kind.sdk) for kind in self._kinds.values())

    def marks(self) -> list[KeptMark]:
        """The consents observed so far, by app, scope and time."""
        return [
            mark for app, context in sorted(self._contexts.items()) for mark in kept(app, context.consent.lines.scopes)
        ]

    # Arrival ------------------------------------------------------------------------------------------------------

    def _other(self, event: events.Event) -> None:
        self._seen.other(event)
        kind = KIND_OF[type(event)]
        if events.of_system(event) or (kind == "stack" and not self._stacks):
            return
        match event:
            case events.Consent(via="operator"):
                self._context(event.app).consent.stated = True
            case events.Transmission():
                self._flows[event.flow] = event
                if len(self._flows) > _FLOWS:
                    del self._flows[next(iter(self._flows))]
            case events.HookState():
                self._context(event.app).hooked(event)
                return
            case events.KnownValues():
                self._context(event.app).values.knows(event)
            case events.Health(component="import", what="started"):
                self._context(event.app).consent.unseen = True
        if kind in HISTORY:
            self._ahead.push(event.t, event.seq or self._fed + 1, event)
        if kind in HISTORY or self._engine.asks(kind) or isinstance(event, events.Transmission | events.LateMatch):
            self._wait(event)

    def _wait(self, event: events.Event, kind: Kind | None = None) -> None:
        if not (number := event.seq):
            number = self._fed = self._fed + 1
        # Of a call that may have been much later, the marks up to then are needed.
        later = min(max(event.err - _ERR_CAP_US, 0), _LATER_US) if kind is not None else 0
        self._queued(event.t + later, number, event, kind)

    def _queued(self, t: int, number: int, item: events.Event | bytes, kind: Kind | None) -> None:
        self._queue.push(t, number, item, kind)
        if t < self.due - self._delay:
            self.due = t + self._delay

    def _set_due(self) -> None:
        self._delay = self._lateness + 2 * self.err + PAIR_US + SETTLE_US + self._step
        first = self._queue.first()
        self.due = _NEVER if first is None else first + self._delay

    def _kind(self, event: events.ApiCall) -> Kind:
        names = event.hook, event.role, event.data_type, event.sdk, event.outcome
        kind = self._kinds.get((names, event.aggregated))
        if kind is None:
            self._seen.call(event)
            words = tuple([self._words.setdefault(word, word) for word in names])
            kind = self._kinds[words, event.aggregated] = Kind(
                words, event.aggregated, self._engine.route(event, self._context(event.app)), telling=telling(event)
            )
        if event.data_type not in ASKED_FOR:
            if len(self.latest) >= _LATEST:
                self.latest.clear()
            self.latest[event.stack or kind.hook] = kind
        return kind

    def _context(self, app: str) -> Context:
        context = self._contexts.get(app)
        if context is None:
            context = self._contexts[app] = Context(self._facts, self._labels)
        return context

    # Assessment ----------------------------------------------------------------------------------------------------

    def _advance(self, newest: int | None) -> list[Finding]:
        horizon = None if newest is None else newest - self._lateness
        ready = None if horizon is None else horizon - 2 * self.err - PAIR_US - SETTLE_US
        for event, _ in self._ahead.take(horizon):
            # By the app's ``ConsentTracker`` (``consent/tracker.py``).
            self._changed(self._context(event.app).feed(event), event.seq)
        for context in self._contexts.values():
            self._changed(context.advance(horizon), 0)
        app = None
        for event, kind in self._queue.take(ready):
            if isinstance(event, bytes):
                event = self.decode(event)
                force_setattr(event, "sdk", kind.sdk if kind else "")
            if event.app != app:
                app, context = event.app, self._context(event.app)
            if kind is not None:
                self._assess_call(event, kind, context)
            elif not (type(event) is events.Tap and event.via == "runner" and event.seq in context.twins):
                self._assess_other(event, context)
                self._engine.passed(event, context)
        self._set_due()
        return self._ledger.news()

    def _changed(self, since: int | None, seq: int) -> None:
        """Consent changes retroactively from a time: what has already been assessed was assessed too early."""
        if since is not None and since <= self._assessed:
            self._late.append(seq)

    def _assess_call(self, call: events.ApiCall, kind: Kind, context: Context) -> None:
        context.values.remember(call)
        self._seen.knows(call.values)
        if kind.telling:
            context.values.gather(call)
        if "query" in call.args:
            self._ledger.taken(call)
        latest = call.t + call.err
        if latest > self._assessed:
            self._assessed = latest
        self._engine.call(call, kind.route, context)

    def _assess_other(self, event: events.Event, context: Context) -> None:
        if isinstance(event, events.LateMatch):
            self._found_late(event, context)
            return
        self._engine.other(context.named(event) if isinstance(event, events.Prompt) else event, context)
        if isinstance(event, events.Transmission):
            self._assessed = max(self._assessed, event.t + event.err)
            context.values.sent(event)
            for match in event.matches:
                if match.tag:
                    self._ledger.left(match.tag, event, (event.seq,), context)

    def _found_late(self, found: events.LateMatch, context: Context) -> None:
        """The value raises the grade of the call that read it. Messages that were judged without it are judged by it
        alone, for who watches: at the end they are judged once more, with all that they held."""
        for number, name in enumerate(found.flows):
            if (flow := self._flows.get(name)) is None:
                continue
            match = placed(found.match, flow)
            if number == 0 and match.certainty == "found":
                self._ledger.left(match.tag, flow, (flow.seq, found.seq), context)
            alike = [one for one in flow.matches if one.data_type == match.data_type]
            if not any(one.certainty == "found" or one.tag == match.tag for one in alike):
                self._flows[name] = replace(flow, matches=[*flow.matches, match])
                self._engine.other(replace(flow, matches=[match]), context, per_type=True)

    def _result(self) -> Assessment:
        findings, marks, seen = self._ledger.findings(), self.marks(), self._seen
        notes = [
            coverage_line("note", note.what, "note", reason(Code(note.what)), detail=note.detail,
                          events=list(note.events))
            for _, context in sorted(self._contexts.items()) for note in context.consent.close()
        ]  # fmt: skip
        for code, count, seqs in (
            (Code.LATE_EVENTS, len(self._late), self._late[:40]), (Code.SYSTEM_TRAFFIC, seen.system, []),
            (Code.UNKEPT, seen.unkept, []),
        ):  # fmt: skip
            if count:
                detail = {"count": str(count)}
                notes.append(coverage_line("note", code, "note", reason(code), detail=detail, events=seqs))
        for one, n in seen.past.destinations().most_common():
            detail = {name: str(value) for name, value in one._asdict().items()} | {"count": str(n)}
            notes.append(coverage_line("note", Code.PAST_PROXY, "note", past_proxy({one: n}), detail=detail))
        kinds = self._kinds.values()
        for kind in kinds:
            if kind.hook:
                seen.calls[kind.hook] += kind.count
        seen.values_cut, seen.values_counted = self._cut, values_counted(kinds)
        situation = Situation(
            seen, self.declaration, marks, self._hooks, self._contexts, self.newest, self._facts.hosts
        )
        lines = _assessed_lines(self._rules, findings, situation)
        return Assessment(findings, [*lines, *notes, *map(line, marks)])


def _assessed_lines(rules: Sequence[Rule], findings: Sequence[Finding], situation: Situation) -> list[Coverage]:
    """A line for each rule, each of the fifteen Shenzhen items, and each hook."""
    by_rule: dict[str, set[str]] = {}
    by_item: dict[tuple[int, str], set[str]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, set()).add(finding.status)
        for clause in finding.clauses:
            by_item.setdefault((item_of(clause.ref), finding.rule), set()).add(finding.status)
    doubted = {f.rule: code for guard, code in DOUBTS.items() for f in findings if guard in f.guards}
    return [
        *(rule_line(rule, by_rule.get(rule.id, ()), situation, doubted.get(rule.id)) for rule in rules),
        *item_lines(rules, by_item, situation),
        *hook_lines(situation.seen, situation.rows, situation.only_counted(situation.seen.values_counted)),
    ]


def analyse(
    log: Iterable[events.Event], rules: Sequence[Rule], declaration: Declaration | None = None, **tables: Any
) -> Assessment:
    """Findings and coverage of a whole log: ``feed`` for each event, then ``close``."""
    analysis = Analysis(rules, declaration, **tables)
    for event in log:
        analysis.feed(event)
    return analysis.close()
