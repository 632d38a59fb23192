"""From events to findings and coverage: live while recording, and again from a bundle, by the same code."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from msgspec.structs import force_setattr

from monitor.analysis.consent import timelines, tracker
from monitor.analysis.correlate import arrivals, correlator, findings
from monitor.analysis.correlate.attribution import Attribution, Recorded
from monitor.analysis.correlate.kinds import CUT, TOLD, Kind
from monitor.analysis.coverage.lines import manifest_note
from monitor.analysis.coverage.reference import Reference, reference_lines
from monitor.analysis.rules.load import Rule
from monitor.events import ApiCall, Event, Glance
from monitor.evidence.lines import Lines, body
from monitor.knowledge import catalogue, tables
from monitor.session.declaration import Declaration
from monitor.text.reasons import Code, coverage_line, reason

#: New objects after which Python looks for cycles while a log is read.
_SELDOM: Final = 100_000
_CALL: Final = ApiCall.kind


@contextmanager
def seldom_collected() -> Iterator[None]:
    """While a log is read, Python looks for cycles seldom: thousands of events wait for their assessment, each of them
    would be looked at again and again, and none refers to what refers to it."""
    before = gc.get_threshold()
    if 0 < before[0] < _SELDOM:
        gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Evaluation:
    """Attribution, then the rules: fed with the log's events in order, live one by one or from the file all at once."""

    def __init__(
        self,
        rules: Sequence[Rule],
        declaration: Declaration,
        organisations: dict[str, tables.Organisation],
        sdks: dict[str, tables.Sdk],
        hooks: Iterable[catalogue.Row],
        *,
        stage: Attribution | Recorded | None = None,
        late: arrivals.FoundLate | None = None,
        lateness_us: int = arrivals.LATENESS_US,
        on_finding: Callable[[findings.Finding], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
        labels: Mapping[int, tuple[tracker.Label, ...]] | None = None,
        every: bool = True,
    ) -> None:
        """``hooks``: catalogue rows. ``stage`` replaces attribution for logs of earlier versions. ``late``: what was
        found afterwards in the log's messages, if the whole log is there. ``on_event``: called
        with each event once its fields are inferred; for what is sent, that is a little later. ``every``: also with a
        call of a known kind, whose owner is its stack's. ``on_finding``: told of what is new soon after it happened,
        which costs more than to ask at the end."""
        attribution = stage or Attribution(declaration, organisations, sdks)
        self._arrivals = arrivals.Arrivals(attribution, lateness_us, late)
        self._owners, self.named = attribution.owners, attribution.named
        self._analysis = correlator.Analysis(
            rules, declaration, organisations=organisations, sdks=sdks, hooks=hooks, labels=labels,
            lateness_us=lateness_us, step_us=correlator.STEP_US if on_finding is None else correlator.WATCHED_US,
            renamed=attribution.renamed, doubted=attribution.named.doubted,
        )  # fmt: skip
        attribution.on_owner = self._analysis.forget
        self._declaration = declaration
        self._names = {sdk.id: sdk.name for sdk in sdks.values()}
        self._on_finding = on_finding
        self._on_event = on_event
        self._on_known = on_event if every else None
        self._latest: Mapping[int | str, Kind] = {} if self._owners is None else self._analysis.latest
        self._due = min(self._arrivals.due, self._analysis.due)
        """Time of an event before which something else is to be done."""
        self._asked = -1
        """Number of the event that is to be fed, as it was not ``counted``."""
        self._met: Kind | None = None
        """Its kind, if it was met before and nothing is to be done before it: it was counted with it."""

    def feed(self, events: Iterable[Event]) -> None:
        """Feed the next events of the log, without those calls that are ``counted``."""
        analysis, tell = self._analysis, self._on_known
        for event in events:
            if type(event) is ApiCall:
                done = self._asked != event.seq and self.counted((event,)) is None
                kind, self._asked = self._met, -1
                if kind is not None:
                    force_setattr(event, "sdk", kind.sdk)
                    if not done:
                        analysis.met_again(event, kind)
                        self._due = min(self._due, analysis.due)
                    if tell is not None:
                        tell(event)
                    continue
            self._infer(event)
            self._due = min(self._arrivals.due, analysis.due)

    def counted[Call: (ApiCall, Glance)](self, calls: Iterable[Call], lines: Lines | None = None) -> Call | None:
        """Count the next events of the log as long as they are calls of known kinds, as nine of ten are. Those that
        nobody asks about need not be fed; nor, with the lines that the glances are of, the others: their lines wait.
        The first that is to be fed is returned. For a reader of the log, which asks before it decodes."""
        analysis, latest, due, last = self._analysis, self._latest, self._due, self._arrivals.last
        err, newest = analysis.err, analysis.newest
        kind = fed = None
        for call in calls:
            t = call.t
            kind = latest.get(call.stack or call.hook) if t < due else None
            if (
                kind is None or kind.hook != call.hook or kind.data_type != call.data_type
                or kind.outcome != call.outcome or kind.aggregated is not call.aggregated or kind.role != call.role
                or call.kind != _CALL or call.err > err or call.seq >= last
            ):  # fmt: skip
                kind, fed = None, call
                break
            kind.count += call.count
            if t > newest:
                newest = t
            if kind.unasked:
                if TOLD.isdisjoint(call.args):
                    continue
            elif CUT not in call.args:
                try:
                    if not kind.wants(call):
                        continue
                except AttributeError:  # a rule asks for what a glance does not show
                    fed = call
                    break
            if lines is None or self._on_known is not None or CUT in call.args:
                fed = call
                break
            analysis.met_again(call, kind, body(lines.raw[call.seq - lines.seq]))
            due = self._due = min(due, analysis.due)
        analysis.newest, self._met = newest, kind
        self._asked = -1 if fed is None else fed.seq
        return fed

    def _infer(self, event: Event | None) -> None:
        for known in self._arrivals.known(event):
            for finding in self._analysis.feed(known):
                if self._on_finding is not None:
                    self._on_finding(finding)
            if self._on_event is not None:
                self._on_event(known)

    @property
    def unapplied(self) -> int:
        """How many values that were found afterwards are in no message that was judged with them."""
        return self._arrivals.late.unapplied

    def marks(self) -> list[timelines.KeptMark]:
        """The consents observed so far."""
        return self._analysis.marks()

    def close(self, manifest: Iterable[str] = (), references: Sequence[Reference] = ()) -> findings.Assessment:
        """Decide what is still open. ``manifest``: permissions that the app's manifest names; ``references``: what its
        code names."""
        self._infer(None)
        found = self._analysis.close(self.unapplied)
        more = [
            coverage_line("note", Code.NAMED_ONLY, "note", reason(Code.NAMED_ONLY, owner=self._names[sdk]),
                          detail={"owner": sdk})
            for sdk in self.named.only()
        ]  # fmt: skip
        if (note := manifest_note(manifest, self._declaration)) is not None:
            more.append(note)
        if references:
            hooks = {line.id: line.state for line in found.coverage if line.line == "hook"}
            more += reference_lines(references, self._analysis.called(), hooks, self._names)
        return found._replace(coverage=[*found.coverage, *more]) if more else found
