"""Page one: the findings grouped into a few problems, each one behaviour of one party, with its support. And 检出问题:
for each rule of which evidence was found the proof of each subject, and what a person must review in one table.

Several rules may concern the same read; a reader wants to know who did what, before which consent, and where it went.
Findings are therefore grouped by behaviour (the family of the rule) and by actor; the data types are listed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from monitor.analysis.correlate.findings import GRADES, NAMED_EVENTS
from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain.about import broken_off
from monitor.base.errors import printable
from monitor.events import ApiCall, Transmission
from monitor.knowledge.vocabulary import legal_basis
from monitor.reports import _text, _words
from monitor.reports._blocks import Block, Heading, Pictures, Text, Together, pairs, table
from monitor.reports._results import RuleResult, leading
from monitor.reports._rows import LEVELS, STATUSES, Clause, FindingRow, place, subject, unique
from monitor.reports._story import Shot, against, near, stack
from monitor.reports._view import Chain, View

#: Maximum number of problems on page one.
SHOWN: Final = 7
#: Family of a rule by the letters of its id.
FAMILIES: Final = {
    "COL": "collection", "SHR": "sharing", "PRM": "permissions", "CON": "consent", "PER": "personalisation",
    "LIF": "background", "AI": "ai", "POL": "policy", "RGT": "rights",
}  # fmt: skip
_DATA: Final = 8
_FRAMES: Final = 3
_HOSTS: Final = 3
#: The rule distinguishes callers and this one is unknown: attributed to no one, not to the app.
_UNKNOWN: Final = "?"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """``what``: who did what with which data, in a line; ``rules``: titles; ``named``: the data; ``recipients``: name
    and country; ``clauses``: the law, then the operational text; ``often``: what the findings that bear the claim rest
    on, each event once; ``first``: the earliest of them, with its time against consent; ``borne`` and ``weaker``: the
    findings that bear it, and those of a weaker status."""

    title: str
    who: str
    what: str
    status: str
    level: str
    rules: list[str]
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
    return sorted(rows, key=lambda p: (place(STATUSES, p.status), place(LEVELS, p.level), p.first.first_seen))


def _problem(view: View, family: str, findings: list[FindingRow]) -> Problem:
    status = min((f.status for f in findings), key=lambda value: place(STATUSES, value))
    # The claim is that of its strongest findings: a weaker one contributes neither level nor data.
    bearing = [f for f in findings if f.status == status]
    first = min(bearing, key=lambda f: f.first_seen)
    who = view.actor(first)
    who = view.t("problem.own") if who == view.label("sdk", "app") else who
    title, rules, named = view.t(f"problem.{family}"), unique(f.title for f in bearing), _named(view, bearing)
    return Problem(
        title=title,
        who=who,
        what=_text.clean(view.pair(who, title) + view.t("punct.dash") + (named or view.listed(rules))),
        status=status,
        level=min((f.level for f in bearing), key=lambda value: place(LEVELS, value)),
        rules=rules,
        named=named,
        recipients=unique(view.aside(view.org(org), view.country(org)) for f in bearing if (org := f.recipient)),
        clauses=_highest(bearing),
        often=_often(view, bearing),
        first=first,
        against=against(view, first),
        borne=bearing,
        weaker=[one for one in findings if one.status != status],
    )


def _named(view: View, findings: list[FindingRow]) -> str:
    """The data of findings; apart what was only tried, of which none has a value."""
    had = {subject(f, view.lang) for f in findings if f.grade != "attempted"}
    data = unique(subject(f, view.lang) for f in findings)
    got, tried = ([one for one in data if (one in had) is known] for known in (True, False))
    parts = [some(view, got), view.pair(view.t("problem.tried"), some(view, tried)) if tried else ""]
    return view.parts(filter(None, parts))


def _highest(findings: list[FindingRow]) -> list[Clause]:
    """The highest law and the highest operational text that they cite, the most cited first."""
    times = Counter(clause for finding in findings for clause in finding.clauses)
    best = sorted(times, key=lambda clause: (clause.draft, clause.rank, -times[clause]))
    found = (next((clause for clause in best if clause.rank in ranks), None) for ranks in ("123", "4567"))
    return [clause for clause in found if clause]


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


def some(view: View, names: list[str]) -> str:
    """The first of these names, and how many more there are."""
    shown = view.listed(names[:_DATA])
    return shown + view.t("punct.comma") + view.t("report.more", n=len(names) - _DATA) if names[_DATA:] else shown


def conclusion(view: View, rows: list[Problem]) -> str:
    """In cautious words: what each item came to, in the five words; then what was found, and how severe."""
    counts: dict[str, Any] = {str(verdict): n for verdict, n in view.verdicts().items()}
    text = view.t("conclusion.items", rules=len(view.covered("rule")), **counts)
    borne = [row for row in rows if row.status == "evidenced"]
    if not borne:
        return text + (view.t("conclusion.open", findings=len(view.findings)) if rows else view.t("conclusion.none"))
    level = view.label("level", borne[0].level)
    text += view.t("conclusion.evidence", n=len(borne), level=level, findings=view.counts()["evidenced"])
    further = for_review(rows)
    return text + (view.t("conclusion.further", n=further) if further else "")


def for_review(rows: Iterable[Problem]) -> int:
    """How many have no finding with evidence."""
    return sum(row.status != "evidenced" for row in rows)


def unlisted(view: View, rows: list[Problem]) -> str:
    """How many problems page one does not list; empty if it lists all."""
    rest = rows[SHOWN:]
    key = "report.problems.more_review" if (review := for_review(rest)) else "report.problems.more"
    return view.t(key, n=len(rest), review=review) if rest else ""


class Front(NamedTuple):
    """``early``: how a session ended that did not run to its end; ``more``: how many problems are not listed;
    ``open``: rules that say nothing, of ``rules``."""

    early: tuple[str, ...] = ()
    conclusion: str = ""
    problems: tuple[Problem, ...] = ()
    more: str = ""
    open: int = 0
    rules: int = 0


def front(view: View) -> Front:
    """Page one in a few lines."""
    found = problems(view)
    tested = (Verdict.EVIDENCED, Verdict.REVIEW, Verdict.SILENT)
    untested = sum(row.verdict not in tested for row in view.covered("rule"))
    early = tuple(map(_text.clean, broken_off(view.session, view.lang) or ()))
    shown, more = tuple(found[:SHOWN]), unlisted(view, found)
    return Front(early, conclusion(view, found), shown, more, untested, len(view.covered("rule")))


def problem_pages(view: View, rules: list[RuleResult], shots: list[Shot], section: int) -> Iterator[Block]:
    """A heading and a table for each rule with evidence, numbered under ``section``; then what is to be reviewed."""
    evidenced = [one for one in rules if one.shown]
    if not evidenced:
        yield Text(f"{view.t('report.no_findings')} {view.t('report.no_findings.note')}")
    shown: list[Shot] = []  # each once
    for number, one in enumerate(evidenced, 1):
        yield from _rule_page(view, one, shots, shown, f"{section}.{number}")
    if review := [one for one in rules if one.verdict == Verdict.REVIEW and one.findings]:
        yield Heading(2, f"{section}.{len(evidenced) + 1} {view.t('inspection.review')}")
        rows = []
        for one in review:
            about = _about(view, one.findings) or one.findings[0].description
            rows.append((f"{one.rule} {one.title}", leading(view, one.clauses) or "–", about, annexed(view, one)))
        yield table(view, "item clauses description see", rows, (9, 12, 12, 6))


def _rule_page(view: View, one: RuleResult, shots: list[Shot], shown: list[Shot], number: str) -> Iterator[Block]:
    """What the rule found, then the proof of each subject: whose code, with its first finding of the highest grade."""
    borne = [finding for finding in one.findings if finding.status == "evidenced"]
    first = min(borne, key=lambda finding: finding.first_seen)
    weaker = len(one.findings) - len(borne)
    often = [_words.frequency(view, first, named=False)]
    if len(borne) > 1:
        times = view.t("report.occurrences", n=sum(finding.count for finding in borne))
        often = [view.aside(times, view.t("problem.findings", n=len(borne)))]
    if weaker:
        often.append(view.t("inspection.further_review", n=weaker))
    rows = {
        "inspection.description": one.findings[0].description,
        "inspection.clauses": leading(view, one.clauses),
        "inspection.legal_basis": _legal_basis(view, borne) if view.session.packs == ["gdpr"] else "",
        "inspection.level_often": f"{view.label('level', first.level)} · {view.parts(often)}",
    }
    heading = Heading(2, _text.clean(view.aside(f"{number} {one.rule} {one.title}", annexed(view, one))))
    by_actor: dict[str, list[FindingRow]] = {}
    for finding in sorted(borne, key=lambda finding: finding.first_seen):
        by_actor.setdefault(view.actor(finding), []).append(finding)
    proofs = [
        (findings, max(findings, key=lambda finding: GRADES.index(finding.grade or GRADES[0])))
        for findings in by_actor.values()
    ]
    screens = [shot for shot in near(proofs[0][1], shots) if shot not in shown]
    shown += screens
    about = pairs(view, rows | _proof(view, *proofs[0]), known=True)
    yield Together([heading, about, *([Pictures(screens)] if screens else [])])
    if further := [_further(view, *proof) for proof in proofs[1:]]:
        yield table(view, "inspection.about inspection.call explain.advice", further, (9, 13, 17))


def _proof(view: View, findings: list[FindingRow], first: FindingRow) -> dict[str, str]:
    """Of one subject: what the ``first`` of its findings rests on, and what to change."""
    chain = view.chain(first)
    received = unique(recipient(view, finding, view.chain(finding)) for finding in findings)
    return {
        "inspection.about": _about(view, findings),
        "inspection.time": f"{view.moment(first.first_seen)} · {against(view, first)}".rstrip(" ·"),
        "inspection.call": call(view, chain, 3, first.data_type),
        "inspection.stack": stack(view, first, chain, _FRAMES),
        "report.recipient": view.parts(view.first(received, _HOSTS)),
        "explain.advice": first.advice,
    }


def _further(view: View, findings: list[FindingRow], first: FindingRow) -> tuple[str, ...]:
    """The same of a further subject, as a row of a table; its stack and screens are in the annex."""
    when = f"{view.moment(first.first_seen)} · {against(view, first)}".rstrip(" ·")
    return view.parts([_about(view, findings), when]), call(view, view.chain(first), 1, first.data_type), first.advice


def annexed(view: View, one: RuleResult) -> str:
    """Where in the annex a rule's findings are, or would be."""
    return view.t("inspection.annex_items" if view.annex else "inspection.annex_items.apart", items=one.span)


