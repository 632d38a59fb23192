"""检测项目与结果一览表: what each rule came to, on one row, with its clauses and where more is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.analysis.coverage.verdict import Verdict, of_statuses
from monitor.law import Provision
from monitor.reports._view import Row, View

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
    findings: tuple[Row, ...]
    group: Row | None

    @property
    def shown(self) -> bool:
        """Whether it has a page of its own: evidence, and a finding that bears it."""
        return self.verdict == Verdict.EVIDENCED and any(one["status"] == "evidenced" for one in self.findings)

    @property
    def span(self) -> str:
        """The numbers of its findings: they stand together."""
        first, last = self.findings[0]["number"], self.findings[-1]["number"]
        return str(first) if first == last else f"{first}–{last}"


def results(view: View) -> list[RuleResult]:
    """One of each rule that was evaluated, in the order of their names; one that only its findings tell of, too."""
    groups = {group["rule"]: group for group in view.groups()}
    rows = {row["id"]: row for row in view.rules}
    alone = {
        name: {"id": name, "title": group["title"], "verdict": of_statuses(+group["statuses"], ""), "why": ""}
        for name, group in groups.items()
        if name not in rows
    }
    made = []
    for number, (_, row) in enumerate(sorted({**rows, **alone}.items()), 1):
        group = groups.get(row["id"])
        findings = tuple(finding for _, finding in group["findings"]) if group else ()
        cited = provisions(view, row["id"])
        why = "" if findings else row["why"]
        made.append(
            RuleResult(number, row["id"], row["title"] or row["id"], row["verdict"], why, cited, findings, group)
        )
    return made


def provisions(view: View, rule: str) -> tuple[Provision, ...]:
    """What a rule cites under the packs of the session: those in force by rank, then drafts; each once."""
    known = view.names.checked.get(rule)
    cited = {p.ref: p for pack, p in known.clauses if view.has_pack(pack)} if known else {}
    return tuple(sorted(cited.values(), key=lambda one: (one.draft, one.rank)))


def leading(cited: tuple[Provision, ...]) -> list[Provision]:
    """The law first, then the operational text that stands highest."""
    law = next((one for one in cited if one.rank <= 3), None)
    operational = next((one for one in cited if one.rank > 3 and not one.draft), None)
    return [one for one in (law, operational) if one][:_CLAUSES] or list(cited[:1])
