"""Page one: the findings grouped into a few problems, each one behaviour of one party, with its support.

Several rules may concern the same read; a reader wants to know who did what, before which consent, and where it went.
Findings are therefore grouped by behaviour (the family of the rule) and by actor; the data types are listed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from monitor.analysis.correlate.findings import NAMED_EVENTS
from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain.about import broken_off
from monitor.events import ApiCall, Transmission
from monitor.reports._rows import LEVELS, STATUSES, Clause, FindingRow, subject, unique
from monitor.reports._story import against
from monitor.reports._text import clean
from monitor.reports._view import View

#: Maximum number of problems on page one.
SHOWN: Final = 7
#: Family of a rule by the letters of its id.
FAMILIES: Final = {
    "COL": "collection", "SHR": "sharing", "PRM": "permissions", "CON": "consent", "PER": "personalisation",
    "LIF": "background", "AI": "ai", "POL": "policy", "RGT": "rights",
}  # fmt: skip
_DATA: Final = 8
#: The rule distinguishes callers and this one is unknown: attributed to no one, not to the app.
_UNKNOWN: Final = "?"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """``what``: who did what with which data, in a line; ``rules``: titles; ``data`` and ``tried`` (of which no
    value was observed), ``named``: both in one text; ``recipients``: name and country; ``clauses``: the law, then
    the operational text; ``often``: what the findings that bear the claim rest on, each event once; ``first``: the
    earliest of them, with its time against consent; ``borne`` and ``weaker``: the findings that bear it, and those
    of a weaker status."""

    family: str
    title: str
    who: str
    what: str
    status: str
    level: str
    rules: list[str]
    data: list[str]
    tried: list[str]
    named: str
    recipients: list[str]
    clauses: list[Clause]
    often: str
    first: FindingRow
    against: str
    borne: list[FindingRow]
    weaker: list[FindingRow]


def problems(view: View) -> list[Problem]:
    """Problems, the most severe first."""
    found: dict[tuple[str, str], list[FindingRow]] = {}
    for finding in view.findings:
        family = FAMILIES.get(finding.rule.partition("-")[0], "other")
        who = finding.sdk or (_UNKNOWN if view.unknown(finding) else "")
        found.setdefault((family, who), []).append(finding)
    rows = [_problem(view, family, members) for (family, _), members in found.items()]
    return sorted(rows, key=lambda p: (_place(STATUSES, p.status), _place(LEVELS, p.level), p.first.first_seen))


def _place(order: tuple[str, ...], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _problem(view: View, family: str, findings: list[FindingRow]) -> Problem:
    status = min((f.status for f in findings), key=lambda value: _place(STATUSES, value))
    # The claim is that of its strongest findings: a weaker one contributes neither level nor data.
    bearing = [f for f in findings if f.status == status]
    level = min((f.level for f in bearing), key=lambda value: _place(LEVELS, value))
    first = min(bearing, key=lambda f: f.first_seen)
    every = unique(subject(f, view.lang) for f in bearing)
    # A type of data is tried only where no finding of the problem has a value of it.
    had = {subject(f, view.lang) for f in bearing if f.grade != "attempted"}
    data, tried = [one for one in every if one in had], [one for one in every if one not in had]
    who = view.actor(first)
    who = view.t("problem.own") if who == view.label("sdk", "app") else who
    title, named, rules = view.t(f"problem.{family}"), _named(view, data, tried), unique(f.title for f in bearing)
    return Problem(
        family=family,
        title=title,
        who=who,
        what=clean(view.pair(who, title) + view.t("punct.dash") + (named or view.listed(rules))),
        status=status,
        level=level,
        rules=rules,
        data=data,
        tried=tried,
        named=named,
        recipients=_recipients(view, bearing),
        clauses=_clauses(bearing),
        often=_often(view, bearing),
        first=first,
        against=against(view, first),
        borne=bearing,
        weaker=[one for one in findings if one.status != status],
    )


def _often(view: View, findings: list[FindingRow]) -> str:
    """How often: requests and calls that the findings name, each once, as one request may be in several findings."""
    named = [view.by_seq[seq] for seq in {seq for f in findings for seq in f.events} if seq in view.by_seq]
    requests = sum(isinstance(event, Transmission) for event in named)
    calls = sum(event.count for event in named if isinstance(event, ApiCall))
    some = [view.t(f"problem.{key}", n=n) for key, n in (("requests", requests), ("calls", calls)) if n]
    if not some:
        return view.t("problem.findings", n=len(findings))
    # A finding names its first events only.
    key = "problem.times_at_least" if any(len(f.events) >= NAMED_EVENTS for f in findings) else "problem.times"
    return view.t(key, what=view.t("problem.and").join(some), findings=len(findings))


def _named(view: View, data: list[str], tried: list[str]) -> str:
    """The data of a problem in one text, what was only tried apart; empty if it is about none."""
    lines = [some(view, data)] if data else []
    if tried:
        lines.append(view.pair(view.t("problem.tried"), some(view, tried)))
    return view.parts(lines)


def some(view: View, names: list[str]) -> str:
    """The first of these names, and how many more there are."""
    shown = view.listed(names[:_DATA])
    return shown + view.t("punct.comma") + view.t("report.more", n=len(names) - _DATA) if names[_DATA:] else shown


def _recipients(view: View, findings: Iterable[FindingRow]) -> list[str]:
    """Recipients of data: name and, where known, country."""
    orgs = (finding.recipient for finding in findings if finding.recipient)
    return unique(view.aside(view.org(org), view.country(org)) for org in orgs)


def _clauses(findings: list[FindingRow]) -> list[Clause]:
    """The highest law and the highest operational text that the findings cite."""
    cited = [clause for finding in findings for clause in finding.clauses]
    times = Counter(cited)
    chosen = []
    for ranks in ("123", "4567"):
        fitting = [clause for clause in cited if clause.rank in ranks]
        if fitting:
            chosen.append(min(fitting, key=lambda clause: (clause.draft, clause.rank, -times[clause])))
    return chosen


def conclusion(view: View, rows: list[Problem]) -> str:
    """In cautious words: what each item came to, in the five words; then what was found, and how severe."""
    counts: dict[str, Any] = {str(verdict): n for verdict, n in view.verdicts().items()}
    text = view.t("conclusion.items", rules=len(view.rules), **counts)
    borne = [row for row in rows if row.status == "evidenced"]
    if not borne:
        return text + (view.t("conclusion.open", findings=len(view.findings)) if rows else view.t("conclusion.none"))
    level = view.label("level", borne[0].level)
    text += view.t("conclusion.evidence", n=len(borne), level=level, findings=view.counts()["evidenced"])
    further = len(rows) - len(borne)
    return text + (view.t("conclusion.further", n=further) if further else "")


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
    tested = (Verdict.EVIDENCED, Verdict.REVIEW, Verdict.SILENT)
    untested = sum(row.verdict not in tested for row in view.rules)
    early = tuple(map(clean, broken_off(view.session, view.lang) or ()))
    more = max(0, len(found) - SHOWN)
    return Front(early, conclusion(view, found), tuple(found[:SHOWN]), more, untested, len(view.rules))