def _about(view: View, findings: Iterable[FindingRow]) -> str:
    """Which data, by whose code: one line for each code."""
    by_actor: dict[str, dict[str, None]] = {}
    for finding in findings:
        data = by_actor.setdefault(view.actor(finding), {})
        if about := subject(finding, view.lang) or finding.apart:
            data.setdefault(about)
    return view.parts(view.pair(actor, some(view, [*data])) if data else actor for actor, data in by_actor.items())


def _legal_basis(view: View, borne: list[FindingRow]) -> str:
    """What the controller declares for the data of these findings."""
    declared = {one.data_type: one.legal_basis for one in view.names.declaration.collection or [] if one.legal_basis}
    lines = []
    for data_type in unique(finding.data_type for finding in borne if finding.data_type in declared):
        # By its name in the GDPR; what is neither a number nor a name of one, as it was written.
        basis = legal_basis(declared[data_type])
        name = view.t(f"legal_basis.{basis}") if basis else printable(declared[data_type], 100)
        lines.append(view.pair(view.label("data_type", data_type), name))
    return view.parts(lines) or view.t("inspection.legal_basis.none")


def recipient(view: View, finding: FindingRow, chain: Chain) -> str:
    """Name, host, role (as declared) and country of who received what a finding is about; empty if nobody did."""
    org = finding.recipient or (chain.sent.org if chain.sent else "")
    name, host = view.org(org), chain.sent.host if chain.sent else ""
    if not chain.sent and not name:
        return ""
    parts = [view.aside(name, "" if name == host else host) if name else host]
    if view.session.packs == ["gdpr"]:
        roles = {one.org: one.role for one in view.names.declaration.recipients or []}
        parts.append(view.label("recipient_role", roles.get(org) or roles.get(name) or "unknown"))
    country = view.pair(view.t("inspection.country"), view.country(org) or view.t("report.unknown"))
    return " · ".join([*parts, country]).strip()


def call(view: View, chain: Chain, places: int = 6, data_type: str = "") -> str:
    """What was called and sent: the first of a finding, with ``places`` in it where the data were; where those of a
    ``data_type`` are among them, only these."""
    one, sent = chain.call, chain.sent
    parts = []
    if one:
        parts.append(f"{one.cls}.{one.method} → {view.label('outcome', one.outcome)}")
    if sent:
        parts.append(f"{sent.method} {sent.scheme}://{sent.host}{sent.path}")
        found = [
            view.pair(view.label("data_type", m.data_type), view.aside(m.path, view.label("form", m.form)))
            for m in [m for m in sent.matches if m.data_type == data_type] or sent.matches
        ]
        parts += unique(found)[:places]
    if not parts and chain.first:
        parts.append(_words.happened(view, chain.first))
    return view.parts(printable(part, 300) for part in parts)
