"""The findings, coverage, recipients and list of electronic data as an Excel workbook. Text only, no formulas."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from monitor.reports._matrix import matrix
from monitor.reports._table import HEADINGS, cell, rows
from monitor.reports._view import View, clock

TITLE = "workbook with findings, coverage, recipients and list of electronic data"
SUFFIX = ".xlsx"
_MAX_ROWS = 100_000


def render(view: View) -> bytes:
    """The workbook."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})

        def sheet(name: str, headings: Sequence[str], lines: Iterable[Sequence[object]], width: int = 22) -> None:
            page = book.add_worksheet(name[:31])
            page.set_column(0, len(headings), width)
            page.freeze_panes(1, 0)
            for column, heading in enumerate(headings):
                page.write_string(0, column, heading, bold)
            for number, line in zip(range(1, _MAX_ROWS), lines, strict=False):
                for column, value in enumerate(line):
                    if isinstance(value, int):
                        page.write_number(number, column, value, wrap)
                    else:
                        page.write_string(number, column, cell(str(value)), wrap)

        t = view.t
        sheet(t("report.findings"), [t(key) for key in HEADINGS], rows(view))
        sheet(
            t("report.coverage.rules"),
            [t("report.rule"), t("report.findings"), t("report.state"), t("report.why")],
            ([row["id"], row["title"], row["state_name"], row["why"]] for row in view.coverage),
        )
        sheet(t("report.recipients")[:31], _recipient_headings(view), _recipients(view))
        sheet(
            t("record.list"),
            [t(f"record.{key}") for key in ("number", "name", "kind", "format", "bytes", "digest")],
            (
                [number, item.name, item.kind, item.format, item.bytes, item.sha256]
                for number, item in enumerate(view.session.record.items, 1)
            ),
        )
        sheet(
            "15",
            [t("report.item"), t("report.observability"), t("coverage.not_observable"), t("report.result")],
            ([f"{m['number']} {m['title']}", m["observability"], m["blind"], m["result"]] for m in matrix(view)),
        )
        sheet(
            t("report.bundle"),
            [t("report.app"), t("report.version"), t("report.apk"), t("report.recorded"), t("report.seal")],
            [
                [
                    view.session.app.package,
                    view.session.app.version,
                    view.session.app.apk_sha256,
                    clock(view.session.start, date=True),
                    view.root,
                ]
            ],
        )
    return out.getvalue()


def _recipient_headings(view: View) -> list[str]:
    keys = ("chain.host", "recipient", "data_type", "sdk", "transmissions", "bytes")
    return [view.t(f"report.{key}") for key in keys]


def _recipients(view: View) -> Iterable[list[object]]:
    for row in view.recipients():
        types = ", ".join(view.label("data_type", name) for name in sorted(row["types"]))
        sdks = ", ".join(view.sdk(name) for name in sorted(row["sdks"]))
        yield [row["host"], view.org(row["org"]), types, sdks, row["count"], row["bytes"]]
