"""A capture made elsewhere (HAR or ``.mitm``) as a bundle: searched, attributed, sealed, assessed like a recording."""

import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.rules.load import Rule, load_rules, rule_files
from monitor.assess.evaluation import Evaluation
from monitor.assess.kept import keep_identifiers, keep_recipients, organisations
from monitor.assess.opened import Opened
from monitor.assess.render import write_results
from monitor.assess.tables import keep_tables
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, InputError, writing
from monitor.content import Needle, Searcher
from monitor.content.guard import Guard, covered
from monitor.events import Consent, Event, Health, HealthDetail, Transmission, ValueRef
from monitor.evidence.bundle import Bundle
from monitor.importing.captures import capture_format, import_capture, learnt_values, load_identifiers, skipped_part
from monitor.knowledge.tables import load_sdks
from monitor.session.declaration import Declaration, load_declaration, none
from monitor.session.manifest import App, Session, tool_versions
from monitor.session.observe import RawValue, bucket
from monitor.session.options import ImportOptions
from monitor.text.reasons import Skip

_PACKAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")
_ERR_US: Final = 1_000_000


@dataclass
class ImportOutcome:
    """The outcome of an import. ``skipped``: what could not be read (``Skip``), and how often; 0 = unknown."""

    bundle: Path
    assessment: Assessment
    session: Session
    transmissions: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    interrupted: bool = False
    guessed: int = 0
    """Matches that the name of a field alone tells."""


def parse_moment(text: str) -> int:
    """Microseconds since the epoch of an ISO 8601 time (without zone: UTC) or a number of seconds, milliseconds or
    microseconds since the epoch. Raises ``InputError``."""
    hint = "e.g. 2026-05-01T08:30:00+08:00, or seconds since 1970"
    try:
        if re.fullmatch(r"\d{1,17}(\.\d{1,6})?", text.strip()):
            value = float(text)
            scale = 1_000_000 if value < 1e11 else 1_000 if value < 1e14 else 1
            return int(value * scale)
        when = datetime.fromisoformat(text.strip())
        moment = int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        raise InputError("not a time", where="--consent", hint=hint) from None
    if moment <= 0:
        raise InputError("a time before 1970", where="--consent", hint=hint)
    return moment


def import_bundle(
    options: ImportOptions,
    progress: Callable[[int], None] = lambda count: None,
    stop: threading.Event | None = None,
) -> ImportOutcome:
    """Make a bundle from a capture. ``progress`` is called with the number of messages so far; after ``stop`` no more
    are read.

    Raises ``InputError`` for inputs that cannot be used (then nothing is left in ``out``), ``EnvironmentFault``.
    """
    consent = parse_moment(options.consent) if options.consent else 0
    if not _PACKAGE.fullmatch(options.app):
        raise InputError("not a package name", where="--app", hint="for example com.example.shop")
    form = capture_format(options.file)
    values = load_identifiers(options.identifiers) if options.identifiers else []
    declaration = load_declaration(options.declaration) if options.declaration else none()
    rules = load_rules(options.pack, options.profile, extra=rule_files(options.rules))
    new = not options.out.exists()
    bundle = Bundle.create(options.out, options.key)
    try:
        importing = _Import(options, consent, form, declaration, rules, bundle, progress)
        return importing.run(values, stop or threading.Event())
    except (InputError, EnvironmentFault) as error:
        if isinstance(error, InputError) or not bundle.log.seq:
            _clear(options.out)  # nothing was imported: the directory is gone or empty, as before
            if new:
                with suppress(OSError):
                    options.out.rmdir()
        raise


def _clear(out: Path) -> None:
    for item in out.iterdir():
        with suppress(OSError):
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item)
            else:
                item.unlink()


