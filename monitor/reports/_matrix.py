"""The 15 items of the Shenzhen guideline: what a client-side monitor can observe of each, and what this run showed."""

from __future__ import annotations

from typing import Final

from monitor.reports._view import Row, View

#: Observability of items 1 to 15 of 深圳市加强应用程序个人信息保护若干指引（2025年版）, guidance (参照执行).
OBSERVABILITY: Final = ("mixed",) * 7 + ("full",) + ("mixed",) * 3 + ("none",) + ("mixed",) * 3
_NUMERALS: Final = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五".split()


def matrix(view: View) -> list[Row]:
    """One row per item: number, title, observability, blind, rules (coverage rows), findings, result and its class."""
    rows = []
    zh = view.lang == "zh"
    for number, observability in enumerate(OBSERVABILITY, 1):
        covered = [row for row in view.rules if number in row["items"]]
        found = [finding for finding in view.findings if number in finding["items"]]
        evidenced = sum(1 for finding in found if finding["status"] == "evidenced")
        if evidenced:
            mark, result = "evidenced", view.t("result.findings", n=evidenced)
        elif found:
            mark, result = "review", view.t("result.other", n=len(found))
        elif covered and all(row["state"] == "silent" for row in covered):
            mark, result = "silent", view.t("result.silent")
        else:
            mark, result = "open", view.t("result.open")
        rows.append(
            {
                "number": f"（{_NUMERALS[number - 1]}）" if zh else str(number),
                "title": view.t(f"item.{number}"),
                "observability": view.label("observability", observability),
                "blind": view.t(f"item.{number}.blind"),
                "rules": covered,
                "findings": found,
                "mark": mark,
                "result": result,
            }
        )
    return rows
