"""The findings as rows of a table, for CSV, Excel and Word."""

from monitor.reports._clock import clock
from monitor.reports._inert import clean
from monitor.reports._rows import Clause
from monitor.reports._view import View

#: Keys of the headings, in order.
HEADINGS = (
    "inspection.no",
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
    "report.fingerprint",
)
_CELL = 30_000
#: Numbers of events in a row; ``monitor findings --json`` has all that are named.
_EVENTS = 12


def rows(view: View) -> list[list[str]]:
    """One row per finding, all text, in the order of ``HEADINGS``; with the clause that leads, as each finding has one
    row: the others are in a list of their own."""
    return [
        [
            cell(text)
            for text in (
                str(finding.number),
                finding.rule,
                view.aside(view.headline(finding), finding.apart),
                view.label("status", finding.status),
                view.label("grade", finding.grade),
                view.label("level", finding.level),
                view.label("data_type", finding.data_type),
                view.actor(finding),
                view.org(finding.recipient),
                finding.permission,
                clock(finding.first_seen, date=True),
                str(finding.count),
                finding.clauses[0].name if finding.clauses else "",
                " ".join(f"#{seq}" for seq in finding.events[:_EVENTS]),
                finding.fingerprint,
            )
        ]
        for finding in view.findings
    ]


def standing(view: View, clause: Clause) -> str:
    """The rank of a clause and how its text was checked."""
    return view.t("punct.comma").join(filter(None, (clause.rank_name, clause.confidence and clause.confidence_name)))


def cell(text: str) -> str:
    """Text for a cell: escaped, and no longer than a spreadsheet accepts."""
    return clean(text)[:_CELL]
