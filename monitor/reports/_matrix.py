"""The 15 items of the Shenzhen guideline: what a client-side monitor can observe of each, and what this run showed."""

from dataclasses import dataclass
from typing import Final

from monitor.analysis.coverage.verdict import Verdict, of_statuses
from monitor.knowledge.law import NUMERALS
from monitor.reports._rows import FindingRow, RuleRow
from monitor.reports._view import View

#: Observability of items 1 to 15 of 深圳市加强应用程序个人信息保护若干指引（2025年版）, guidance (参照执行).
OBSERVABILITY: Final = ("mixed",) * 7 + ("full",) + ("mixed",) * 3 + ("none",) + ("mixed",) * 3


@dataclass(frozen=True)
class Item:
    """An item: ``number`` as printed, ``blind`` = what of it no session shows, ``rules`` = coverage of the rules that
    serve it, ``findings`` = those that cite it, ``result`` in words."""

    number: str
    title: str
    observability: str
    blind: str
    rules: list[RuleRow]
    findings: list[FindingRow]
    verdict: Verdict
    result: str


def matrix(view: View) -> list[Item]:
    """The items of a session that was assessed by the Chinese pack; none for another pack's."""
    if not view.has_pack("cn"):
        return []
    states = {row.id: row.state for row in view.coverage if row.kind == "item"}
    made = []
    for number, observability in enumerate(OBSERVABILITY, 1):
        found = [finding for finding in view.findings if number in finding.items]
        state = states.get(f"SZ-{number:02d}", "")
        # Before items had findings of their own, one whose rule fired for something else was called fired.
        verdict = of_statuses((f.status for f in found), "not_exercised" if state == "fired" else state)
        made.append(
            Item(
                number=f"（{NUMERALS[number - 1]}）" if view.lang == "zh" else str(number),
                title=view.t(f"item.{number}"),
                observability=view.label("observability", observability),
                blind=view.t(f"item.{number}.blind"),
                rules=[row for row in view.rules if number in row.items],
                findings=found,
                verdict=verdict,
                result=_result(view, verdict, found),
            )
        )
    return made


def _result(view: View, verdict: Verdict, found: list[FindingRow]) -> str:
    word = view.label("verdict", verdict)
    borne = sum(1 for finding in found if (finding.status == "evidenced") == (verdict == Verdict.EVIDENCED))
    return view.aside(word, view.t("result.findings", n=borne)) if found else word
