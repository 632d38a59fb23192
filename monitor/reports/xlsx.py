"""The findings, coverage, recipients and list of electronic data as an Excel workbook."""

from collections.abc import Iterable

from monitor.reports._annex import electronic_data
from monitor.reports._problems import conclusion, problems
from monitor.reports._results import clause_standing, clause_text, matrix
from monitor.reports._rows import Clause, FindingRow
from monitor.reports._view import View
from monitor.reports._words import device
from monitor.reports._workbook import Sheet, limits_sheet, time, workbook
from monitor.reports.csv import COLUMNS

TITLE = "workbook with findings, coverage, recipients and list of electronic data"
_CLAUSES = ("report.clauses", "annex.clauses.text", "annex.clauses.checked", "inspection.number",
            "inspection.effective", "report.rule")  # fmt: skip


def render(view: View) -> bytes:
    """The workbook."""
    return workbook(_sheets(view))


def _sheets(view: View) -> Iterable[Sheet]:
    t = view.t

    def headings(*keys: str) -> list[str]:
        return [f"{t(key)} (UTC)" if key == "report.first_seen" else t(key) for key in keys]

    names = headings("record.name", "xlsx.value")
    yield Sheet(t("report.contents.summary"), names, _summary(view), filtered=False, widest=70)
    findings = ([_value(view, finding, key) for key in COLUMNS] for finding in view.findings)
    yield Sheet(t("report.findings"), headings(*COLUMNS), findings)
    yield Sheet(t("report.clauses"), headings(*_CLAUSES), _clauses(view), widest=48)
    rules = ([row.id, row.title, row.state_name, row.why] for row in view.rules)
    names = headings("cli.column.id", "record.name", "report.state", "report.why")
    yield Sheet(t("report.contents.coverage"), names, rules, widest=60)
    keys = ("chain.host", "recipient", "data_type", "sdk", "transmissions", "bytes")
    yield Sheet(t("report.recipients"), headings(*(f"report.{key}" for key in keys)), _recipients(view))
    data = (
        [int(number), *rest[:3], int(size) if size.isdigit() else size, digest]
        for number, *rest, size, digest in electronic_data(view)
    )
    keys = ("number", "name", "kind", "format", "bytes", "digest")
    yield Sheet(t("record.list"), headings(*(f"record.{key}" for key in keys)), data)
    items = ([f"{m.number} {m.title}", m.observability, m.blind, m.result] for m in matrix(view))
    names = headings("report.item", "report.observability", "verdict.not_observable", "report.result")
    yield Sheet(t("report.contents.items"), names, items)
    hooks = ([row.id, row.state_name, row.why] for row in view.hooks)
    yield Sheet(t("report.coverage.hooks"), headings("cli.column.id", "report.state", "report.why"), hooks, widest=60)
    yield Sheet(t("report.notes"), headings("report.notes"), ([row.why] for row in view.notes), widest=90)
    yield limits_sheet(view)


def _value(view: View, finding: FindingRow, key: str) -> object:
    """A cell of the table of findings: numbers as numbers and times as times."""
    match key:
        case "inspection.no":
            return finding.number
        case "report.count":
            return finding.count
        case "report.first_seen":
            return time(finding.first_seen)
    return COLUMNS[key](view, finding)


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
        standing = clause_standing(view, clause)
        yield [clause.name, clause_text(view, clause), standing, clause.number, clause.effective, " ".join(rules)]


def _recipients(view: View) -> Iterable[list[object]]:
    for row in view.recipients():
        types = view.listed(view.label("data_type", name) for name in sorted(row.types))
        sdks = view.listed(view.sdk(name) for name in sorted(row.sdks))
        yield [row.host, view.org(row.org), types, sdks, row.count, row.bytes]
