"""Findings and coverage on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from monitor.analysis.findings import LEVELS, STATUSES, Finding
from monitor.errors import printable
from monitor.record import Judgement
from monitor.text import label, reasons, t

UNSEEN = ("not_observable", "not_exercised", "inconclusive")


def ordered(findings: list[Finding]) -> list[Finding]:
    """Strongest status and level first."""
    return sorted(findings, key=lambda f: (-STATUSES.index(f.status), -LEVELS.index(f.level), f.rule, f.first_seen))


def show_findings(console: Console, findings: list[Finding], lang: str) -> None:
    """By rule, the strongest first: a heading each, then one line a finding."""
    groups: dict[str, list[Finding]] = {}
    for f in ordered(findings):
        groups.setdefault(f.rule, []).append(f)
    widths = [max(cell_len(cell) for cell in column) for column in zip(*map(_cells(lang), findings), strict=True)]
    for rule, found in groups.items():
        title = found[0].title_zh if lang == "zh" else found[0].title
        console.print(f"[bold]{escape(printable(f'{rule} {title}', 120))}[/]")
        grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
        for width in widths:
            grid.add_column(min_width=width)
        grid.add_column(overflow="fold", ratio=1)
        grid.add_column(min_width=8)
        for f in found:
            about = (_subject(f, lang), f.sdk, f"→ {f.recipient}" if f.recipient else "")
            said = " · ".join(part for part in about if part) or "–"
            times = f" ×{f.count}" if f.count > 1 else ""
            grid.add_row(*_cells(lang)(f), escape(printable(said, 200)) + times, f"[dim]{escape(f.fingerprint[:8])}[/]")
        console.print(Padding(grid, (0, 0, 0, 2)))


def _cells(lang: str) -> Callable[[Finding], tuple[str, ...]]:
    def cells(f: Finding) -> tuple[str, ...]:
        grade = label("grade", f.grade, lang) if f.data_type and f.grade else ""  # a prompt or a window was not read
        return label("status", f.status, lang), label("level", f.level, lang), grade

    return cells


def _subject(f: Finding, lang: str) -> str:
    return label("data_type", f.data_type, lang) if f.data_type else f.permission.rsplit(".", 1)[-1]


def show_judgement(judgement: Judgement, lang: str) -> None:
    """Findings, then what was not seen and why."""
    console = Console(highlight=False)
    found = Counter(f.status for f in judgement.findings)
    console.print(t("cli.findings", lang, **{s: found.get(s, 0) for s in STATUSES}))
    if judgement.findings:
        show_findings(console, judgement.findings, lang)
        console.print(t("cli.explain", lang))
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
