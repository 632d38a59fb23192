"""Tables, findings and coverage on standard output."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from monitor.analysis.correlate.findings import GRADES, STATUSES, Finding, ordered
from monitor.analysis.coverage.verdict import Verdict, of_line
from monitor.analysis.explain.about import Naming, about, broken_off, same_but_for_the_pattern
from monitor.base.errors import printable
from monitor.cli._common import remember_key
from monitor.evidence.attested import is_recorders
from monitor.evidence.bundle import Bundle
from monitor.text import label, listed, pair, parts, t
from monitor.text.reasons import said as reason_text

if TYPE_CHECKING:  # showing findings needs no rules
    from monitor.analysis.correlate.findings import Assessment
    from monitor.assess.evaluate import Added, Again
    from monitor.assess.render import Written
    from monitor.reports import Front

#: Colours by a finding's status.
STATUS_STYLES: Final = {"evidenced": "bold red", "review": "magenta", "inconclusive": "yellow"}
#: Columns where standard output is no terminal.
_UNWRAPPED: Final = 1_000
#: Terminals with fewer columns than this get no columns.
_NARROW = 72
UNSEEN = ("not_observable", "not_exercised", "inconclusive")


def console() -> Console:
    """Standard output. A terminal wraps at its width, or at ``COLUMNS``; what is piped is not wrapped, so that it can
    be searched by line."""
    free = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, width=_UNWRAPPED if free else None)


def table(headings: Iterable[str]) -> Table:
    """A table whose cells are folded where they are wider than their column: nothing is cut."""
    return Table(*(Column(heading, overflow="fold") for heading in headings))


def show(headings: Iterable[str], rows: Iterable[Iterable[object]], longest: int = 300) -> None:
    """Print such a table, with at most ``longest`` characters of each cell."""
    grid = table(headings)
    for row in rows:
        grid.add_row(*(escape(printable(str(cell), longest)) for cell in row))
    console().print(grid)


def print_line(text: str, longest: int = 300, *, style: str = "") -> None:
    """Print inert text on one line, cut at ``longest`` characters."""
    line = escape(printable(text, longest))
    console().print(f"[{style}]{line}[/]" if style else line)


def warn_broken_off(bundle: Path, lang: str, *, as_json: bool = False) -> None:
    """Say first that a session did not run to its end; beside JSON lines on standard error."""
    if early := broken_off(Bundle.open(bundle).session(), lang):
        print(printable(" ".join(early)), file=sys.stderr if as_json else sys.stdout)


def show_findings(findings: list[Finding], lang: str, name: Naming) -> None:
    """By rule, strongest first: one heading per rule, then one line per finding. Two lines that would have every word
    in common name the pattern that matched."""
    out = console()
    ambiguous = same_but_for_the_pattern(findings)
    groups: dict[str, list[Finding]] = {}
    for f in ordered(findings):
        groups.setdefault(f.rule, []).append(f)
    words = (status_words(f, lang) for f in findings)
    widths = [max(cell_len(cell) for cell in column) for column in zip(*words, strict=True)]
    for rule, group in groups.items():
        out.print(f"[bold]{escape(printable(f'{rule} {title(group[0], lang)}', 120))}[/]")
        grid = Table.grid(padding=(0, 2, 0, 0), expand=out.is_terminal)
        for width in widths:
            grid.add_column(min_width=width)
        grid.add_column(overflow="fold", ratio=1)
        grid.add_column(min_width=8)
        for f in group:
            text = escape(printable(about(f, lang, name, pattern=f.fingerprint in ambiguous) or "–", 200))
            text += f" ×{f.count}" if f.count > 1 else ""
            cells = (*status_words(f, lang), text, f"[dim]{escape(f.fingerprint[:8])}[/]")
            if out.width < _NARROW:  # columns would leave some letters for each
                out.print(Padding(" · ".join(filter(None, cells)), (0, 0, 0, 2), expand=False))
            else:
                grid.add_row(*cells)
        if grid.rows:
            out.print(Padding(grid, (0, 0, 0, 2), expand=False))
    if any(f.count > 1 for f in findings):
        out.print(t("cli.times", lang))
    grades = {f.grade for f in findings if f.data_type}
    meanings = [
        pair(label("grade", grade, lang), label("grade", f"{grade}.long", lang).rstrip(".。"), lang)
        for grade in GRADES
        if grade in grades
    ]
    if meanings:
        out.print(parts(meanings, lang))


def title(f: Finding, lang: str) -> str:
    """The title of a finding's rule."""
    return f.title_zh if lang == "zh" else f.title


