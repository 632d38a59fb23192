"""检测项目与结果一览表: what each rule came to, on one row, with its clauses and where more is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.analysis.coverage.verdict import Verdict, of_statuses
from monitor.reports._order import STATUSES
from monitor.reports._records import Group
from monitor.reports._rows import Clause, FindingRow, clause_row
from monitor.reports._view import View

#: Clauses named in a row; the others are in the annex.
_CLAUSES: Final = 2


@dataclass(frozen=True)
class RuleResult:
    """A rule: ``number`` of its row, ``verdict`` with ``why`` where there is no finding, ``clauses`` cited,
    ``findings`` it gave, and ``group``: these with the rule's texts, None where there are none."""

    number: int
    rule: str
    title: str
    verdict: Verdict
    why: str
    clauses: tuple[Clause, ...]
    findings: tuple[FindingRow, ...]
    group: Group | None

    @property
    def shown(self) -> bool:
        """Whether it has a page of its own: evidence, and a finding that bears it."""
        return self.verdict == Verdict.EVIDENCED and any(one.status == "evidenced" for one in self.findings)

    @property
    def span(self) -> str:
        """The numbers of its findings: they stand together."""
        first, last = self.findings[0].number, self.findings[-1].number
        return str(first) if first == last else f"{first}–{last}"


def results(view: View) -> list[RuleResult]:
    """One of each rule that was evaluated, in the order of their names; one that only its findings tell of, too."""
    groups = {group.rule: group for group in view.groups()}
    rows = {row.id: row for row in view.rules}
    made = []
    for number, name in enumerate(sorted({*rows, *groups}), 1):
        row, group = rows.get(name), groups.get(name)
        title = row.title if row else group.title if group else ""
        verdict = row.verdict if row else of_statuses(+group.statuses if group else (), "")
        findings = tuple(group.findings) if group else ()
        why = row.why if row and not findings else ""
        made.append(
            RuleResult(number, name, title or name, verdict, why, _cited(view, name, findings), findings, group)
        )
    return made


def _cited(view: View, rule: str, findings: tuple[FindingRow, ...]) -> tuple[Clause, ...]:
    """What a rule cites under the packs of the session, each once, in the order of the rule's own list, in which the
    best-fitting stands first; drafts last. Where it has findings, what those cite that bear its result."""
    there = {one.status for one in findings}
    status = next((status for status in STATUSES if status in there), "")
    borne = [c for one in findings if one.status == status for c in one.clauses if view.has_pack(c.pack)]
    own = {c.ref: c for c in borne} or {c.ref: c for c in _listed(view, rule)}
    return tuple(sorted(own.values(), key=lambda one: one.draft))


def _listed(view: View, rule: str) -> list[Clause]:
    known = view.names.rules.get(rule)
    return [
        clause_row({"pack": pack, "ref": p.ref, "rank": p.rank, "confidence": p.confidence}, view.lang, {p.ref: p})
        for pack, p in (known.clauses if known else ())
        if view.has_pack(pack)
    ]


def every_clause(view: View, rules: list[RuleResult]) -> list[Clause]:
    """All that the report cites, of each rule and finding, once: by force, law and number of the article."""
    found = {clause.ref: clause for one in rules for finding in one.findings for clause in finding.clauses}
    for one in rules:
        for clause in (*one.clauses, *_listed(view, one.rule)):
            found.setdefault(clause.ref, clause)
    return sorted(found.values(), key=lambda one: (one.draft, one.rank, one.law, one.order))


def leading(view: View, clauses: Sequence[Clause]) -> str:
    """The first of them by name, and how many there are if that is more: these are in the annex."""
    said = view.parts(clause.name for clause in clauses[:_CLAUSES])
    if len(clauses) <= _CLAUSES:
        return said
    return view.t(
        "inspection.clauses_more" if view.annex else "inspection.clauses_more.apart", first=said, n=len(clauses)
    )
