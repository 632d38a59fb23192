"""检测项目与结果一览表: what each rule came to, on one row, with its clauses and where more is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.analysis.coverage.verdict import Verdict, of_statuses
from monitor.law import Provision
from monitor.reports._rows import Clause, FindingRow, clause_row
from monitor.reports._view import Group, View

#: Clauses named in a row: the law, and the operational text.
_CLAUSES: Final = 2


@dataclass(frozen=True)
class RuleResult:
    """A rule: ``number`` of its row, ``verdict`` with ``why`` where there is no finding, ``provisions`` it cites,
    ``findings`` it gave, and ``group``: these with the rule's texts, None where there are none."""

    number: int
    rule: str
    title: str
    verdict: Verdict
    why: str
    provisions: tuple[Provision, ...]
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
        findings = tuple(finding for _, finding in group.findings) if group else ()
        why = row.why if row and not findings else ""
        made.append(RuleResult(number, name, title or name, verdict, why, provisions(view, name), findings, group))
    return made


def provisions(view: View, rule: str) -> tuple[Provision, ...]:
    """What a rule cites under the packs of the session: those in force by rank, then drafts; each once."""
    known = view.names.checked.get(rule)
    cited = {p.ref: p for pack, p in known.clauses if view.has_pack(pack)} if known else {}
    return tuple(sorted(cited.values(), key=lambda one: (one.draft, one.rank)))


def every_clause(view: View, rules: list[RuleResult]) -> list[Clause]:
    """All that the report cites, of each rule and finding, once: by force, law and number of the article."""
    found = {clause.ref: clause for one in rules for finding in one.findings for clause in finding.clauses}
    for one in rules:
        for p in one.provisions:
            told = {"ref": p.ref, "rank": p.rank, "confidence": p.confidence}
            found.setdefault(p.ref, clause_row(told, view.lang, {p.ref: p}))
    return sorted(found.values(), key=lambda one: (one.draft, one.rank, one.law, one.order))


def leading(cited: tuple[Provision, ...]) -> list[Provision]:
    """The law first, then the operational text that stands highest."""
    law = next((one for one in cited if one.rank <= 3), None)
    operational = next((one for one in cited if one.rank > 3 and not one.draft), None)
    return [one for one in (law, operational) if one][:_CLAUSES] or list(cited[:1])
