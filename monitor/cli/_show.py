"""Findings and coverage as tables on the terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.analysis.findings import LEVELS, STATUSES, Finding
from monitor.errors import printable
from monitor.record import Judgement
from monitor.text import label, reasons, t

UNSEEN = ("not_observable", "not_exercised", "inconclusive")


def ordered(findings: list[Finding]) -> list[Finding]:
    """Strongest status and level first."""
    return sorted(findings, key=lambda f: (-STATUSES.index(f.status), -LEVELS.index(f.level), f.rule, f.first_seen))


def finding_table(findings: list[Finding], lang: str) -> Table:
    """One row a finding."""
    table = Table(
        *(t(f"cli.column.{name}", lang) for name in ("rule", "status", "level", "data", "sdk", "recipient", "count"))
    )
    for f in ordered(findings):
        title = f.title_zh if lang == "zh" else f.title
        what = label("data_type", f.data_type, lang) if f.data_type else f.permission.rsplit(".", 1)[-1]
        status = label("status", f.status, lang)
        if f.data_type:  # a prompt or a window was not read
            status += f" ({label('grade', f.grade, lang)})"
        cells = (f"{f.rule} {title}", status, label("level", f.level, lang), what, f.sdk, f.recipient, str(f.count))
        table.add_row(*(escape(printable(cell, 120)) for cell in cells))
    return table


def show_judgement(judgement: Judgement, lang: str) -> None:
    """Findings, then what was not seen and why."""
    console = Console(highlight=False)
    found = Counter(f.status for f in judgement.findings)
    console.print(t("cli.findings", lang, **{s: found.get(s, 0) for s in STATUSES}))
    if judgement.findings:
        console.print(finding_table(judgement.findings, lang))
    rules = [line for line in judgement.coverage if line.line == "rule"]
    states = Counter(line.state for line in rules)
    console.print(
        t(
            "cli.coverage",
            lang,
            silent=states["silent"],
            not_exercised=states["not_exercised"],
            not_observable=states["not_observable"],
        )
    )
    for line in rules:
        if line.state in UNSEEN:
            why = reasons(line.why, lang)
            console.print(escape(printable(f"  {line.id} {label('coverage', line.state, lang)}: {why}", 300)))
