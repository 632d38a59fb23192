"""An Excel workbook of plain sheets: typed cells, no formulas, ready to filter and to print."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from unicodedata import east_asian_width

import xlsxwriter

from monitor.reports._text import clock
from monitor.reports._view import View
from monitor.reports._words import stated
from monitor.reports.csv import cell

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
    return Sheet(heading, [heading], [[line] for line in stated(view)], widest=90)


def time(t_us: int) -> object:
    """A time as a spreadsheet holds it, in UTC, in the milliseconds of ``clock``; empty where it is not known."""
    if not clock(t_us):
        return ""
    found = datetime.fromtimestamp(t_us // 1_000_000, UTC).replace(tzinfo=None)
    found = found.replace(microsecond=t_us % 1_000_000 // 1000 * 1000)
    return found if found.year < _LAST_YEAR else ""
