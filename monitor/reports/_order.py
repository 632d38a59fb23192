"""The order and the numbers of findings: every format refers to a finding by the same number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from monitor.analysis.correlate.findings import LEVELS as RISING
from monitor.analysis.correlate.findings import STATUSES as BY_STRENGTH
from monitor.analysis.explain.about import started
from monitor.reports._rows import FindingRow
from monitor.text import label

LEVELS: Final = tuple(reversed(RISING))
#: Strongest first.
STATUSES: Final = tuple(reversed(BY_STRENGTH))


def once(names: Iterable[str]) -> list[str]:
    """Those that are not empty, each once, in order."""
    return list(dict.fromkeys(name for name in names if name))


def rank(finding: FindingRow) -> tuple[int, int, int, str]:
    """For sorting: strongest status and level first, then by time."""
    return (
        STATUSES.index(finding.status) if finding.status in STATUSES else 9,
        LEVELS.index(finding.level) if finding.level in LEVELS else 9,
        finding.first_seen,
        finding.rule,
    )


def numbered(findings: list[FindingRow], lang: str) -> list[FindingRow]:
    """The findings of each rule together, numbered consecutively: every format refers to a finding by this number.
    ``apart`` names the pattern that matched where nothing else tells a finding from another."""
    by_rule: dict[str, list[FindingRow]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    rows = [finding for group in by_rule.values() for finding in group]
    shared = Counter(map(_named, rows))
    made = []
    for number, row in enumerate(rows, 1):
        telling = row.pattern not in ("", "main") and (shared[_named(row)] > 1 or not (row.data_type or row.permission))
        apart = label("pattern", row.pattern, lang) if telling else ""
        made.append(replace(row, number=number, apart=apart))
    return made


def _named(row: FindingRow) -> tuple[str, ...]:
    return row.rule, row.data_type, row.sdk, row.recipient, row.permission


def subject(finding: FindingRow, lang: str) -> str:
    """The subject of a finding: the data type, the permission or the app that was started; empty if none."""
    if finding.data_type:
        return label("data_type", finding.data_type, lang)
    return finding.permission.rpartition(".")[2] or started(finding.detail, lang)


def heading(finding: FindingRow, lang: str) -> str:
    """A finding's heading under its rule: number, subject, and the pattern where that alone sets it apart."""
    about = subject(finding, lang) or finding.title
    return f"{finding.number}. {about}" + (f" · {finding.apart}" if finding.apart else "")
