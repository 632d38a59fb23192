"""检测依据: the laws, standards and guides that the findings cite, grouped as an inspector lists them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from monitor.law import Provision
from monitor.reports._blocks import Block, Heading, Table, Text
from monitor.reports._view import View

#: Groups of the Chinese pack by rank, in the order of their force; other packs are groups of their own.
_RANKS: Final = {1: "law", 2: "law", 3: "law", 4: "normative", 5: "standard", 6: "guide", 7: "store", 8: "foreign"}
_GROUPS: Final = ("law", "normative", "standard", "guide", "store", "gdpr", "coppa", "play", "foreign", "draft")
_HOME: Final = "cn"


def basis(view: View) -> Iterable[Block]:
    """A table for each group: document, issuer, number, date from which it applies."""
    known = view.names.clauses()
    groups: dict[str, dict[str, Provision]] = {}
    for clause in (clause for finding in view.findings for clause in finding["clauses"]):
        if (one := known.get(clause["ref"])) is not None:
            groups.setdefault(_group(one, clause["pack"]), {}).setdefault(one.law.get(view.lang), one)
    yield Heading(1, view.t("inspection.basis"))
    if not groups:
        yield Text(view.t("report.none"))
    headings = [view.t(f"inspection.{key}") for key in ("law", "issuer", "number", "effective")]
    for number, name in enumerate((name for name in _GROUPS if name in groups), 1):
        yield Heading(2, view.t("basis.heading", n=_counted(view, number), group=view.t(f"basis.{name}")))
        laws = sorted(groups[name].items(), key=lambda item: (item[1].rank, item[1].effective or "9", item[0]))
        rows = [[law, one.issuer.get(view.lang), one.number, one.effective] for law, one in laws]
        yield Table(headings, rows, (14, 10, 8, 5))


def _group(one: Provision, pack: str) -> str:
    if one.draft:
        return "draft"
    return pack if pack and pack != _HOME and pack in _GROUPS else _RANKS[one.rank]


def _counted(view: View, number: int) -> str:
    return "一二三四五六七八九十"[number - 1] if view.lang == "zh" else str(number)
