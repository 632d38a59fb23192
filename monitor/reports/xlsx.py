"""The findings, coverage, recipients and list of electronic data as an Excel workbook."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from unicodedata import east_asian_width

import xlsxwriter

from monitor.reports import _annex, _problems, _rows, _text, _words
from monitor.reports._results import clause_standing, clause_text, matrix
from monitor.reports._view import View
from monitor.reports.csv import COLUMNS, cell

TITLE = "workbook with findings, coverage, recipients and list of electronic data"
_CLAUSES = "clauses annex.clauses.text annex.clauses.checked inspection.number inspection.effective rule"
_MAX_ROWS: Final = 100_000
_A4: Final = 9
#: Widths of columns in characters, and rows that are measured for them.
_LEAST: Final = 5
_MOST: Final = 26
_MEASURED: Final = 500
_LAST_YEAR: Final = 9999
#: What the name of a sheet may not hold.
_SHEET: Final = re.compile(r"[\[\]:*?/\\]")


class Sheet(NamedTuple):
    """A sheet; one without lines is left out unless it is ``kept``."""

    name: str
    headings: Sequence[str]
    lines: Iterable[Sequence[object]]
    kept: bool = False
    filtered: bool = True
    """Whether its columns have a filter; a sheet of names and values has none."""
    widest: int = _MOST
    """No column is wider, in characters."""


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The file. Times are dates, integers are numbers, everything else is text."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        number_ = book.add_format({"valign": "top", "align": "center"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000", "valign": "top", "align": "left"})
        for sheet in sheets:
            kept = list(zip(range(1, _MAX_ROWS), sheet.lines, strict=False))
            if not kept and not sheet.kept:
                continue
            page = book.add_worksheet(_SHEET.sub(" ", sheet.name)[:31])
            lines = [line for _, line in kept]
            for column, width in enumerate(_widths(sheet.headings, lines, sheet.widest)):
                page.set_column(column, column, width)
            page.freeze_panes(1, 0)
            if sheet.filtered:
                page.autofilter(0, 0, max(len(kept), 1), len(sheet.headings) - 1)
            page.set_landscape()
            page.set_paper(_A4)
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            for column, heading in enumerate(sheet.headings):
                page.write_string(0, column, heading, bold)
            for number, line in kept:
                for column, value in enumerate(line):
                    if isinstance(value, datetime):
                        page.write_datetime(number, column, value, moment)
                    elif isinstance(value, int):
                        page.write_number(number, column, value, number_)
                    else:
                        page.write_string(number, column, cell(str(value)), wrap)
    return out.getvalue()


def _widths(headings: Sequence[str], lines: Sequence[Sequence[object]], widest: int) -> list[int]:
    """As wide as what is in them, within reason: longer texts are wrapped."""
    shown = [headings, *lines[:_MEASURED]]
    return [
        min(max(_LEAST, *(_wide(line[column]) for line in shown if column < len(line))) + 2, widest)
        for column in range(len(headings))
    ]


def _wide(value: object) -> int:
    """Width in Latin characters; a Chinese one is twice as wide."""
    if isinstance(value, datetime):
        return len("2026-01-02 11:04:05.000")
    return max(
        (sum(1 + (east_asian_width(c) in "WF") for c in part) for part in str(value)[:400].split("\n")), default=0
    )


def limits_sheet(view: View) -> Sheet:
    """What every report says, such as that the app was not contained; without lines where there is nothing to say."""
    heading = view.t("report.limits")
    return Sheet(heading, [heading], [[line] for line in _words.stated(view)], widest=90)


def time(t_us: int) -> object:
    """A time as a spreadsheet holds it, in UTC, in the milliseconds of ``clock``; empty where it is not known."""
    if not _text.clock(t_us):
        return ""
    found = datetime.fromtimestamp(t_us // 1_000_000, UTC).replace(tzinfo=None)
    found = found.replace(microsecond=t_us % 1_000_000 // 1000 * 1000)
    return found if found.year < _LAST_YEAR else ""


def render(view: View) -> bytes:
    """The workbook."""
    return workbook(_sheets(view))


def _sheets(view: View) -> Iterable[Sheet]:
    def headings(keys: str) -> list[str]:
        """By their keys, those without a group in ``report``."""
        names = [key if "." in key else f"report.{key}" for key in keys.split()]
        return [f"{view.t(key)} (UTC)" if key == "report.first_seen" else view.t(key) for key in names]

    def sheet(key: str, columns: str, lines: Iterable[Sequence[object]], widest: int = _MOST) -> Sheet:
        return Sheet(view.t(key), headings(columns), lines, widest=widest)

    summary = sheet("report.contents.summary", "record.name xlsx.value", _summary(view), 70)
    yield summary._replace(filtered=False)
    findings = ([_value(view, finding, key) for key in COLUMNS] for finding in view.findings)
    yield sheet("report.findings", " ".join(COLUMNS), findings)
    yield sheet("report.clauses", _CLAUSES, _clauses(view), 48)
    rules = ([row.id, row.title, row.state_name, row.why] for row in view.covered("rule"))
    yield sheet("report.contents.coverage", "cli.column.id record.name state why", rules, 60)
    yield sheet("report.recipients", "report.chain.host recipient data_type sdk transmissions bytes", _recipients(view))
    data = (
        [int(number), *rest[:3], int(size) if size.isdigit() else size, digest]
        for number, *rest, size, digest in _annex.electronic_data(view)
    )
    yield sheet("record.list", _annex.RECORD, data)
    items = ([f"{m.number} {m.title}", m.observability, m.blind, m.result] for m in matrix(view))
    yield sheet("report.contents.items", "item observability verdict.not_observable result", items)
    hooks = ([row.id, row.state_name, row.why] for row in view.covered("hook"))
    yield sheet("report.coverage.hooks", "cli.column.id state why", hooks, 60)
    yield sheet("report.notes", "notes", ([row.why] for row in view.covered("note")), 90)
    yield limits_sheet(view)


def _value(view: View, finding: _rows.FindingRow, key: str) -> object:
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
    yield [t("report.conclusion"), _problems.conclusion(view, _problems.problems(view))]
    yield [t("report.app"), s.app.label or s.app.package]
    yield [t("inspection.package"), s.app.package]
    yield [t("report.version"), s.app.version]
    yield [t("report.apk"), s.app.apk_sha256]
    yield [f"{t('report.recorded')} (UTC)", time(s.start)]
    yield [t("report.device"), _words.device(view)]
    for verdict, n in view.verdicts().items():
        yield [view.pair(t("report.coverage.rules"), view.label("verdict", verdict)), n]
    for status, n in view.counts().items():
        yield [view.pair(t("report.findings"), view.label("status", status)), n]
    yield [t("report.seal"), view.root]
    yield [t("report.key"), s.key]


def _clauses(view: View) -> Iterable[list[object]]:
    """Each clause once, with the rules that cite it."""
    cited: dict[str, tuple[_rows.Clause, dict[str, None]]] = {}
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
