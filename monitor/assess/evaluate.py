"""From events to findings and coverage: live while recording, and again from a bundle, by the same code."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import force_setattr

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.consent.statements import Label
from monitor.analysis.correlate.arrivals import LATENESS_US, Arrivals, Stage, allowed
from monitor.analysis.correlate.attribution import Attribution
from monitor.analysis.correlate.correlator import CUT, Analysis, Assessment, Kind
from monitor.analysis.correlate.findings import Finding, decode
from monitor.analysis.coverage.manifest import manifest_note
from monitor.analysis.coverage.reference import Reference
from monitor.analysis.coverage.referenced import reference_lines
from monitor.analysis.rules.load import Rule
from monitor.assess.compare import Change, Side, difference, side
from monitor.assess.labels import FILE, Entry, attested_by, by_tap, read_labels, with_new, written
from monitor.assess.opened import Opened
from monitor.assess.results import Written, write_results
from monitor.assess.tables import has_tables, packed_rules
from monitor.catalogue import Row
from monitor.clock import Lateness, now_us
from monitor.declaration import Declaration
from monitor.errors import EvidenceDamaged
from monitor.events import ApiCall, Event, Glance
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer, load_public
from monitor.evidence.lines import read_events
from monitor.evidence.seal import OWN_RULES, WORDS, attested_packs
from monitor.reasons import Coverage
from monitor.session import App, Session
from monitor.tables import Organisation, Sdk
from monitor.wordlists import checked_words

#: New objects after which Python looks for cycles while a log is read.
_SELDOM: Final = 100_000


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
        organisations: dict[str, Organisation],
        sdks: dict[str, Sdk],
        hooks: Iterable[Row],
        *,
        stage: Stage | None = None,
        lateness_us: int = LATENESS_US,
        on_finding: Callable[[Finding], None] = lambda finding: None,
        on_event: Callable[[Event], None] | None = None,
        labels: Mapping[int, tuple[Label, ...]] | None = None,
    ) -> None:
        """``hooks``: catalogue rows. ``stage`` replaces attribution for logs of earlier versions. ``on_event``: called
        with each event once its fields are inferred; for what is sent, that is a little later."""
        attribution = stage or Attribution(declaration, organisations, sdks)
        self._arrivals = Arrivals(attribution, lateness_us)
        self._owners = attribution.owners
        self._analysis = Analysis(
            rules, declaration, organisations=organisations, sdks=sdks, hooks=hooks, labels=labels,
            lateness_us=lateness_us,
            renamed=attribution.renamed if isinstance(attribution, Attribution) else {},
        )  # fmt: skip
        if isinstance(attribution, Attribution):
            attribution.on_owner = self._analysis.forget
        self._declaration = declaration
        self._names = {sdk.id: sdk.name for sdk in sdks.values()}
        self._on_finding = on_finding
        self._on_event = on_event
        self._latest: Mapping[int | str, Kind] = {} if self._owners is None else self._analysis.latest
        self._due = min(self._arrivals.due, self._analysis.due)
        """Time of an event before which something else is to be done."""
        self._asked = -1
        """Number of a call of which is known whether it is ``counted``."""
        self._met: Kind | None = None
        """Its kind, if it was met before and nothing is to be done before it: it was counted with it."""

    def feed(self, events: Iterable[Event]) -> None:
        """Feed the next events of the log, without those calls that are ``counted``."""
        analysis, tell = self._analysis, self._on_event
        for event in events:
            if type(event) is ApiCall:
                done = self._asked != event.seq and self.counted(event)
                kind, self._asked = self._met, -1
                if kind is not None:
                    force_setattr(event, "sdk", kind.sdk)
                    if not done:
                        analysis.met_again(event, kind)
                        self._due = min(self._due, analysis.due)
                    if tell is not None:
                        tell(event)
                    continue
            self._sent(event)
            if (known := self._arrivals.feed(event)) is not None:
                self._assess(known)
            self._due = min(self._arrivals.due, analysis.due)

    def counted(self, call: ApiCall | Glance) -> bool:
        """Whether nobody asks about the next call of the log, as about nine of ten: then it is counted, and need not be
        fed. For a reader of the log, which asks before it decodes a call."""
        analysis, self._asked = self._analysis, call.seq
        kind = self._latest.get(call.stack or call.hook) if call.t < self._due else None
        if (
            kind is None
            or kind.hook != call.hook
            or kind.data_type != call.data_type
            or kind.outcome != call.outcome
            or kind.aggregated is not call.aggregated
            or kind.role != call.role
            or call.err > analysis.err
            or call.seq >= self._arrivals.last
        ):
            self._met = None
            return False
        self._met = kind
        kind.count += call.count
        if call.t > analysis.newest:
            analysis.newest = call.t
        try:
            return CUT not in call.args and not kind.wants(call)
        except AttributeError:  # a rule asks for what a glance does not show
            return False

    def _sent(self, event: Event | None) -> None:
        arrivals = self._arrivals
        if event is None or event.t >= arrivals.due or event.seq >= arrivals.last:
            for one in arrivals.ready(event):
                self._assess(one)

    def _assess(self, event: Event) -> None:
        for finding in self._analysis.feed(event):
            self._on_finding(finding)
        if self._on_event is not None:
            self._on_event(event)

    def marks(self) -> list[KeptMark]:
        """The consents observed so far."""
        return self._analysis.marks()

    def close(self, manifest: Iterable[str] = (), references: Sequence[Reference] = ()) -> Assessment:
        """Decide what is still open. ``manifest``: permissions that the app's manifest names; ``references``: what its
        code names."""
        self._sent(None)
        found = self._analysis.close()
        more: list[Coverage] = []
        if (note := manifest_note(manifest, self._declaration)) is not None:
            more.append(note)
        if references:
            hooks = {line.id: line.state for line in found.coverage if line.line == "hook"}
            more += reference_lines(references, self._analysis.called(), hooks, self._names)
        return found._replace(coverage=[*found.coverage, *more]) if more else found


def evaluate(opened: Opened, packs: Sequence[str] = (), profile: str = "") -> Assessment:
    """Run the rules on an opened bundle; packs and profile default to the recording's. Nothing is written."""
    session = opened.session
    rules = opened.tables.rules(packs or session.packs, profile or session.profile)
    evaluation = Evaluation(
        rules, opened.declaration, opened.organisations, opened.sdks, opened.rows, stage=opened.stage(),
        lateness_us=allowed(session.lateness_us), labels=by_tap(opened.labels),
    )  # fmt: skip
    with seldom_collected():
        evaluation.feed(read_events(opened.path, evaluation.counted))
    return evaluation.close(session.app.permissions, opened.references)


