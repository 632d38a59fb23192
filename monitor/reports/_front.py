"""What page one says, for the end of a session on the terminal."""

from typing import NamedTuple

from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain.ending import broken_off
from monitor.reports._inert import clean
from monitor.reports._problems import SHOWN, conclusion, problems
from monitor.reports._view import View


class Problem(NamedTuple):
    """A line of page one: who did what with which data."""

    status: str
    level: str
    what: str


class Front(NamedTuple):
    """``early``: how a session ended that did not run to its end; ``more``: problems that are not listed;
    ``open``: rules that say nothing, of ``rules``."""

    early: tuple[str, ...] = ()
    conclusion: str = ""
    problems: tuple[Problem, ...] = ()
    more: int = 0
    open: int = 0
    rules: int = 0


def front(view: View) -> Front:
    """Page one in a few lines."""
    found = problems(view)
    listed = tuple(
        Problem(
            row.status, row.level,
            clean(view.pair(row.who, row.title) + view.t("punct.dash")
                  + (row.named or view.listed(row.rules))),
        )
        for row in found[:SHOWN]
    )  # fmt: skip
    said = (Verdict.EVIDENCED, Verdict.REVIEW, Verdict.SILENT)
    untested = sum(row.verdict not in said for row in view.rules)
    early = tuple(map(clean, broken_off(view.session, view.lang) or ()))
    return Front(
        early, conclusion(view, found), listed, max(0, len(found) - SHOWN), untested, len(view.rules)
    )  # fmt: skip
