"""A capture made elsewhere (HAR or ``.mitm``) as a bundle: searched, attributed, sealed, assessed like a recording."""

import re
import secrets
import shutil
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.rules.load import load_rules, rule_files
from monitor.assess.evaluation import Evaluation
from monitor.assess.opened import Opened
from monitor.assess.render import write_results
from monitor.assess.tables import keep_identifiers, keep_recipients, keep_tables, organisations
from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, InputError, MonitorError, writing
from monitor.content import Needle, Searcher
from monitor.content.guard import Guard, covered
from monitor.events import Consent, Event, Health, HealthDetail, KnownValues, Transmission, ValueRef
from monitor.evidence.bundle import Bundle
from monitor.importing.captures import capture_format, import_capture, learnt_values, load_identifiers, skipped_part
from monitor.knowledge.tables import load_sdks
from monitor.session.declaration import Declaration, load_declaration
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
            return int(value * (1_000_000 if value < 1e11 else 1_000 if value < 1e14 else 1))
        when = datetime.fromisoformat(text.strip())
        moment = int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        raise InputError("not a time", where="--consent", hint=hint) from None
    if moment <= 0:
        raise InputError("a time before 1970", where="--consent", hint=hint)
    return moment


def import_bundle(
    options: ImportOptions, progress: Callable[[int], None] = lambda count: None, stop: threading.Event | None = None
) -> ImportOutcome:
    """Make a bundle from a capture. ``progress`` is called with the number of messages so far; after ``stop`` no more
    are read.

    Raises ``InputError`` for inputs that cannot be used (then nothing is left in ``out``), ``EnvironmentFault``.
    """
    new = not options.out.exists()
    importing = _Import(options, progress)
    try:
        return importing.run(stop or threading.Event())
    except (InputError, EnvironmentFault) as error:
        if isinstance(error, InputError) or not importing.bundle.log.seq:
            # Nothing was imported: the directory is gone or empty, as before. On Windows what is open stays.
            with suppress(MonitorError):
                importing.bundle.log.close()
            importing.bundle.vault.close()
            importing.bundle.drop_lock()
            for item in options.out.iterdir():
                with suppress(OSError):
                    shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
            if new:
                with suppress(OSError):
                    options.out.rmdir()
        raise


class _Import:
    """One import."""

    def __init__(self, options: ImportOptions, progress: Callable[[int], None]) -> None:
        """Reads all inputs but the capture, and makes the directory. Raises ``InputError``."""
        self._options, self._progress = options, progress
        self._consent = parse_moment(options.consent) if options.consent else 0
        if not _PACKAGE.fullmatch(options.app):
            raise InputError("not a package name", where="--app", hint="for example com.example.shop")
        self._form = capture_format(options.file)
        self._values = load_identifiers(options.identifiers) if options.identifiers else []
        self._declaration = load_declaration(options.declaration) if options.declaration else Declaration()
        rules = load_rules(options.pack, options.profile, extra=rule_files(options.rules))
        self._organisations, self._sdks = organisations(options.recipients), load_sdks()
        self._evaluation = Evaluation(rules, self._declaration, self._organisations, self._sdks, ())
        self._searcher = Searcher(options.app)
        self._guard = Guard(options.app, self._searcher)
        self._newest = 0
        self._turned = 0
        self.bundle = Bundle.create(options.out, options.key)

    def run(self, stop: threading.Event) -> ImportOutcome:
        """Import, seal, evaluate, write the results."""
        options, bundle = self._options, self.bundle
        session = self._session = Session(
            id=secrets.token_hex(8), imported=self._form, app=App(package=options.app), ended="failed",
            packs=list(options.pack), profile=options.profile, versions=tool_versions(),
            digests=keep_tables(bundle, rules=rule_files(options.rules)),
        )  # fmt: skip
        outcome = self._outcome = ImportOutcome(bundle.path, Assessment([], []), session)
        source = self._keep_source()
        self._given = self._learn(self._values)
        keep_identifiers(bundle, self._given)
        # Values that the names of fields tell, to be found in the rest of the capture; masked like known ones.
        known = {value.text for value in self._values}
        found = [value for value in learnt_values(options.file, stop.is_set) if value.text not in known]
        for event in self._events(source, {ref.tag for ref in self._learn(found)}):
            self._record(event)
            if stop.is_set():
                outcome.interrupted = True
                break
        if outcome.interrupted:
            self._record(self._missing(Skip.INTERRUPTED))
        session.ended = "interrupted" if outcome.interrupted else "done"
        session.start = session.start or self._consent or now_us()
        session.end = max(self._newest, session.start)
        session.counters = dict(sorted(session.counters.items()))
        if options.declaration:
            session.declaration_sha256 = bundle.add_input("declaration.yaml", options.declaration.read_bytes())
        keep_recipients(bundle, self._organisations, options.recipients)
        bundle.seal(session)
        outcome.assessment = self._evaluation.close()
        with Opened.recorded(bundle, session, self._declaration, self._organisations, self._sdks) as opened:
            write_results(bundle, opened, outcome.assessment, options.lang or "en")
        return outcome

    def _keep_source(self) -> str:
        """Copy the capture into the private part, piece by piece; returns its keyed digest."""
        digest = sha256()
        target = self.bundle.path / "private" / f"import.{self._form}"
        with writing(self._options.file), self._options.file.open("rb") as source, target.open("xb") as copy:
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

    def _events(self, source: str, guessed: Collection[str]) -> Iterator[Event]:
        """What is recorded, in its order. ``source``: keyed digest of the capture; ``guessed``: tags of values that the
        name of a field alone tells."""
        options, outcome = self._options, self._outcome
        for item in import_capture(options.file, options.app, searcher=self._searcher, guessed=guessed):
            if not self._session.counters:
                yield from self._preface(item.event, source)
            if isinstance(item.event, Health):
                outcome.skipped[item.event.detail.get("why", "")] = item.event.n
                yield msgspec.structs.replace(item.event, t=self._newest or item.event.t)
                continue
            if item.body:
                self.bundle.blob(item.body, private=True)
            # Events of one source are ordered by sequence; one that is later in the file than in time gets another.
            self._turned += item.event.t < self._newest
            src = f"import:{self._turned}" if item.event.t < self._newest else item.event.src
            yield msgspec.structs.replace(item.event, src=src)
            outcome.transmissions += 1
            outcome.guessed += sum(match.certainty == "possible" for match in item.event.matches)
            self._progress(outcome.transmissions)

    def _missing(self, why: Skip) -> Health:
        """The import's own statement that a part is missing."""
        part = skipped_part(self._options.app, why)
        return msgspec.structs.replace(part, t=self._newest or part.t, err=0, src="runner")

    def _preface(self, first: Event, source: str) -> Iterator[Event]:
        """Record what was imported, and the operator's statement about consent, before everything else."""
        detail: HealthDetail = {
            "format": self._form, "sha256": source, "bytes": str(bucket(self._options.file.stat().st_size)),
            "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }  # fmt: skip
        yield Health(t=first.t, err=0, src="runner", app=self._options.app, component="import", what="started",
                     detail=detail)  # fmt: skip
        if self._given:
            yield KnownValues(t=first.t, err=0, src="runner", app=self._options.app, known=self._given)
        if self._consent:
            yield Consent(
                t=self._consent, err=_ERR_US, src="operator", app=self._options.app, scope="policy", state="granted",
                via="operator", detail={"stated": "on the command line"},
            )  # fmt: skip

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
