"""Tables, findings and coverage on standard output."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from monitor.analysis.correlate.findings import GRADES, STATUSES, Finding, ordered
from monitor.analysis.coverage.verdict import Verdict, of_line
from monitor.analysis.explain import about as wording
from monitor.assess import released
from monitor.assess.opened import Opened
from monitor.base.errors import printable
from monitor.cli._common import print_json_lines, remember_key
from monitor.cli._words import current_lang, label, listed, pair, parts, t
from monitor.evidence.attested import is_recorders
from monitor.evidence.bundle import Bundle
from monitor.evidence.verify import CheckedLog
from monitor.text.reasons import said as reason_text

if TYPE_CHECKING:  # showing findings needs no rules
    from monitor.analysis.correlate.findings import Assessment
    from monitor.assess.evaluate import Added, Again
    from monitor.assess.render import Written
    from monitor.reports import Front

Row = dict[str, Any]
#: Colours by a finding's status.
STATUS_STYLES: Final = {"evidenced": "bold red", "review": "magenta", "inconclusive": "yellow"}
#: Columns where standard output is no terminal.
_UNWRAPPED: Final = 1_000
#: Terminals with fewer columns than this get no columns.
_NARROW: Final = 72
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


def list_rows(
    rows: Iterable[Row], as_json: bool, headings: Iterable[str], cells: Callable[[Row], Iterable[object]]
) -> None:
    """Print rows as JSON lines, or as a table of the cells that are shown of each."""
    if as_json:
        print_json_lines(rows)
    else:
        show(headings, map(cells, rows), 2000)


def print_line(text: str, longest: int = 300, *, style: str = "") -> None:
    """Print inert text on one line, cut at ``longest`` characters."""
    line = escape(printable(text, longest))
    console().print(f"[{style}]{line}[/]" if style else line)


def warn_broken_off(bundle: Path, *, as_json: bool = False) -> None:
    """Say first that a session did not run to its end; beside JSON lines on standard error."""
    if early := wording.broken_off(Bundle.open(bundle).session(), current_lang()):
        print(printable(" ".join(early)), file=sys.stderr if as_json else sys.stdout)


def warn_tables(bundle: Path, log: CheckedLog | None = None, *, as_json: bool = False) -> None:
    """Say which rules are not built in, and which tables are not a release's; beside JSON lines on standard error."""
    with contextlib.closing(Opened.of_results(bundle, log)) as opened:
        for name, line in released.notices(opened, current_lang()).items():
            if name != "given":
                print(printable(line, 4000), file=sys.stderr if as_json else sys.stdout)


def joined(*words: str) -> str:
    """Those of these words that there are, in one line."""
    return " · ".join(filter(None, words))


def show_findings(findings: list[Finding], name: wording.Naming) -> None:
    """By rule, strongest first: one heading per rule, then one line per finding. Two lines that would have every word
    in common name the pattern that matched."""
    out = console()
    ambiguous = wording.same_but_for_the_pattern(findings)
    groups: dict[str, list[tuple[str, ...]]] = {}
    for f in ordered(findings):
        subject = escape(printable(about(f, name, pattern=f.fingerprint in ambiguous) or "–", 200))
        subject += f" ×{f.count}" if f.count > 1 else ""
        heading = f"[bold]{escape(printable(f'{f.rule} {title(f)}', 120))}[/]"
        cells = (*status_words(f), subject, f"[dim]{escape(f.fingerprint[:8])}[/]")
        groups.setdefault(heading, []).append(cells)
    widths = [max(map(cell_len, column)) for column in zip(*map(status_words, findings), strict=True)]
    for heading, rows in groups.items():
        out.print(heading)
        # In few columns, cells beside each other would have some letters each.
        shown = "\n".join(joined(*row) for row in rows) if out.width < _NARROW else _grid(rows, widths, out.is_terminal)
        out.print(Padding(shown, (0, 0, 0, 2), expand=False))
    if any(f.count > 1 for f in findings):
        out.print(t("cli.times"))
    if grades := {f.grade for f in findings if f.data_type} & {*GRADES}:
        known = sorted(grades, key=GRADES.index)
        out.print(parts(pair(label("grade", one), label("grade", f"{one}.long").rstrip(".。")) for one in known))


def _grid(rows: Iterable[tuple[str, ...]], widths: Iterable[int], expand: bool) -> Table:
    """Findings below each other, in columns as wide as in every other group."""
    grid = Table.grid(padding=(0, 2, 0, 0), expand=expand)
    for width in widths:
        grid.add_column(min_width=width)
    grid.add_column(overflow="fold", ratio=1)
    grid.add_column(min_width=8)
    for row in rows:
        grid.add_row(*row)
    return grid


