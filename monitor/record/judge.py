"""From events to findings, coverage and the report: live while recording, and again from a bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from monitor.analysis.attribution import party
from monitor.analysis.correlator import Analysis
from monitor.analysis.coverage import Coverage
from monitor.analysis.findings import Finding, encode
from monitor.analysis.rules import Rule, load_rules
from monitor.clock import now_us
from monitor.declaration import Declaration, load_declaration, none
from monitor.errors import EvidenceDamaged
from monitor.events import Event, Transmission
from monitor.evidence.bundle import Bundle, read_head
from monitor.evidence.lines import read_events
from monitor.record.inputs import Inputs, kept_organisations
from monitor.reports import render
from monitor.session import App, Session
from monitor.tables import Hosts, Organisation, Sdk, load_sdks

ENGINE = "1"


class Judgement(NamedTuple):
    """What an analysis gave."""

    findings: list[Finding]
    coverage: list[Coverage]


class Judge:
    """Live analysis: fed by the bus, so that what is seen live is what the log gives later."""

    def __init__(self, inputs: Inputs, on_finding: Callable[[Finding], None]) -> None:
        hooks = [row.id for row in inputs.rows]
        self._analysis = analysis(inputs.rules, inputs.declaration, inputs.organisations, inputs.sdks, hooks)
        self._on_finding = on_finding

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        for finding in self._analysis.feed(event):
            self._on_finding(finding)

    def close(self) -> Judgement:
        """Decide what is open."""
        return Judgement(*self._analysis.close())


def analysis(
    rules: Sequence[Rule],
    declaration: Declaration,
    organisations: Mapping[str, Organisation],
    sdks: Mapping[str, Sdk],
    hooks: Sequence[str],
) -> Analysis:
    """A new analysis with these tables; ``hooks`` are ids of catalogue rows."""
    return Analysis(rules, declaration, organisations=organisations, sdks=sdks, hooks=hooks)


def write_results(bundle: Bundle, session: Session, judgement: Judgement, rules: Sequence[Rule], lang: str) -> None:
    """Write and attest ``findings.jsonl``, ``coverage.jsonl`` and ``report.html``."""
    bundle.write("findings.jsonl", b"".join(encode(f) + b"\n" for f in judgement.findings))
    encoder = msgspec.json.Encoder(order="sorted")
    bundle.write("coverage.jsonl", b"".join(encoder.encode(line) + b"\n" for line in judgement.coverage))
    counts: dict[str, int] = {}
    for finding in judgement.findings:
        counts[finding.status] = counts.get(finding.status, 0) + 1
    used = {rule.path.name: sha256(rule.path.read_bytes()).hexdigest() for rule in rules}
    bundle.attest(used, ENGINE, counts)
    root = read_head(bundle.path).root
    events = read_events(bundle.path)
    bundle.write(
        "report.html", render("html", session, events, judgement.findings, judgement.coverage, lang, root=root)
    )


def reanalyse(
    path: Path,
    packs: Sequence[str],
    profile: str,
    declaration: Path | None,
    lang: str,
    *,
    seal_as: str = "",
    key: Path | None = None,
    recipients: Sequence[Path] = (),
) -> Judgement:
    """Run the rules on a recorded bundle and write the results anew.

    ``recipients``: lists of the user's that name owners of hosts which the recording could not name. ``seal_as``: seal
    a recovered recording first, with this as the way it ended, and with ``key`` (PEM) if given. Raises ``InputError``
    or ``EvidenceDamaged``.
    """
    bundle = Bundle.open(path, key)
    session = _session(bundle, path, seal_as)
    if seal_as:
        session.ended = seal_as
        bundle.seal(session)
    own = path / "data" / "inputs" / "declaration.yaml"
    chosen = declaration or (own if own.is_file() else None)
    rules = load_rules(packs or session.packs or (), profile or session.profile or "guide")
    statement = load_declaration(chosen) if chosen else none()
    table = kept_organisations(path, recipients)
    judge = analysis(rules, statement, table, load_sdks(), _hook_ids(path))
    hosts = Hosts(table)
    for event in read_events(path):
        if recipients and isinstance(event, Transmission) and not event.org:
            who = party(event.host, hosts, statement)
            event = msgspec.structs.replace(event, org=who.org, party=who.party)
        judge.feed(event)
    judgement = Judgement(*judge.close())
    write_results(bundle, session, judgement, rules, lang)
    return judgement


def _session(bundle: Bundle, path: Path, seal_as: str) -> Session:
    """The manifest; for a broken-off recording without one, as much as its events tell."""
    try:
        session = bundle.session()
        if not seal_as:
            return session
    except EvidenceDamaged:
        if not seal_as:
            raise
        session = Session()
    counted: Counter[str] = Counter()
    for event in read_events(path):
        session.start = session.start or event.t
        session.end = max(session.end, event.t)
        session.app = session.app if session.app.package else App(package=event.app)
        counted[str(event.__struct_config__.tag)] += 1
    session.counters = dict(sorted(counted.items()))
    session.end = session.end or now_us()
    return session


def _hook_ids(path: Path) -> list[str]:
    """Ids of the catalogue rows that the session used, as its bundle kept them."""
    kept = path / "data" / "inputs" / "catalogue.json"
    try:
        rows = msgspec.json.decode(kept.read_bytes(), type=list[dict[str, object]])
    except (OSError, msgspec.DecodeError):
        return []
    return [str(row.get("id", "")) for row in rows]


def render_bundle(format: str, path: Path, lang: str, *, screenshots: bool = False) -> bytes:
    """A report of a bundle from its stored findings and coverage; ``screenshots``: with what the app showed, which is
    in the private part. Raises ``InputError`` or ``EvidenceDamaged``."""
    bundle = Bundle.open(path)
    findings, coverage = (_stored(path / name) for name in ("findings.jsonl", "coverage.jsonl"))
    root = read_head(path).root
    blobs = bundle.read_blob if screenshots else None
    return render(format, bundle.session(), read_events(path), findings, coverage, lang, blobs=blobs, root=root)


def _stored(file: Path) -> list[dict[str, object]]:
    if not file.is_file():
        raise EvidenceDamaged("missing", where=file.name, hint="run: monitor analyse BUNDLE")
    try:
        return [msgspec.json.decode(line, type=dict[str, object]) for line in file.read_bytes().splitlines()]
    except msgspec.DecodeError:
        raise EvidenceDamaged("not a line of ours", where=file.name, hint="run: monitor analyse BUNDLE") from None
