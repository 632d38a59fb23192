"""Findings and coverage on the terminal."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.analysis.correlate.findings import GRADES, STATUSES, Finding, ordered
from monitor.analysis.coverage.verdict import Verdict, of_line
from monitor.analysis.explain.about import Naming, about, same_but_for_the_pattern
from monitor.analysis.explain.ending import broken_off
from monitor.base.errors import printable
from monitor.cli._own_keys import remember
from monitor.cli._tables import TONES
from monitor.cli._tables import console as stdout
from monitor.evidence.attested import is_recorders
from monitor.evidence.bundle import Bundle
from monitor.text import label, listed, pair, parts, t
from monitor.text.reasons import said

if TYPE_CHECKING:  # showing findings needs no rules
    from monitor.analysis.correlate.findings import Assessment
    from monitor.assess.evaluate import Added, Again
    from monitor.assess.results import Written
    from monitor.reports import Front

#: Terminals with fewer columns than this get no columns.
_NARROW = 72
UNSEEN = ("not_observable", "not_exercised", "inconclusive")


def warn_broken_off(bundle: Path, lang: str, *, as_json: bool = False) -> None:
    """Say first that a session did not run to its end; beside JSON lines on standard error."""
    if early := broken_off(Bundle.open(bundle).session(), lang):
        print(printable(" ".join(early)), file=sys.stderr if as_json else sys.stdout)


def show_findings(console: Console, findings: list[Finding], lang: str, name: Naming) -> None:
    """By rule, strongest first: one heading per rule, then one line per finding. What two lines would have in common
    in every word is told apart by the pattern that matched."""
    apart = same_but_for_the_pattern(findings)
    groups: dict[str, list[Finding]] = {}
    for f in ordered(findings):
        groups.setdefault(f.rule, []).append(f)
    widths = [max(cell_len(cell) for cell in column) for column in zip(*map(_cells(lang), findings), strict=True)]
    narrow = console.width < _NARROW
    for rule, found in groups.items():
        title = found[0].title_zh if lang == "zh" else found[0].title
        console.print(f"[bold]{escape(printable(f'{rule} {title}', 120))}[/]")
        grid = Table.grid(padding=(0, 2, 0, 0), expand=console.is_terminal)
        for width in widths:
            grid.add_column(min_width=width)
        grid.add_column(overflow="fold", ratio=1)
        grid.add_column(min_width=8)
        for f in found:
            said = about(f, lang, name, pattern=f.fingerprint in apart) or "–"
            times = f" ×{f.count}" if f.count > 1 else ""
            cells = (*_cells(lang)(f), escape(printable(said, 200)) + times, f"[dim]{escape(f.fingerprint[:8])}[/]")
            if narrow:  # columns would leave some letters for each
                console.print(Padding(" · ".join(filter(None, cells)), (0, 0, 0, 2), expand=False))
            else:
                grid.add_row(*cells)
        if not narrow:
            console.print(Padding(grid, (0, 0, 0, 2), expand=False))
    if any(f.count > 1 for f in findings):
        console.print(t("cli.times", lang))
    if shown := {f.grade for f in findings if f.data_type and f.grade}:
        console.print(parts((_grade(one, lang) for one in GRADES if one in shown), lang))


def _grade(grade: str, lang: str) -> str:
    return pair(label("grade", grade, lang), label("grade", f"{grade}.long", lang).rstrip(".。"), lang)


def _cells(lang: str) -> Callable[[Finding], tuple[str, ...]]:
    def cells(f: Finding) -> tuple[str, ...]:
        grade = label("grade", f.grade, lang) if f.data_type and f.grade else ""  # a prompt or a window was not read
        return label("status", f.status, lang), label("level", f.level, lang), grade

    return cells


def one_line(f: Finding, lang: str, name: Naming) -> str:
    """A finding in one line: rule, title, subject, library, recipient."""
    title = f.title_zh if lang == "zh" else f.title
    return " · ".join(part for part in (f"{f.rule} {title}", about(f, lang, name)) if part)


def show_written(written: Written, bundle: Path, lang: str, *, own: bool) -> None:
    """Where the results that were replaced are, and who attests the new ones. ``own``: the user gave the key."""
    if written.earlier:
        print(printable(t("cli.replaced", lang, path=bundle / written.earlier)))
    remember(written.key)
    print(t("cli.key.attested" if own else "cli.key.attested_once", lang, key=written.key))
    if not is_recorders(bundle, written.key):
        print(printable(t("cli.key.verified_by", lang, path=bundle, key=written.key)))


def show_added(added: Added, lang: str) -> None:
    """What is used besides the tables, and where it comes from."""
    if added.taken:
        what = listed((label("added", name.partition(".")[0], lang) for name in added.taken), lang)
        print(t("cli.added.taken", lang, what=what, key=added.key))
    if added.own:
        print(printable(t("cli.tables.own", lang, rules=listed(added.own, lang)), 2000))
    if added.replaced:
        print(printable(t("cli.added.replaced", lang, rules=listed(added.replaced, lang)), 2000))


def show_tables(again: Again, lang: str, name: Naming, *, current: bool) -> None:
    """Which tables were used, and what this version's tables change."""
    console = stdout()
    if not again.kept:
        console.print(t("cli.tables.none", lang))
    elif not again.changed:
        console.print(t("cli.tables.same", lang))
    else:
        groups = listed((label("table", group, lang) for group in again.changed), lang)
        console.print(t("cli.tables.current" if current else "cli.tables.kept", lang, groups=groups))
    show_added(again.added, lang)
    if not current or not again.changed:
        return
    counts = Counter(change.what.partition("_")[0] for change in again.changes)
    console.print(t("cli.changes", lang, **{what: counts[what] for what in ("new", "gone", "changed")}))
    for change in again.changes:
        f, old = change.finding, change.before
        what = " · ".join(part for part in (f.rule, about(f, lang, name)) if part)
        stated = " · ".join(_cells(lang)(f)) + f" ×{f.count}"
        if change.what == "changed" and old is not None:
            stated = " · ".join(_cells(lang)(old)) + f" ×{old.count} → {stated}"
        words = f"  {label('change', change.what, lang)}  {what}  {stated}  {f.fingerprint[:8]}"
        console.print(escape(printable(words, 300)))