def status_words(f: Finding, lang: str) -> tuple[str, str, str]:
    """The words for status, level and grade; a prompt or a window was not read and has no grade."""
    grade = label("grade", f.grade, lang) if f.data_type and f.grade else ""
    return label("status", f.status, lang), label("level", f.level, lang), grade


def one_line(f: Finding, lang: str, name: Naming) -> str:
    """A finding in one line: rule, title, subject, library, recipient."""
    return " · ".join(filter(None, (f"{f.rule} {title(f, lang)}", about(f, lang, name))))


def show_written(written: Written, bundle: Path, lang: str, *, own: bool) -> None:
    """Where the results that were replaced are, and who attests the new ones. ``own``: the user gave the key."""
    if written.earlier:
        print(printable(t("cli.replaced", lang, path=bundle / written.earlier)))
    remember_key(written.key)
    print(t("cli.key.attested" if own else "cli.key.attested_once", lang, key=written.key))
    if not is_recorders(bundle, written.key):
        print(printable(t("cli.key.verified_by", lang, path=bundle, key=written.key)))


def show_added(added: Added, lang: str) -> None:
    """What is used besides the tables, and where it comes from."""
    if added.taken:
        what = listed((label("added", name.partition(".")[0], lang) for name in added.taken), lang)
        print(t("cli.added.taken", lang, what=what, key=added.key))
    for key, rules in (("cli.tables.own", added.own), ("cli.added.replaced", added.replaced)):
        if rules:
            print(printable(t(key, lang, rules=listed(rules, lang)), 2000))


def show_tables(again: Again, lang: str, name: Naming, *, current: bool) -> None:
    """Which tables were used, and what this version's tables change."""
    if not again.kept:
        print_line(t("cli.tables.none", lang))
    elif not again.changed:
        print_line(t("cli.tables.same", lang))
    else:
        groups = listed((label("table", group, lang) for group in again.changed), lang)
        print_line(t("cli.tables.current" if current else "cli.tables.kept", lang, groups=groups))
    show_added(again.added, lang)
    if not current or not again.changed:
        return
    counts = Counter(change.what.partition("_")[0] for change in again.changes)
    print_line(t("cli.changes", lang, **{what: counts[what] for what in ("new", "gone", "changed")}))
    for change in again.changes:
        f, old = change.finding, change.before
        subject = " · ".join(filter(None, (f.rule, about(f, lang, name))))
        versions = (old, f) if change.what == "changed" and old is not None else (f,)
        words = " → ".join(f"{' · '.join(status_words(one, lang))} ×{one.count}" for one in versions)
        print_line(f"  {label('change', change.what, lang)}  {subject}  {words}  {f.fingerprint[:8]}")


def show_front(front: Front, lang: str) -> None:
    """Page one: how it ended, the conclusion, the problems, and how much was not tested."""
    for line in front.early:
        print_line(line)
    print_line(front.conclusion, 500, style="bold")
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", min_width=2)
    grid.add_column(overflow="fold")
    for number, one in enumerate(front.problems, 1):
        claim = f"{label('level', one.level, lang)} · {label('status', one.status, lang)}"
        text = Text(claim, STATUS_STYLES.get(one.status, ""))
        grid.add_row(f"{number}", text.append(f"  {printable(one.what, 110)}", style="default"))
    console().print(grid)
    if front.more:
        print_line(t("cli.more_problems", lang, n=front.more))
    if front.open:
        print_line(t("cli.open", lang, n=front.open, rules=front.rules))


def show_assessment(assessment: Assessment, lang: str, name: Naming) -> None:
    """Findings, then what was not observed and why."""
    counts = Counter(f.status for f in assessment.findings)
    print_line(t("cli.findings", lang, n=len(assessment.findings), **{s: counts[s] for s in STATUSES}))
    if assessment.findings:
        show_findings(assessment.findings, lang, name)
        print_line(t("cli.explain", lang))
    rules = [line for line in assessment.coverage if line.line == "rule"]
    verdicts = Counter(map(of_line, rules))
    print_line(t("cli.coverage", lang, n=len(rules), **{one: verdicts[one] for one in Verdict}))
    for line in rules:
        if line.state in UNSEEN:
            state = f"{line.id} {label('coverage', line.state, lang)}"
            print_line("  " + pair(state, reason_text(line.reasons, lang), lang))