def names_of(opened: Opened, named_only: Collection[str] = ()) -> wording.Naming:
    """Names of SDKs and organisations by the tables that a bundle is read with."""
    return wording.naming(current_lang(), opened.sdks, opened.organisations, named_only)


def about(f: Finding, name: wording.Naming, *, pattern: bool = False) -> str:
    """What a finding is about: subject, library, recipient and, if it is to set it apart, the pattern."""
    return wording.about(f, current_lang(), name, pattern=pattern)


def title(f: Finding) -> str:
    """The title of a finding's rule."""
    return f.title_zh if current_lang() == "zh" else f.title


def status_words(f: Finding) -> tuple[str, str, str]:
    """The words for status, level and grade; a prompt or a window was not read and has no grade."""
    grade = label("grade", f.grade) if f.data_type and f.grade else ""
    return label("status", f.status), label("level", f.level), grade


def show_written(written: Written, bundle: Path, *, own: bool) -> None:
    """Where the results that were replaced are, and who attests the new ones. ``own``: the user gave the key."""
    if written.earlier:
        print(printable(t("cli.replaced", path=bundle / written.earlier)))
    remember_key(written.key)
    print(t("cli.key.attested" if own else "cli.key.attested_once", key=written.key))
    if not is_recorders(bundle, written.key):
        print(printable(t("cli.key.verified_by", path=bundle, key=written.key)))


def show_added(added: Added) -> None:
    """What is used besides the tables, and where it comes from."""
    if added.taken:
        what = listed(label("added", name.partition(".")[0]) for name in added.taken)
        print(t("cli.added.taken", what=what, key=added.key))
    for key, rules in (("cli.tables.own", added.own), ("cli.added.replaced", added.replaced)):
        if rules:
            print(printable(t(key, rules=listed(rules)), 2000))


def show_tables(again: Again, name: wording.Naming, *, recorded: bool) -> None:
    """Which tables were used, and what this version's tables change."""
    used = "none" if not again.kept else "same" if not again.changed else "kept" if recorded else "current"
    print_line(t(f"cli.tables.{used}", groups=listed(label("table", group) for group in again.changed)))
    show_added(again.added)
    if not again.changed:
        return
    counts = Counter(change.what.partition("_")[0] for change in again.changes)
    print_line(t("cli.changes", **{what: counts[what] for what in ("new", "gone", "changed")}))
    for change in again.changes:
        f, old = change.finding, change.before
        versions = (old, f) if change.what == "changed" and old is not None else (f,)
        words = " → ".join(f"{' · '.join(status_words(one))} ×{one.count}" for one in versions)
        subject = joined(f.rule, about(f, name))
        print_line(f"  {label('change', change.what)}  {subject}  {words}  {f.fingerprint[:8]}")


def show_front(front: Front) -> None:
    """Page one: how it ended, the conclusion, the problems, and how much was not tested."""
    for line in front.early:
        print_line(line)
    print_line(front.conclusion, 500, style="bold")
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", min_width=2)
    grid.add_column(overflow="fold")
    for number, one in enumerate(front.problems, 1):
        claim = Text(joined(label("level", one.level), label("status", one.status)), STATUS_STYLES.get(one.status, ""))
        grid.add_row(f"{number}", claim.append(f"  {printable(one.what, 110)}", style="default"))
    console().print(grid)
    if front.more:
        print_line(f"    {front.more}")
    if front.open:
        print_line(t("cli.open", n=front.open, rules=front.rules))


def show_assessment(assessment: Assessment, name: wording.Naming) -> None:
    """Findings, then what was not observed and why."""
    counts = Counter(f.status for f in assessment.findings)
    print_line(t("cli.findings", n=len(assessment.findings), **{s: counts[s] for s in STATUSES}))
    if assessment.findings:
        show_findings(assessment.findings, name)
        print_line(t("cli.explain"))
    rules = [line for line in assessment.coverage if line.line == "rule"]
    verdicts = Counter(map(of_line, rules))
    print_line(t("cli.coverage", n=len(rules), **{one: verdicts[one] for one in Verdict}))
    for line in rules:
        if line.state in UNSEEN:
            state = f"{line.id} {label('coverage', line.state)}"
            print_line(f"  {pair(state, reason_text(line.reasons, current_lang()))}")
