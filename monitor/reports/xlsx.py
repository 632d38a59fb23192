"""The findings, coverage, recipients and list of electronic data as an Excel workbook."""

from collections.abc import Iterable

from monitor.reports._annex import electronic_data
from monitor.reports._matrix import matrix
from monitor.reports._problems import conclusion, problems
from monitor.reports._rows import Clause
from monitor.reports._table import HEADINGS, rows, standing
from monitor.reports._view import View
from monitor.reports._words import device, stated
from monitor.reports._workbook import Sheet, time, workbook

_RECIPIENT = ("chain.host", "recipient", "data_type", "sdk", "transmissions", "bytes")
TITLE = "workbook with findings, coverage, recipients and list of electronic data"


def render(view: View) -> bytes:
    """The workbook."""
    return workbook(_sheets(view))


def _sheets(view: View) -> Iterable[Sheet]:
    t = view.t
    yield Sheet(
        t("report.contents.summary"), [t("record.name"), t("xlsx.value")], _summary(view), filtered=False, widest=70
    )
    yield Sheet(t("report.findings"), [_heading(t(key), key) for key in HEADINGS], _findings(view))
    names = ("report.clauses", "annex.clauses.text", "annex.clauses.checked", "inspection.number",
             "inspection.effective", "report.rule")  # fmt: skip
    yield Sheet(t("report.clauses"), [t(key) for key in names], _clauses(view), widest=48)
    yield Sheet(
        t("report.contents.coverage"),
        [t("cli.column.id"), t("record.name"), t("report.state"), t("report.why")],
        ([row.id, row.title, row.state_name, row.why] for row in view.rules),
        widest=60,
    )
    yield Sheet(t("report.recipients"), [t(f"report.{key}") for key in _RECIPIENT], _recipients(view))
    yield Sheet(
        t("record.list"),
        [t(f"record.{key}") for key in ("number", "name", "kind", "format", "bytes", "digest")],
        (
            [int(number), *rest[:3], int(size) if size.isdigit() else size, digest]
            for number, *rest, size, digest in electronic_data(view)
        ),
    )
    yield Sheet(
        t("report.contents.items"),
        [t("report.item"), t("report.observability"), t("verdict.not_observable"), t("report.result")],
        ([f"{m.number} {m.title}", m.observability, m.blind, m.result] for m in matrix(view)),
    )
    yield Sheet(
        t("report.coverage.hooks"),
        [t("cli.column.id"), t("report.state"), t("report.why")],
        ([row.id, row.state_name, row.why] for row in view.hooks),
        widest=60,
    )
    yield Sheet(t("report.notes"), [t("report.notes")], ([row.why] for row in view.notes), widest=90)
    if said := stated(view):
        yield Sheet(t("report.limits"), [t("report.limits")], [[line] for line in said], widest=90)


def _summary(view: View) -> Iterable[list[object]]:
    """The first sheet: what was tested, what came of it, and what seals it."""
    t, s = view.t, view.session
    yield [t("report.conclusion"), conclusion(view, problems(view))]
    yield [t("report.app"), s.app.label or s.app.package]
    yield [t("inspection.package"), s.app.package]
    yield [t("report.version"), s.app.version]
    yield [t("report.apk"), s.app.apk_sha256]
    yield [f"{t('report.recorded')} (UTC)", time(s.start)]
    yield [t("report.device"), device(view)]
    for verdict, n in view.verdicts().items():
        yield [view.pair(t("report.coverage.rules"), view.label("verdict", verdict)), n]
    for status, n in view.counts().items():
        yield [view.pair(t("report.findings"), view.label("status", status)), n]
    yield [t("report.seal"), view.root]
    yield [t("report.key"), s.key]


def _clauses(view: View) -> Iterable[list[object]]:
    """Each clause once, with the rules that cite it."""
    cited: dict[str, tuple[Clause, dict[str, None]]] = {}
    for finding in view.findings:
        for clause in finding.clauses:
            cited.setdefault(clause.ref, (clause, {}))[1].setdefault(finding.rule)
    for clause, rules in cited.values():
        text = clause.text or (view.pair(view.t("report.summary"), clause.summary) if clause.summary else "")
        yield [clause.name, text, standing(view, clause), clause.number, clause.effective, " ".join(rules)]


def _heading(text: str, key: str) -> str:
    return f"{text} (UTC)" if key == "report.first_seen" else text


def _findings(view: View) -> Iterable[list[object]]:
    """The rows of the table, with numbers as numbers and times as times."""
    for finding, texts in zip(view.findings, rows(view), strict=True):
        typed: list[object] = list(texts)
        typed[HEADINGS.index("inspection.no")] = finding.number
        typed[HEADINGS.index("report.count")] = finding.count
        typed[HEADINGS.index("report.first_seen")] = time(finding.first_seen)
        yield typed


def _recipients(view: View) -> Iterable[list[object]]:
    for row in view.recipients():
        types = view.listed(view.label("data_type", name) for name in sorted(row.types))
        sdks = view.listed(view.sdk(name) for name in sorted(row.sdks))
        yield [row.host, view.org(row.org), types, sdks, row.count, row.bytes]
