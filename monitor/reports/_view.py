"""What every report shows, computed once: lists with names in the reader's language.

A finding or coverage row may be a struct or the dict of its JSON line; a field that it does not have is empty.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from functools import cache, cached_property
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from monitor.analysis.consent import timelines, tracker
from monitor.analysis.correlate.owner import platform
from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain import about, moments
from monitor.analysis.rules.load import Rule, load_rules
from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import ApiCall, Connection, Event, Frame, Health, Recovery, Stack, TlsFailure, Transmission
from monitor.evidence.attested import Results
from monitor.knowledge import law, tables
from monitor.reports._log import Log
from monitor.reports._rows import STATUSES, CoverageRow, FindingRow, coverage_row, finding_row, numbered
from monitor.reports._text import clean, clock, local, zone_name
from monitor.session.declaration import Declaration
from monitor.session.manifest import Session
from monitor.text import Translator, has, headline, t
from monitor.text.reasons import Code, Coverage, lost_in_import

Blobs = Callable[[str], bytes | None]
Hide = Callable[[str], str]
_FRAMES: Final = 12
#: States of the monitor's own parts that a reader must know.
_TROUBLE: Final = frozenset({"lost", "late", "failed", "clock_moved", "unkept"})


class Names(NamedTuple):
    """The tables that an assessment used, each by ID; of the rules those with a clause of its packs, in their words."""

    sdks: Mapping[str, tables.Sdk] = {}
    organisations: Mapping[str, tables.Organisation] = {}
    rules: Mapping[str, Rule] = {}
    declaration: Declaration = Declaration()
    notices: Mapping[str, str] = {}
    """What is said of them, by name."""

    def clauses(self) -> dict[str, law.Provision]:
        """The provisions that the rules cite, by their short name; those of this version where none are kept."""
        found = {p.ref: p for rule in self.rules.values() for _, p in rule.clauses}
        return found or law.load_clauses()


@cache
def current_names() -> Names:
    """The tables of this version; empty where they cannot be read."""
    try:
        return Names(tables.load_sdks(), tables.load_organisations(), {rule.id: rule for rule in load_rules()})
    except InputError:
        return Names()


class Trouble(NamedTuple):
    """A loss, fault or late start of the monitor's own: where, what, how many times, and details by name."""

    t: int
    component: str
    what: str
    n: int
    detail: Mapping[str, str]
    hook: str = ""


@dataclass
class Receiver:
    """A host with what it received."""

    host: str
    org: str
    party: str
    sdks: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    bytes: int = 0
    count: int = 0


class Chain(NamedTuple):
    """The first call, its stack, code and host that a finding names; what is missing is None. ``more``: frames that
    are not shown; ``caller``: the innermost frame that is not the system's."""

    call: ApiCall | None
    sent: Transmission | None
    first: Event | None
    frames: list[Frame]
    more: int
    caller: Frame | None


