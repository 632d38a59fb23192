"""The order and the numbers of findings: every format refers to a finding by the same number."""

from __future__ import annotations

from collections import Counter
from typing import Final

from monitor.analysis.correlate.findings import LEVELS as RISING
from monitor.analysis.correlate.findings import STATUSES as BY_STRENGTH
from monitor.analysis.explain.about import started
from monitor.reports._rows import Row
from monitor.text import label

LEVELS: Final = tuple(reversed(RISING))
#: Strongest first.
STATUSES: Final = tuple(reversed(BY_STRENGTH))


def rank(finding: Row) -> tuple[int, int, int, str]:
    """For sorting: strongest status and level first, then by time."""
    return (
        STATUSES.index(finding["status"]) if finding["status"] in STATUSES else 9,
        LEVELS.index(finding["level"]) if finding["level"] in LEVELS else 9,
        finding["first_seen"],
        finding["rule"],
    )


def numbered(findings: list[Row], lang: str) -> list[Row]:
    """The findings of each rule together, numbered consecutively: every format refers to a finding by this number.
    ``apart`` names the pattern that matched where nothing else tells a finding from another."""
    by_rule: dict[str, list[Row]] = {}
    for finding in findings:
        by_rule.setdefault(finding["rule"], []).append(finding)
    rows = [finding for group in by_rule.values() for finding in group]
    shared = Counter(map(_named, rows))
    for number, row in enumerate(rows, 1):
        row["number"] = number
        telling = row["pattern"] not in ("", "main") and (
            shared[_named(row)] > 1 or not (row["data_type"] or row["permission"])
        )
        row["apart"] = label("pattern", row["pattern"], lang) if telling else ""
    return rows


def _named(row: Row) -> tuple[str, ...]:
    return tuple(row[key] for key in ("rule", "data_type", "sdk", "recipient", "permission"))


def subject(finding: Row, lang: str) -> str:
    """The subject of a finding: the data type, the permission or the app that was started; empty if none."""
    if finding["data_type"]:
        return label("data_type", finding["data_type"], lang)
    return str(finding["permission"]).rpartition(".")[2] or started(finding["detail"], lang)


def heading(finding: Row, lang: str) -> str:
    """A finding's heading under its rule: number, subject, and the pattern where that alone sets it apart."""
    about = subject(finding, lang) or finding["title"]
    return f"{finding['number']}. {about}" + (f" · {finding['apart']}" if finding["apart"] else "")
