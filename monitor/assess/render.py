"""What an assessment writes: findings, coverage, and reports with the names from the tables that a bundle keeps."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from monitor.analysis.correlate.findings import Assessment, encode
from monitor.assess import stored
from monitor.assess.handover import hiding
from monitor.assess.opened import Opened
from monitor.assess.released import notices
from monitor.assess.remedied import remedied
from monitor.base.output import folder, inert_json, write_out
from monitor.evidence.attested import Results, is_recorders, results_of
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import set_aside
from monitor.evidence.seal import LABELS, OWN_RULES, WORDS_NAMES
from monitor.evidence.standalone.verify import file_digest
from monitor.evidence.verify import CheckedLog
from monitor.reports import Front, Names, View, front, render
from monitor.session.laboratory import stated as stated_record
from monitor.session.manifest import Deviation
from monitor.text.reasons import Coverage

ENGINE: Final = "2"
#: What a pipeline keeps: file name to format.
FOR_CI: Final = {
    "report.html": "html",
    "report.json": "json",
    "report.md": "markdown",
    "junit.xml": "junit",
    "report.sarif": "sarif",
}
#: Formats with a list of electronic data.
_LISTING: Final = frozenset({"docx", "pdf", "extraction", "xlsx"})
_MANIFEST: Final = "manifest-sha256.txt"
#: Written after the manifest, each with a seal of its own.
_LATER: Final = ("findings.jsonl", "coverage.jsonl", "seal.dsse.json", "findings.dsse.json")


class Written(NamedTuple):
    """What became of a bundle's results."""

    earlier: str
    """Folder of those that were replaced; empty if there were none."""
    key: str
    """SHA-256 of the key that attested the new ones."""
    front: Front = Front()
    """What page one of the report says."""


def write_results(
    bundle: Bundle, opened: Opened, assessment: Assessment, lang: str, damage: str = "", more: Mapping[str, bytes] = {}
) -> Written:
    """Write and attest ``findings.jsonl``, ``coverage.jsonl`` and ``report.html``. ``bundle`` has the key to attest
    with; the attestation names the tables that were used. ``more``: further derived files by name."""
    # First, as it is the first to read what the analysis only counted: nothing is replaced if that is not readable.
    key = bundle.signer().public.id
    by = Results("recorder" if is_recorders(bundle.path, key) else "examiner", key)
    head, assessment = opened.log.head, remedied(opened, assessment)
    view = view_of(opened, "html", assessment.findings, assessment.coverage, lang, damage=damage, results=by)
    html = render("html", view)
    earlier = set_aside(bundle.path, head)
    for name in (LABELS, *WORDS_NAMES, OWN_RULES):  # kept in ``earlier``; here it would count as theirs
        if name not in more and name not in opened.taken:
            (bundle.path / name).unlink(missing_ok=True)
    for name, data in more.items():
        bundle.write(name, data)
    encoder = msgspec.json.Encoder(order="sorted")
    bundle.write("findings.jsonl", b"".join(inert_json(encode(item)) + b"\n" for item in assessment.findings))
    bundle.write("coverage.jsonl", b"".join(inert_json(encoder.encode(line)) + b"\n" for line in assessment.coverage))
    bundle.write("report.html", html)
    counts = Counter(finding.status for finding in assessment.findings)
    bundle.attest(dict(opened.tables.digests), ENGINE, dict(counts), opened.session.packs, head.root, opened.given)
    return Written(earlier, key, front(view))


def view_of(
    opened: Opened,
    format: str,
    findings: Iterable[object],
    coverage: Iterable[Coverage],
    lang: str,
    *,
    screenshots: bool = False,
    fields: bool = False,
    damage: str = "",
    accepted: Mapping[str, str] | None = None,
    template: bytes = b"",
    results: Results | None = None,
    annex: bool = True,
    stated: Sequence[str] = (),
) -> View:
    """What a report of these findings and coverage lines shows; it states ``damage`` of the evidence and whose
    ``results`` it shows; ``screenshots``, ``fields``, ``annex`` and ``stated``: as ``render_bundle``. Raises
    ``EvidenceDamaged``."""
    bodies = fields and format == "har"
    record, later = stated_record(opened.session.record, stated)
    if damage:
        deviations = [Deviation(what=damage, reason="--force"), *record.deviations]
        record = record.model_copy(update={"deviations": deviations})
    session = opened.session.model_copy(update={"record": record})
    return View(
        session, opened.listed, findings, coverage, lang,
        blobs=opened.bundle.read_blob if bodies or (screenshots and format != "har") else None,
        hide=hiding(opened.bundle) if bodies else str, root=opened.log.head.root,
        names=names_of(opened, lang), accepted=accepted or {}, template=template, results=results, annex=annex,
        later=later, held=holdings(opened.path) if format in _LISTING else (),
    )  # fmt: skip


