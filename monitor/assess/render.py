"""Reports on a bundle, with the names and texts from the tables that it keeps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from monitor.assess import stored
from monitor.assess.handover import hiding
from monitor.assess.holdings import holdings
from monitor.assess.opened import Opened
from monitor.base.errors import InputError
from monitor.base.output import folder, write_out
from monitor.evidence.attested import Results, results_of
from monitor.evidence.checked import CheckedLog
from monitor.reports import Names, View, render
from monitor.session.laboratory import stated as later
from monitor.session.manifest import Deviation
from monitor.text.reasons import Coverage

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


def rendered(
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
    on_view: Callable[[View], None] = lambda view: None,
) -> bytes:
    """A report of these findings and coverage lines; it states ``damage`` of the evidence and whose ``results`` it
    shows; ``screenshots``, ``fields``, ``annex`` and ``stated``: as ``render_bundle``. Raises as
    ``monitor.reports.render`` does."""
    bodies = fields and format == "har"
    session = opened.session
    said_after = later(session.record, stated)
    session = session.model_copy(update={"record": said_after.record})
    if damage:
        said = Deviation(what=damage, reason="--force")
        record = session.record.model_copy(update={"deviations": [said, *session.record.deviations]})
        session = session.model_copy(update={"record": record})
    return render(
        format, session, opened.listed, findings, coverage, lang,
        blobs=opened.bundle.read_blob if bodies or (screenshots and format != "har") else None,
        hide=hiding(opened.bundle) if bodies else str, root=opened.log.head.root,
        names=names_of(opened), accepted=accepted or {}, template=template,
        results=results, annex=annex, later=said_after.later,
        held=holdings(opened.path) if format in _LISTING else (), on_view=on_view,
    )  # fmt: skip


def names_of(opened: Opened) -> Names:
    """The names and texts from the tables that a bundle keeps, under the packs by which it was assessed."""
    rules = {rule.id: rule for rule in opened.tables.rules(opened.session.packs, opened.session.profile)}
    own = tuple(sorted(Path(name).stem for name in opened.tables.own))
    return Names(opened.sdks, opened.organisations, rules, opened.declaration, own, opened.tables.replaced)


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
        return rendered(
            opened, format, findings, coverage, lang,
            screenshots=screenshots, fields=fields, damage=damage, template=template,
            results=results or results_of(path), annex=annex, stated=stated,
        )  # fmt: skip


def write_reports(path: Path, into: Path, lang: str, accepted: Mapping[str, str] | None = None) -> list[Path]:
    """The reports of a bundle that a pipeline keeps, written to a directory. Screens stay in the private part.

    Raises ``InputError`` (cannot be written) or ``EvidenceDamaged``.
    """
    findings, coverage = stored.as_written(path), stored.coverage(path)
    written, by = [], results_of(path)
    try:
        folder(into, empty=False)
        with Opened.of_results(path) as opened:
            for name, format in FOR_CI.items():
                data = rendered(opened, format, findings, coverage, lang, accepted=accepted, results=by)
                write_out(into / name, data)
                written.append(into / name)
    except OSError as error:
        raise InputError(error.strerror or "cannot be written", where=str(into)) from None
    return written
