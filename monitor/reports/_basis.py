"""检测依据: the laws, standards and guides that the findings cite, grouped as an inspector lists them."""

from collections.abc import Iterable
from typing import Final

from monitor.knowledge.law import Provision
from monitor.reports._blocks import Block, Heading, Table, Text
from monitor.reports._view import View

#: Groups of the Chinese pack by rank, in the order of their force; other packs are groups of their own.
_RANKS: Final = {1: "law", 2: "law", 3: "law", 4: "normative", 5: "standard", 6: "guide", 7: "store", 8: "foreign"}
_GROUPS: Final = (
    "law",
    "normative",
    "standard",
    "guide",
    "store",
    "gdpr",
    "gdpr_guides",
    "coppa",
    "play",
    "foreign",
    "draft",
)
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


def basis(view: View, section: int) -> Iterable[Block]:
    """A table for each group: document, issuer, number, date from which it applies. What the rules of the session
    and its findings cite, whether or not a rule found anything."""
    groups: dict[str, dict[str, Provision]] = {}
    known = view.names.clauses()
    evaluated = [rule for row in view.rules if (rule := view.names.rules.get(row.id))]
    cited = [(clause.pack, known.get(clause.ref)) for finding in view.findings for clause in finding.clauses]
    for pack, one in [*cited, *(pair for rule in evaluated for pair in rule.clauses)]:
        if one is not None and view.has_pack(pack):
            groups.setdefault(_group(one, pack), {}).setdefault(one.law.get(view.lang), one)
    if not groups:
        yield Text(view.t("report.none"))
    headings = [view.t(f"inspection.{key}") for key in ("law", "issuer", "number", "effective")]
    for number, name in enumerate((name for name in _GROUPS if name in groups), 1):
        yield Heading(2, f"{section}.{number} {view.t(f'basis.{name}')}")
        laws = sorted(groups[name].items(), key=lambda item: (item[1].rank, item[1].effective or "9", item[0]))
        rows = [[law, one.issuer.get(view.lang), one.number or "–", one.effective or "–"] for law, one in laws]
        if name == "standard" and view.has_pack(_HOME):
            issuer = laws[0][1].issuer.get(view.lang)
            rows += [[zh if view.lang == "zh" else en, issuer, number, _APPLIED] for number, zh, en in _WORKED_BY]
        yield Table(headings, rows, (14, 10, 8, 5))


def _group(one: Provision, pack: str) -> str:
    if one.draft:
        return "draft"
    if pack == "gdpr":
        return pack if one.rank <= _LAW else "gdpr_guides"
    return pack if pack and pack != _HOME and pack in _GROUPS else _RANKS[one.rank]
