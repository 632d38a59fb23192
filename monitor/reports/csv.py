"""The findings as CSV (RFC 4180, UTF-8 with byte order mark, so that spreadsheets read Chinese)."""

import csv
import io
from collections.abc import Callable
from typing import Final

from monitor.reports import _rows, _text, _view, _words

TITLE = "findings as a table for spreadsheets"
#: Numbers of events in a row; ``monitor findings --json`` has all that are named.
_EVENTS: Final = 12
_CELL: Final = 30_000
#: The columns of a table of findings: key of the heading, and what of a finding stands there. Of its clauses the one
#: that leads, as each finding has one row: the others are in a list of their own.
COLUMNS: Final[dict[str, Callable[[_view.View, _rows.FindingRow], str]]] = {
    "inspection.no": lambda view, f: str(f.number),
    "report.rule": lambda view, f: f.rule,
    "report.findings": lambda view, f: view.aside(view.headline(f), f.apart),
    "report.status": lambda view, f: view.label("status", f.status),
    "report.grade": lambda view, f: view.label("grade", f.grade),
    "report.level": lambda view, f: view.label("level", f.level),
    "report.data_type": lambda view, f: view.label("data_type", f.data_type),
    "report.sdk": lambda view, f: view.actor(f),
    "report.recipient": lambda view, f: view.org(f.recipient),
    "report.permission": lambda view, f: f.permission,
    "report.first_seen": lambda view, f: _text.clock(f.first_seen, date=True),
    "report.count": lambda view, f: str(f.count),
    "explain.advice": lambda view, f: f.advice,
    "report.clauses": lambda view, f: f.clauses[0].name if f.clauses else "",
    "report.event_ids": lambda view, f: " ".join(f"#{seq}" for seq in f.events[:_EVENTS]),
    "report.fingerprint": lambda view, f: f.fingerprint,
}


def render(view: _view.View) -> bytes:
    """A header line, then one line per finding."""
    out = io.StringIO(newline="")
    writer, said = csv.writer(out), _words.stated(view)
    writer.writerow([*map(view.t, COLUMNS), *said])
    empty = [""] * len(said)  # below what the header states, so that all rows have as many cells
    writer.writerows([*(guarded(cell(text(view, row))) for text in COLUMNS.values()), *empty] for row in view.findings)
    return out.getvalue().encode("utf-8-sig", "replace")


def cell(text: str) -> str:
    """Text for a cell: escaped, and no longer than a spreadsheet accepts."""
    return _text.clean(text)[:_CELL]


def guarded(text: str) -> str:
    """Prefix an apostrophe to what a spreadsheet would take for a formula."""
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@|%＝＋－＠") else text
