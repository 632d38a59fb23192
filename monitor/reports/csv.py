"""The findings as CSV (RFC 4180, UTF-8 with byte order mark, so that spreadsheets read Chinese)."""

import csv
import io

from monitor.reports._table import HEADINGS, rows
from monitor.reports._view import View
from monitor.reports._words import stated

TITLE = "findings as a table for spreadsheets"


def render(view: View) -> bytes:
    """A header line, then one line per finding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*(view.t(key) for key in HEADINGS), *stated(view)])  # an empty column, so that rows stay rows
    writer.writerows([guarded(text) for text in row] for row in rows(view))
    return out.getvalue().encode("utf-8-sig", "replace")


def guarded(text: str) -> str:
    """Prefix an apostrophe to what a spreadsheet would take for a formula."""
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@|%＝＋－＠") else text