def names_of(opened: Opened, lang: str) -> Names:
    """The names and texts from the tables that a bundle keeps, under the packs by which it was assessed."""
    rules = {rule.id: rule for rule in opened.tables.rules(opened.session.packs, opened.session.profile)}
    return Names(opened.sdks, opened.organisations, rules, opened.declaration, notices(opened, lang))


def render_bundle(
    format: str, path: Path, lang: str, *,
    screenshots: bool = False, fields: bool = False, damage: str = "", template: bytes = b"",
    results: Results | None = None, annex: bool = True, stated: Sequence[str] = (),
    log: CheckedLog | None = None,
) -> bytes:  # fmt: skip
    """A report on a bundle from its stored findings and coverage; ``results``: whose they are, as far as the reader
    knows (default: as the bundle itself shows). From the private part: ``screenshots`` of the app,
    and in a HAR the ``fields`` of bodies in which nothing was found. ``annex``: with every finding in detail, in the
    inspection report. ``stated``: files and KEY=VALUE that fill its blanks (``monitor.session.laboratory``). ``log``:
    as it was verified. Raises ``InputError`` or ``EvidenceDamaged``."""
    findings, coverage = stored.as_written(path, log), stored.coverage(path, log)
    with Opened.of_results(path, log) as opened:
        view = view_of(
            opened, format, findings, coverage, lang,
            screenshots=screenshots, fields=fields, damage=damage, template=template,
            results=results or results_of(path), annex=annex, stated=stated,
        )  # fmt: skip
        return render(format, view)


def write_reports(path: Path, into: Path, lang: str, accepted: Mapping[str, str] | None = None) -> list[Path]:
    """The reports of a bundle that a pipeline keeps, written to a directory. Screens stay in the private part.

    Raises ``InputError`` or ``EnvironmentFault`` (cannot be written), ``EvidenceDamaged``.
    """
    findings, coverage = stored.as_written(path), stored.coverage(path)
    results = results_of(path)
    folder(into, empty=False)
    with Opened.of_results(path) as opened:
        for name, format in FOR_CI.items():
            view = view_of(opened, format, findings, coverage, lang, accepted=accepted, results=results)
            write_out(into / name, render(format, view))
    return [into / name for name in FOR_CI]


class Held(NamedTuple):
    """A file of a bundle, or its whole private part with the digest of that part's manifest."""

    name: str
    files: int
    bytes: int
    digest: str


def holdings(path: Path) -> tuple[Held, ...]:
    """The parts of the bundle at ``path``, for the list of electronic data (电子数据清单): digests from its manifests,
    sizes from the files. A file that is missing is listed with 0 bytes; a damaged bundle is refused elsewhere."""
    whole = _held(path, _MANIFEST)
    held = [Held(name, 1, _size(path / name), digest) for digest, name in _manifest(path / _MANIFEST)]
    held += [_held(path, name) for name in _LATER if (path / name).is_file()]
    if private := _manifest(path / "private" / _MANIFEST):
        size = sum(_size(path / "private" / name) for _, name in private)
        held.append(Held("private", len(private), size, _held(path / "private", _MANIFEST).digest))
    return (*held, whole) if whole.digest else tuple(held)


def _manifest(file: Path) -> list[tuple[str, str]]:
    """The lines of a manifest: digest and name."""
    if not file.is_file():
        return []
    pairs = (line.partition("  ") for line in file.read_text("utf-8", "replace").splitlines())
    return [(digest, name) for digest, _, name in pairs if name and ".." not in Path(name).parts and name[0] != "/"]


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() and not file.is_symlink() else 0


def _held(folder: Path, name: str) -> Held:
    """One file; without digest if there is none."""
    file = folder / name
    if not file.is_file() or file.is_symlink():
        return Held(name, 1, 0, "")
    return Held(name, 1, _size(file), file_digest(file))
