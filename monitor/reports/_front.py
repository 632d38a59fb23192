"""What page one says, for the end of a session on the terminal."""

from typing import NamedTuple

from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain.ending import broken_off
from monitor.reports._inert import clean
from monitor.reports._problems import SHOWN, Problem, conclusion, problems
from monitor.reports._view import View


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
    said = (Verdict.EVIDENCED, Verdict.REVIEW, Verdict.SILENT)
    untested = sum(row.verdict not in said for row in view.rules)
    early = tuple(map(clean, broken_off(view.session, view.lang) or ()))
    more = max(0, len(found) - SHOWN)
    return Front(early, conclusion(view, found), tuple(found[:SHOWN]), more, untested, len(view.rules))