def show_front(front: Front, lang: str) -> None:
    """Page one: how it ended, the conclusion, the problems, and how much was not tested."""
    console = stdout()
    for line in front.early:
        console.print(escape(printable(line, 300)))
    console.print(f"[bold]{escape(printable(front.conclusion, 500))}[/]")
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", min_width=2)
    grid.add_column(overflow="fold")
    for number, one in enumerate(front.problems, 1):
        claim = f"{label('level', one.level, lang)} · {label('status', one.status, lang)}"
        said = Text(claim, TONES.get(one.status, ""))
        grid.add_row(f"{number}", said.append(f"  {printable(one.what, 110)}", style="default"))
    console.print(grid)
    if front.more:
        console.print(t("cli.more_problems", lang, n=front.more))
    if front.open:
        console.print(t("cli.open", lang, n=front.open, rules=front.rules))


def shell_word(path: Path) -> str:
    """A path as it is typed in a shell, relative to here where it lies below."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def show_assessment(assessment: Assessment, lang: str, name: Naming) -> None:
    """Findings, then what was not observed and why."""
    console = stdout()
    found = Counter(f.status for f in assessment.findings)
    console.print(t("cli.findings", lang, n=len(assessment.findings), **{s: found.get(s, 0) for s in STATUSES}))
    if assessment.findings:
        show_findings(console, assessment.findings, lang, name)
        console.print(t("cli.explain", lang))
    rules = [line for line in assessment.coverage if line.line == "rule"]
    verdicts = Counter(of_line(line) for line in rules)
    console.print(t("cli.coverage", lang, n=len(rules), **{one: verdicts[one] for one in Verdict}))
    for line in rules:
        if line.state in UNSEEN:
            why = said(line.reasons, lang)
            console.print(
                escape(printable("  " + pair(f"{line.id} {label('coverage', line.state, lang)}", why, lang), 300))
            )
