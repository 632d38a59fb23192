"""A capture made elsewhere (HAR or ``.mitm``) as a bundle: searched, attributed, sealed and judged like a recording."""

from __future__ import annotations

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

from monitor.analysis.attribution import Joiner
from monitor.analysis.rules import Rule, load_rules
from monitor.clock import now_us
from monitor.declaration import Declaration, load_declaration, none
from monitor.errors import EnvironmentFault, InputError
from monitor.events import Consent, Event, Health, Transmission
from monitor.evidence.bundle import Bundle
from monitor.importer import capture_format, import_capture, load_identifiers
from monitor.observe import RawValue
from monitor.record import manifest
from monitor.record.inputs import digests, keep_identifiers, keep_recipients, organisations
from monitor.record.judge import Judgement, analysis, write_results
from monitor.session import App, Session
from monitor.tables import Hosts, load_sdks

_PACKAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")
_ERR_US: Final = 1_000_000


@dataclass(frozen=True)
class ImportOptions:
    """What the user asked for. ``out`` must be new or empty; ``consent`` in microseconds since the epoch, 0 = none."""

    file: Path
    app: str
    out: Path
    identifiers: Path | None = None
    consent: int = 0
    declaration: Path | None = None
    packs: tuple[str, ...] = ()
    profile: str = "guide"
    lang: str = "en"
    recipients: tuple[Path, ...] = ()
    key: Path | None = None


@dataclass
class ImportOutcome:
    """How an import ended. ``skipped`` says what could not be read and how often."""

    bundle: Path
    judgement: Judgement
    session: Session
    transmissions: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    interrupted: bool = False


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
    """Make a bundle of a capture. ``progress`` is told how many messages are in; after ``stop`` no more are read.

    Raises ``InputError`` for inputs that cannot be used (then nothing is left in ``out``), ``EnvironmentFault``.
    """
    if not _PACKAGE.fullmatch(options.app):
        raise InputError("not a package name", where="--app", hint="for example com.example.shop")
    form = capture_format(options.file)
    values = load_identifiers(options.identifiers) if options.identifiers else []
    declaration = load_declaration(options.declaration) if options.declaration else none()
    rules = load_rules(options.packs, options.profile)
    bundle = Bundle.create(options.out, options.key)
    try:
        return _Import(options, form, declaration, rules, bundle, progress).run(values, stop or threading.Event())
    except InputError:
        _clear(options.out)  # no capture after all: the directory is as it was, new or empty
        raise


def _clear(out: Path) -> None:
    for item in out.iterdir():
        with suppress(OSError):
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item)
            else:
                item.unlink()


class _Import:
    """The parts of one import."""

    def __init__(
        self,
        options: ImportOptions,
        form: str,
        declaration: Declaration,
        rules: list[Rule],
        bundle: Bundle,
        progress: Callable[[int], None],
    ) -> None:
        self._options = options
        self._bundle = bundle
        self._rules = rules
        self._progress = progress
        self._organisations = organisations(options.recipients)
        sdks = load_sdks()
        self._joiner = Joiner(Hosts(self._organisations), sdks.values(), declaration)
        self._judge = analysis(rules, declaration, self._organisations, sdks, ())
        self._session = Session(
            id=secrets.token_hex(8), imported=form, app=App(package=options.app), ended="failed",
            packs=list(options.packs), profile=options.profile, versions=manifest.versions(),
            digests=digests(recipients=options.recipients),
        )  # fmt: skip
        self._newest = 0
        self._turned = 0
        self._outcome = ImportOutcome(bundle.path, Judgement([], []), self._session)

    def run(self, values: list[RawValue], stop: threading.Event) -> ImportOutcome:
        """Import, seal, judge, write the results."""
        source = self._keep_source()
        needles = self._needles(values)
        outcome, session = self._outcome, self._session
        for event in self._events(needles, source):
            self._record(event)
            if stop.is_set():
                outcome.interrupted = True
                break
        session.ended = "interrupted" if outcome.interrupted else "done"
        session.start = session.start or self._options.consent or now_us()
        session.end = max(self._newest, session.start)
        session.counters = dict(sorted(session.counters.items()))
        if self._options.declaration:
            session.declaration_sha256 = self._bundle.add_input(
                "declaration.yaml", self._options.declaration.read_bytes()
            )
        keep_recipients(self._bundle, self._organisations, self._options.recipients)
        self._bundle.seal(session)
        outcome.judgement = Judgement(*self._judge.close())
        write_results(self._bundle, session, outcome.judgement, self._rules, self._options.lang)
        return outcome

    def _keep_source(self) -> str:
        """The capture itself into the private part, piece by piece; its SHA-256."""
        digest = sha256()
        target = self._bundle.path / "private" / f"import.{self._session.imported}"
        try:
            with self._options.file.open("rb") as source, target.open("xb") as copy:
                while piece := source.read(1 << 20):
                    digest.update(piece)
                    copy.write(piece)
        except OSError as error:
            raise EnvironmentFault(error.strerror or type(error).__name__, where=str(self._options.file)) from None
        return digest.hexdigest()

    def _needles(self, values: list[RawValue]) -> list[tuple[str, str, str]]:
        """Identifiers as needles; their commitments go into the bundle, the values only into its private part."""
        refs = [self._bundle.vault.redact(value) for value in values]
        keep_identifiers(self._bundle, refs)
        return [(value.data_type, ref.tag, value.text) for value, ref in zip(values, refs, strict=True)]

    def _events(self, needles: list[tuple[str, str, str]], source: str) -> Iterator[Event]:
        begun = False
        for item in import_capture(self._options.file, self._options.app, needles):
            if not begun:
                begun = True
                yield from self._preface(item.event, source)
            if isinstance(item.event, Health):
                self._outcome.skipped[item.event.detail.get("why", "")] = item.event.n
                yield msgspec.structs.replace(item.event, t=self._newest or item.event.t)
                continue
            if item.body:
                self._bundle.blob(item.body, private=True)
            yield self._in_order(self._joiner.transmission(item.event))
            self._outcome.transmissions += 1
            self._progress(self._outcome.transmissions)

    def _preface(self, first: Event, source: str) -> Iterator[Event]:
        """What was imported, and the operator's statement about consent, before everything else."""
        app, options = self._options.app, self._options
        detail = {
            "format": self._session.imported,
            "sha256": source,
            "bytes": str(options.file.stat().st_size),
            "imported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        yield Health(t=first.t, err=0, src="runner", app=app, component="import", what="started", detail=detail)
        if options.consent:
            yield Consent(
                t=options.consent, err=_ERR_US, src="operator", app=app, scope="policy", state="granted",
                via="operator", detail={"stated": "on the command line"},
            )  # fmt: skip

    def _in_order(self, event: Transmission) -> Transmission:
        """Events of one source are ordered by sequence; one that stands later in the file than in time gets its own."""
        if event.t < self._newest:
            self._turned += 1
            return msgspec.structs.replace(event, src=f"import:{self._turned}")
        return event

    def _record(self, event: Event) -> None:
        event = self._bundle.log.append(event)
        if isinstance(event, Transmission):
            self._newest = max(self._newest, event.t)
            self._session.start = min(self._session.start or event.t, event.t)
        kind = str(event.__struct_config__.tag)
        self._session.counters[kind] = self._session.counters.get(kind, 0) + 1
        self._judge.feed(event)