@dataclass
class _Import:
    """The parts of one import."""

    options: ImportOptions
    consent: int
    form: str
    declaration: Declaration
    rules: list[Rule]
    bundle: Bundle
    progress: Callable[[int], None]

    def __post_init__(self) -> None:
        options = self.options
        self._organisations = organisations(options.recipients)
        self._sdks = load_sdks()
        self._evaluation = Evaluation(self.rules, self.declaration, self._organisations, self._sdks, ())
        self._session = Session(
            id=secrets.token_hex(8), imported=self.form, app=App(package=options.app), ended="failed",
            packs=list(options.pack), profile=options.profile, versions=tool_versions(),
            digests=keep_tables(self.bundle, rules=rule_files(options.rules)),
        )  # fmt: skip
        self._searcher = Searcher(options.app)
        self._guard = Guard(options.app, self._searcher)
        self._guessed: set[str] = set()
        self._newest = 0
        self._turned = 0
        self._outcome = ImportOutcome(self.bundle.path, Assessment([], []), self._session)

    def run(self, values: list[RawValue], stop: threading.Event) -> ImportOutcome:
        """Import, seal, evaluate, write the results."""
        source = self._keep_source()
        keep_identifiers(self.bundle, self._learn(values))
        self._follow(values, stop)
        outcome, session = self._outcome, self._session
        for event in self._events(source):
            self._record(event)
            if stop.is_set():
                outcome.interrupted = True
                break
        if outcome.interrupted:
            self._record(self._missing(Skip.INTERRUPTED))
        session.ended = "interrupted" if outcome.interrupted else "done"
        session.start = session.start or self.consent or now_us()
        session.end = max(self._newest, session.start)
        session.counters = dict(sorted(session.counters.items()))
        if self.options.declaration:
            session.declaration_sha256 = self.bundle.add_input(
                "declaration.yaml", self.options.declaration.read_bytes()
            )
        keep_recipients(self.bundle, self._organisations, self.options.recipients)
        self.bundle.seal(session)
        outcome.assessment = self._evaluation.close()
        with Opened.recorded(self.bundle, session, self.declaration, self._organisations, self._sdks) as opened:
            write_results(self.bundle, opened, outcome.assessment, self.options.lang or "en")
        return outcome

    def _keep_source(self) -> str:
        """Copy the capture into the private part, piece by piece; returns its keyed digest."""
        digest = sha256()
        target = self.bundle.path / "private" / f"import.{self._session.imported}"
        with writing(self.options.file), self.options.file.open("rb") as source, target.open("xb") as copy:
            while piece := source.read(1 << 20):
                digest.update(piece)
                copy.write(piece)
        return self.bundle.vault.cover(digest.hexdigest())

    def _learn(self, values: list[RawValue]) -> list[ValueRef]:
        """Values as needles; their commitments go into the bundle, the values only into its private part."""
        refs = [self.bundle.vault.redact(value) for value in values]
        needles = [Needle(value.data_type, ref.tag, value.text) for value, ref in zip(values, refs, strict=True)]
        self._searcher.add(needles)
        self._guard.learn((needle.data_type, needle.tag, needle.value) for needle in needles)
        return refs

    def _follow(self, values: list[RawValue], stop: threading.Event) -> None:
        """Values that the names of fields tell, to be found in the rest of the capture; masked like known ones."""
        known = {value.text for value in values}
        found = [v for v in learnt_values(self.options.file, stop.is_set) if v.text not in known]
        self._guessed = {ref.tag for ref in self._learn(found)}

    def _events(self, source: str) -> Iterator[Event]:
        begun = False
        for item in import_capture(self.options.file, self.options.app, searcher=self._searcher, guessed=self._guessed):
            if not begun:
                begun = True
                yield from self._preface(item.event, source)
            if isinstance(item.event, Health):
                self._outcome.skipped[item.event.detail.get("why", "")] = item.event.n
                yield msgspec.structs.replace(item.event, t=self._newest or item.event.t)
                continue
            if item.body:
                self.bundle.blob(item.body, private=True)
            yield self._in_order(item.event)
            self._outcome.transmissions += 1
            self._outcome.guessed += sum(match.certainty == "possible" for match in item.event.matches)
            self.progress(self._outcome.transmissions)

    def _missing(self, why: Skip) -> Health:
        """The import's own statement that a part is missing."""
        said = skipped_part(self.options.app, why)
        return msgspec.structs.replace(said, t=self._newest or said.t, err=0, src="runner")

    def _preface(self, first: Event, source: str) -> Iterator[Event]:
        """Record what was imported, and the operator's statement about consent, before everything else."""
        app, options = self.options.app, self.options
        detail: HealthDetail = {
            "format": self._session.imported,
            "sha256": source,
            "bytes": str(bucket(options.file.stat().st_size)),
            "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        yield Health(t=first.t, err=0, src="runner", app=app, component="import", what="started", detail=detail)
        if self.consent:
            yield Consent(
                t=self.consent, err=_ERR_US, src="operator", app=app, scope="policy", state="granted",
                via="operator", detail={"stated": "on the command line"},
            )  # fmt: skip

    def _in_order(self, event: Transmission) -> Transmission:
        """Events of one source are ordered by sequence; one that is later in the file than in time gets a source of its
        own."""
        if event.t < self._newest:
            self._turned += 1
            return msgspec.structs.replace(event, src=f"import:{self._turned}")
        return event

    def _record(self, event: Event) -> None:
        try:
            event = self.bundle.log.append(self._guard.public(covered(event, self.bundle.vault.cover)))
        except InputError as error:  # an entry that cannot be written costs only that entry
            self._outcome.skipped[Skip.UNRECORDABLE] = self._outcome.skipped.get(Skip.UNRECORDABLE, 0) + 1
            missing = self._missing(Skip.UNRECORDABLE)
            missing.detail["fault"] = error.message[:200]
            event = self.bundle.log.append(missing)
        if isinstance(event, Transmission):
            self._newest = max(self._newest, event.t)
            self._session.start = min(self._session.start or event.t, event.t)
        kind = str(event.__struct_config__.tag)
        self._session.counters[kind] = self._session.counters.get(kind, 0) + 1
        self._evaluation.feed((event,))
