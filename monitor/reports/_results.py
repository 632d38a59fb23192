"""What each rule came to, with its clauses (检测项目与结果一览表); the laws, standards and guides that are cited
(检测依据); and the 15 items of the Shenzhen guideline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

from monitor.analysis.coverage.verdict import Verdict, of_statuses
from monitor.knowledge.law import NUMERALS, Provision
from monitor.reports._blocks import Block, Heading, Text, table
from monitor.reports._rows import STATUSES, Clause, CoverageRow, FindingRow, clause_row
from monitor.reports._view import View

#: Clauses named in a row; the others are in the annex.
_CLAUSES: Final = 2
#: Groups of the Chinese pack by rank, in the order of their force; other packs are groups of their own.
_RANKS: Final = {1: "law", 2: "law", 3: "law", 4: "normative", 5: "standard", 6: "guide", 7: "store", 8: "foreign"}
_GROUPS: Final = "law normative standard guide store gdpr gdpr_guides coppa play foreign draft".split()
_HOME: Final = "cn"
#: Ranks of law; what follows explains it.
_LAW: Final = 3
#: Standards for testing and for notice and consent (SAMR and SAC): what a laboratory works by, whatever its rules cite.
_WORKED_BY: Final = (
    ("GB/T 42574—2023", "《信息安全技术 个人信息处理中告知和同意的实施指南》",
     "Information security technology: Implementation guidelines for notices and consent in personal information "
     "processing"),
    ("GB/T 42582—2023", "《信息安全技术 移动互联网应用程序（App）个人信息安全测评规范》",
     "Information security technology: Personal information security testing and evaluation specification in mobile "
     "internet applications (App)"),
)  # fmt: skip
_APPLIED: Final = "2023-12-01"
#: Observability of items 1 to 15 of 深圳市加强应用程序个人信息保护若干指引（2025年版）, guidance (参照执行).
OBSERVABILITY: Final = ("mixed",) * 7 + ("full",) + ("mixed",) * 3 + ("none",) + ("mixed",) * 3


@dataclass(frozen=True)
class RuleResult:
    """A rule: ``number`` of its row, ``verdict`` with ``why`` where there is no finding, ``clauses`` cited, and the
    ``findings`` it gave, the strongest first."""

    number: int
    rule: str
    title: str
    verdict: str
    why: str
    clauses: tuple[Clause, ...]
    findings: tuple[FindingRow, ...]

    @property
    def shown(self) -> bool:
        """Whether it has a page of its own: evidence, and a finding that bears it."""
        return self.verdict == Verdict.EVIDENCED and any(one.status == "evidenced" for one in self.findings)

    @property
    def span(self) -> str:
        """The numbers of its findings: they stand together."""
        first, last = self.findings[0].number, self.findings[-1].number
        return str(first) if first == last else f"{first}–{last}"


def groups(view: View) -> dict[str, tuple[FindingRow, ...]]:
    """Findings by rule, in the order of the findings."""
    return {rule: tuple(found) for rule, found in groupby(view.findings, key=attrgetter("rule"))}


def results(view: View) -> list[RuleResult]:
    """One of each rule that was evaluated, in the order of their names; one that only its findings tell of, too."""
    by_rule = groups(view)
    rows = {row.id: row for row in view.covered("rule")}
    found = []
    for number, name in enumerate(sorted({*rows, *by_rule}), 1):
        row, findings = rows.get(name), by_rule.get(name, ())
        title = row.title if row else findings[0].title
        verdict = row.verdict if row else of_statuses((one.status for one in findings), "")
        why = row.why if row and not findings else ""
        found.append(RuleResult(number, name, title or name, verdict, why, _cited(view, name, findings), findings))
    return found


def _cited(view: View, rule: str, findings: tuple[FindingRow, ...]) -> tuple[Clause, ...]:
    """What a rule cites under the packs of the session, each once, in the order of the rule's own list, in which the
    best-fitting stands first; drafts last. Where it has findings, what those cite that bear its result."""
    statuses = {one.status for one in findings}
    status = next((status for status in STATUSES if status in statuses), "")
    borne = [c for one in findings if one.status == status for c in one.clauses if view.has_pack(c.pack)]
    own = {c.ref: c for c in borne} or {c.ref: c for c in _of_rule(view, rule)}
    return tuple(sorted(own.values(), key=lambda one: one.draft))


def _of_rule(view: View, rule: str) -> list[Clause]:
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
        for clause in (*one.clauses, *_of_rule(view, one.rule)):
            found.setdefault(clause.ref, clause)
    return sorted(found.values(), key=lambda one: (one.draft, one.rank, one.law, one.order))


def leading(view: View, clauses: Sequence[Clause]) -> str:
    """The first of them by name, and how many there are if that is more: these are in the annex."""
    names = view.parts(clause.name for clause in clauses[:_CLAUSES])
    if len(clauses) <= _CLAUSES:
        return names
    key = "inspection.clauses_more" if view.annex else "inspection.clauses_more.apart"
    return view.t(key, first=names, n=len(clauses))


def clause_text(view: View, clause: Clause) -> str:
    """The words of a clause, or a summary that is marked as one; empty if neither is known."""
    return clause.text or (view.pair(view.t("report.summary"), clause.summary) if clause.summary else "")


def clause_standing(view: View, clause: Clause) -> str:
    """The rank of a clause and how its text was checked."""
    return view.t("punct.comma").join(filter(None, (clause.rank_name, clause.confidence and clause.confidence_name)))


def basis(view: View, section: int) -> Iterable[Block]:
    """A table for each group: document, issuer, number, date from which it applies. What the rules of the session
    and its findings cite, whether or not a rule found anything."""
    groups = _laws(view)
    if not groups:
        yield Text(view.t("report.none"))
    for number, name in enumerate((name for name in _GROUPS if name in groups), 1):
        yield Heading(2, f"{section}.{number} {view.t(f'basis.{name}')}")
        laws = sorted(groups[name].items(), key=lambda item: (item[1].rank, item[1].effective or "9", item[0]))
        rows = [[law, one.issuer.get(view.lang), one.number or "–", one.effective or "–"] for law, one in laws]
        if name == "standard" and view.has_pack(_HOME):
            rows += [[zh if view.lang == "zh" else en, rows[0][1], number, _APPLIED] for number, zh, en in _WORKED_BY]
        yield table(view, "law issuer number effective", rows, (14, 10, 8, 5))


def _laws(view: View) -> dict[str, dict[str, Provision]]:
    """The laws cited under the packs of the session by group and name, each with one of its provisions."""
    groups: dict[str, dict[str, Provision]] = {}
    known = view.names.clauses()
    cited = [(clause.pack, known.get(clause.ref)) for finding in view.findings for clause in finding.clauses]
    for row in view.covered("rule"):
        if rule := view.names.rules.get(row.id):
            cited += rule.clauses
    for pack, one in cited:
        if one is not None and view.has_pack(pack):
            groups.setdefault(_group(one, pack), {}).setdefault(one.law.get(view.lang), one)
    return groups


def _group(one: Provision, pack: str) -> str:
    if one.draft:
        return "draft"
    if pack == "gdpr":
        return pack if one.rank <= _LAW else "gdpr_guides"
    return pack if pack and pack != _HOME and pack in _GROUPS else _RANKS[one.rank]


@dataclass(frozen=True)
class Item:
    """An item of the guideline: what a client-side monitor can observe of it, and what this run showed. ``number`` as
    printed, ``blind`` = what of it no session shows, ``rules`` = coverage of the rules that serve it, ``findings`` =
    those that cite it, ``result`` in words."""

    number: str
    title: str
    observability: str
    blind: str
    rules: list[CoverageRow]
    findings: list[FindingRow]
    verdict: str
    result: str


def matrix(view: View) -> list[Item]:
    """The items of a session that was assessed by the Chinese pack; none for another pack's."""
    if not view.has_pack(_HOME):
        return []
    states = {row.id: row.state for row in view.coverage if row.kind == "item"}
    items = []
    for number, observability in enumerate(OBSERVABILITY, 1):
        found = [finding for finding in view.findings if number in finding.items]
        state = states.get(f"SZ-{number:02d}", "")
        # Before items had findings of their own, one whose rule fired for something else was called fired.
        verdict = of_statuses((f.status for f in found), "not_exercised" if state == "fired" else state)
        result = view.label("verdict", verdict)
        if found:
            borne = sum((finding.status == "evidenced") == (verdict == Verdict.EVIDENCED) for finding in found)
            result = view.aside(result, view.t("result.findings", n=borne))
        items.append(
            Item(
                number=f"（{NUMERALS[number - 1]}）" if view.lang == "zh" else str(number),
                title=view.t(f"item.{number}"),
                observability=view.label("observability", observability),
                blind=view.t(f"item.{number}.blind"),
                rules=[row for row in view.covered("rule") if number in row.items],
                findings=found,
                verdict=verdict,
                result=result,
            )
        )
    return items