@dataclass(eq=False)
class View(Translator):
    """Everything a format may show of a recording. ``found`` and ``covered``: structs of ``monitor.analysis`` or the
    dicts of their JSON lines. Lists are sorted: findings by level, then time; coverage as it was written. Raises
    ``EvidenceDamaged``."""

    session: Session
    events: Log
    found: InitVar[Iterable[object]]
    covering: InitVar[Iterable[object]]
    lang: str = "en"
    blobs: Blobs | None = None
    """Gives the bytes of a blob by its SHA-256, for formats that show screenshots or bodies: only for a reader who may
    see the private part."""
    root: str = ""
    """The evidence's Merkle root, in hex."""
    names: Names = field(default_factory=current_names)
    """The tables that the assessment used."""
    template: bytes = b""
    """A document of the user's own that the Word reports are set in."""
    accepted: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints that a baseline accepts, with the reason."""
    hide: Hide = str
    """A text from a body without the known values in it."""
    results: Results | None = None
    """Whose results these are."""
    annex: bool = True
    """Whether the inspection report has every finding in its annex."""
    later: Sequence[str] = ()
    """Fields of the record that were stated after the session, which the recording therefore does not seal."""
    held: Sequence[tuple[str, int, int, str]] = ()
    """The parts of the evidence bundle: path, number of files, bytes, SHA-256."""
    findings: list[FindingRow] = field(init=False)
    coverage: list[CoverageRow] = field(init=False)
    lines: list[Coverage] = field(init=False)
    """The coverage as it was written."""

    def __post_init__(self, found: Iterable[object], covering: Iterable[object]) -> None:
        self.lang = "zh" if self.lang == "zh" else "en"
        rules, clauses = self.names.rules, self.names.clauses()
        statuses: dict[str, list[str]] = {}
        try:
            written = (item if isinstance(item, dict) else {} for item in map(msgspec.to_builtins, found))
            self.findings = numbered((finding_row(item, self.lang, rules, clauses) for item in written), self.lang)
            for row in self.findings:
                statuses.setdefault(row.rule, []).append(row.status)
            self.lines = [msgspec.convert(line, Coverage) for line in covering]
            self.coverage = [coverage_row(self._with_owner(one), self.lang, rules, statuses) for one in self.lines]
        except (TypeError, ValueError, AttributeError, msgspec.ValidationError):
            raise EvidenceDamaged(
                "findings or coverage are not in the form that the analysis writes",
                hint="monitor analyse rewrites them",
            ) from None

    def _with_owner(self, line: Coverage) -> Coverage:
        """A line that names an owner of code, by the name that the reader knows."""
        owner = line.detail.get("owner", "")
        if owner not in self.names.sdks:
            return line
        name = {"owner": self.sdk(owner)}
        reasons = [replace(one, params=one.params | name) if "owner" in one.params else one for one in line.reasons]
        return replace(line, reasons=reasons)

    def t(self, key: str, /, **values: object) -> str:
        """A text in the report's language, and in the words of the law that the report is about."""
        own = f"{key}.{self.session.packs[0]}" if len(self.session.packs) == 1 else ""
        return t(own if own and has(own) else key, self.lang, **values)

    def first(self, items: Sequence[str], most: int) -> list[str]:
        """The first ``most`` items, and how many more there are."""
        more = len(items) - most
        return [*items[:most], *([self.t("report.more", n=more)] if more > 0 else [])]

    def headline(self, finding: FindingRow) -> str:
        """A finding's title with its claim."""
        return headline(finding.status, finding.title, self.lang)

    def words(self, finding: FindingRow, *groups: Literal["status", "level", "grade"]) -> list[str]:
        """The words for a finding's status, level and grade, those that it has."""
        return [self.label(group, value) for group in groups if (value := getattr(finding, group))]

    @cached_property
    def by_seq(self) -> Mapping[int, Event]:
        """The events by number."""
        return self.events.numbered()

    @cached_property
    def stacks(self) -> dict[int, list[Frame]]:
        """The frames of each stack by its number."""
        return {event.stack: event.frames for event in self.events.of(Stack)}

    @cached_property
    def marks(self) -> list[timelines.KeptMark]:
        """The marks of consent, as the analysis made them."""
        return tracker.marks_of(self.lines, self.events)

    def has_pack(self, pack: str) -> bool:
        """Whether the session was assessed by this pack of clauses; none chosen = all."""
        return not self.session.packs or pack in self.session.packs

    def verdicts(self) -> dict[str, int]:
        """How many rules came to what."""
        found = Counter(row.verdict for row in self.covered("rule"))
        return {str(verdict): found[verdict] for verdict in Verdict}

    def open_rules(self) -> list[CoverageRow]:
        """Rules of which nothing can be said: neither findings, also for review, nor a clean result."""
        found = {finding.rule for finding in self.findings}
        return [row for row in self.covered("rule") if row.verdict != Verdict.SILENT and row.id not in found]

    def counts(self) -> dict[str, int]:
        """How many findings have which status."""
        found = Counter(finding.status for finding in self.findings)
        return {status: found[status] for status in STATUSES}

    def moment(self, t_us: int) -> str:
        """A time on the recording machine's clock and in UTC."""
        return local(t_us, self.session.utc_offset)

    def day(self, first: int, last: int) -> str:
        """The day of a session on the recording machine's clock, or its first and last; unknown without a time."""
        days = dict.fromkeys(self.moment(t_us).partition(" ")[0] for t_us in (first, last) if t_us)
        return " – ".join(days) or self.t("report.unknown")

    def clock(self, t_us: int) -> str:
        """A time of day in the zone of the recording machine."""
        return clock(t_us, offset=self.session.utc_offset)

    @property
    def zone(self) -> str:
        """The zone of every time that names none."""
        return zone_name(self.session.utc_offset)

    def sdk(self, sdk: str) -> str:
        """An SDK's name."""
        return self.name(sdk) if sdk else self.t("report.not_attributed")

    @cached_property
    def name(self) -> about.Naming:
        """Names of SDKs and organisations."""
        notes = (line for line in self.lines if line.id == Code.NAMED_ONLY)
        named_only = {line.detail.get("owner", "") for line in notes}
        return about.naming(self.lang, self.names.sdks, self.names.organisations, named_only)

    def unknown(self, finding: FindingRow) -> bool:
        """Whether the rule tells callers apart and this one is not known: nobody's, not the app's."""
        rule = self.names.rules.get(finding.rule)
        return not finding.sdk and rule is not None and "sdk" in rule.text.group_by

    def actor(self, finding: FindingRow) -> str:
        """Whose behaviour a finding is: a caller's by name, an unknown one's, or the app's as a whole."""
        if finding.sdk:
            return self.sdk(finding.sdk)
        return self.t("problem.unknown" if self.unknown(finding) else "problem.app")

    def org(self, org: str) -> str:
        """An organisation's name, or the host or ID unchanged."""
        return self.name(org, org=True)

    def country(self, org: str) -> str:
        """The country or region of an organisation, empty where it is not known."""
        found = self.names.organisations.get(org)
        return self.label("country", found.country) if found and found.country != "unknown" else ""

    @property
    def operator(self) -> str:
        """The operator of the app according to the declaration; empty = not declared."""
        operator = self.names.declaration.operator
        return operator.name if operator else ""

    @property
    def version(self) -> str:
        """The app's version with its number; empty = not known."""
        app = self.session.app
        return f"{app.version} ({app.version_code})" if app.version else ""

    @property
    def recorded(self) -> str:
        """From when to when; empty = not known."""
        s = self.session
        return f"{self.moment(s.start)} – {self.moment(s.end)}" if s.start else ""

    @property
    def android(self) -> str:
        """The device's version of Android; empty = not known."""
        device = self.session.device
        return f"Android {device.android} (API {device.api_level})" if device.android else ""

    def covered(self, kind: str) -> list[CoverageRow]:
        """Coverage of rules, of hooks, or the notes: what a reader must know about the observation."""
        return [row for row in self.coverage if row.kind == kind]

    @cached_property
    def trouble(self) -> list[Trouble]:
        """Losses, failures and late hooks of the monitor itself, and a recording that was interrupted."""
        found = []
        for event in self.events.of(Health, Recovery):
            if isinstance(event, Recovery):
                torn = {"torn_bytes": str(event.torn_bytes), "torn_sha256": event.torn_sha256}
                found.append(Trouble(event.t, "evidence", "recovery", 0, torn | {"events": str(event.events)}))
                continue
            detail = {str(name): str(value) for name, value in event.detail.items()}
            if event.what in _TROUBLE or lost_in_import(event.component, event.what, detail.get("why", "")):
                found.append(Trouble(event.t, event.component, event.what, event.n, detail, event.hook))
        return found

    @cached_property
    def bypassed(self) -> tuple[int, str]:
        """How often a certificate check of the app was bypassed (``--unpin hooks``), and for which hosts."""
        calls = list(self.events.bypassed())
        hosts = sorted({call.args["host"] for call in calls if call.args.get("host")})
        return len(calls), self.listed(clean(host) for host in hosts[:20]) or "–"

    @property
    def unread(self) -> list[TlsFailure | Transmission]:
        """Traffic whose content is not known."""
        return [
            event
            for event in self.events.of(TlsFailure, Transmission)
            if (not event.idle if isinstance(event, TlsFailure) else event.decoded in ("no", "opaque"))
        ]

    def recipients(self) -> list[Receiver]:
        """Hosts, those with most types and bytes first."""
        hosts: dict[str, Receiver] = {}
        for event in self.events.of(Transmission):
            one = hosts.setdefault(event.host, Receiver(event.host, event.org, event.party))
            one.sdks.add(event.sdk)
            one.types.update(m.data_type for m in event.matches if m.certainty == "found")
            one.bytes += event.bytes
            one.count += 1
        return sorted(hosts.values(), key=lambda one: (-len(one.types), -one.bytes, one.host))

    def chain(self, finding: FindingRow) -> Chain:
        """Event to clause: what a finding names first of each kind."""
        named = [self.by_seq[seq] for seq in finding.events if seq in self.by_seq]
        call = next((event for event in named if isinstance(event, ApiCall)), None)
        sent = next(iter(moments.carried(named, finding.data_type, finding.recipient)), None)
        wire = next((event for event in named if isinstance(event, Connection)), None)
        source = call or sent or wire or next(iter(named), None)
        frames = moments.without_repeats(self.stacks.get(getattr(source, "stack", 0), []))
        own = (f for f in frames if not platform(f.cls) and not (call and f.cls == call.cls))
        caller = next(own, frames[0] if frames else None)
        return Chain(call, sent, source, frames[:_FRAMES], len(frames) - _FRAMES, caller)