class Added(NamedTuple):
    """What a re-assessment uses besides the tables."""

    own: tuple[str, ...] = ()
    """IDs of the user's own rules."""
    replaced: tuple[str, ...] = ()
    """Those of them that stand in for rules of the recording, or of this version."""
    taken: tuple[str, ...] = ()
    """Files taken over from the last analysis: own rules, words, labels."""
    key: str = ""
    """The key that attested those."""


class Again(NamedTuple):
    """A re-assessed recording."""

    assessment: Assessment
    kept: bool
    """Whether the bundle keeps the tables of its recording."""
    changed: tuple[str, ...]
    """Groups of tables in which the recording differs from this version."""
    changes: list[Change]
    """With ``current``: what this version's tables change."""
    written: Written
    added: Added = Added()


def reanalyse(
    path: Path,
    packs: Sequence[str] = (),
    profile: str = "",
    declaration: Path | None = None,
    lang: str = "en",
    *,
    key: Path | Signer | None = None,
    recipients: Sequence[Path] = (),
    current: bool = False,
    damage: str = "",
    labels: Sequence[Entry] = (),
    words: Path | None = None,
    rules: Sequence[Path] = (),
    results_keys: Collection[str] = (),
    without: bool = False,
    on_added: Callable[[Added], None] = lambda added: None,
) -> Again:
    """Run the rules on a recorded bundle and rewrite the results, with the tables that the bundle keeps.

    ``current``: with this version's tables instead. ``recipients``: user lists that name owners of hosts which the
    recording could not name. ``labels``: a person's new statements about dialogs, in addition to earlier ones;
    ``words``: additional words for reading dialogs; ``rules``: a user's own rules (files and directories). Labels,
    words and rules of the last analysis are taken over if it is by the key of the recording, by ``key`` or by one of
    ``results_keys`` (``ResultsOfAnother`` otherwise); with ``without`` they are not. ``on_added`` is told before the
    rules run. Raises ``InputError`` or ``EvidenceDamaged``.
    """
    known = {*results_keys, *([_id(key)] if key else [])}
    more: dict[str, bytes] = {}
    if labels:
        more[FILE] = written(with_new([] if without else read_labels(path, known), labels))
    if words is not None:
        more[WORDS] = checked_words(words)

    def opened_with(*, current: bool) -> Opened:
        return Opened(
            path, declaration, recipients, current=current, words=words, labels=labels, rules=rules, known=known,
            additions=not without,
        )  # fmt: skip

    with opened_with(current=False) as opened:
        changed, kept = opened.tables.changed, has_tables(opened.session)
        if rules:
            more[OWN_RULES] = packed_rules(opened.tables.own)
        if not current or not changed:
            on_added(added := _added(opened))
            assessment = evaluate(opened, packs, profile)
            _under(opened, packs, profile)
            results = write_results(Bundle.open(path, key), opened, assessment, lang, damage, more)
            return Again(assessment, kept, changed, [], results, added)
        try:
            before = side(evaluate(opened, packs, profile))
        except EvidenceDamaged:  # a version whose tables this one cannot read: compare with its stored findings
            before = _stored(path)
    with opened_with(current=True) as opened:
        on_added(added := _added(opened))
        assessment = evaluate(opened, packs, profile)
        _under(opened, packs, profile)
        results = write_results(Bundle.open(path, key), opened, assessment, lang, damage, more)
    return Again(assessment, kept, changed, difference(before, side(assessment), counts=True), results, added)


