"""The findings as rows of a table, for CSV, Excel and Word."""

from __future__ import annotations

from monitor.reports._view import View, clean, clock

#: Keys of the headings, in order.
HEADINGS = (
    "report.rule",
    "report.findings",
    "report.status",
    "report.grade",
    "report.level",
    "report.data_type",
    "report.sdk",
    "report.recipient",
    "report.permission",
    "report.first_seen",
    "report.count",
    "report.clauses",
    "report.event_ids",
)
_CELL = 30_000


def rows(view: View) -> list[list[str]]:
    """One row a finding, all text, in the order of ``HEADINGS``."""
    return [
        [
            cell(text)
            for text in (
                finding["rule"],
                view.headline(finding),
                view.label("status", finding["status"]),
                view.label("grade", finding["grade"]),
                view.label("level", finding["level"]),
                view.label("data_type", finding["data_type"]),
                view.sdk(finding["sdk"]),
                view.org(finding["recipient"]),
                finding["permission"],
                clock(finding["first_seen"], date=True),
                str(finding["count"]),
                clauses(finding["clauses"]),
                " ".join(f"#{seq}" for seq in finding["events"]),
            )
        ]
        for finding in view.findings
    ]


def clauses(found: list[dict[str, str]]) -> str:
    """Clauses with rank and confidence in one text."""
    return "; ".join(
        f"{c['ref']} ({c['rank_name']}{', ' + c['confidence_name'] if c['confidence'] else ''})" for c in found
    )


def cell(text: str) -> str:
    """Text for a cell: inert, and not longer than a spreadsheet takes."""
    return clean(text)[:_CELL]