def reassessed(
    path: Path, *, rules: Sequence[Path] = (), current: bool = False, known: Collection[str] | None = None
) -> tuple[str, list[Change]]:
    """The app of a recording, and how its findings would differ with ``rules`` or this version's tables. Nothing is
    written. Raises ``InputError`` or ``EvidenceDamaged``."""
    before = _stored(path)
    with Opened(path, current=current, rules=rules, known=known) as opened:
        assessment = evaluate(opened, attested_packs(path) or ())
        return opened.session.app.package, difference(before, side(assessment), counts=True)


def _under(opened: Opened, packs: Sequence[str], profile: str) -> None:
    """Let the reports be those of the packs and the profile that were used."""
    used = {"packs": list(packs or opened.session.packs), "profile": profile or opened.session.profile}
    opened.session = opened.session.model_copy(update=used)


def _id(key: Path | Signer) -> str:
    return key.public.id if isinstance(key, Signer) else load_public(key).id


def _added(opened: Opened) -> Added:
    """What an opened bundle adds to its tables."""
    _ = opened.labels
    own = tuple(sorted(Path(name).stem for name in opened.tables.own))
    taken = tuple(dict.fromkeys(opened.taken))
    return Added(own, opened.tables.replaced, taken, attested_by(opened.path) if taken else "")


def _stored(path: Path) -> Side:
    """The stored results of a bundle. Raises ``EvidenceDamaged`` if there are no readable ones."""
    try:
        found = [decode(line) for line in (path / "findings.jsonl").read_bytes().splitlines()]
        lines = [msgspec.json.decode(line) for line in (path / "coverage.jsonl").read_bytes().splitlines()]
        return Side(found, {line["id"]: line["state"] for line in lines if line["line"] == "rule"})
    except (OSError, msgspec.MsgspecError, KeyError, TypeError):
        raise EvidenceDamaged("no readable results", where=str(path)) from None


def seal_recovered(path: Path, key: Path | Signer | None = None) -> None:
    """Seal a recording whose log was recovered, with whatever of the manifest exists. Raises ``InputError``."""
    bundle = Bundle.open(path, key)
    try:
        session = bundle.session()
    except EvidenceDamaged:
        session = Session()
    counted: Counter[str] = Counter()
    lateness = Lateness()
    for event in read_events(path):
        lateness.met(event.t)
        session.start = session.start or event.t
        session.end = max(session.end, event.t)
        session.app = session.app if session.app.package else App(package=event.app)
        counted[str(event.__struct_config__.tag)] += 1
    session.counters = dict(sorted(counted.items()))
    session.lateness_us = lateness.most_us
    session.end = session.end or now_us()
    session.ended = "recovered"
    bundle.seal(session)
