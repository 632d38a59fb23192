"""Commands for pipelines: differences between two bundles, and accepted findings."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from monitor.analysis.correlate.findings import Assessment, Finding, at_least
from monitor.analysis.explain.about import Naming, about, same_but_for_the_pattern
from monitor.assess import stored
from monitor.assess.baseline import Sorted, accepting, held_against, load_baseline, updated, written
from monitor.assess.compare import Change, difference, side
from monitor.base.errors import InputError, printable
from monitor.base.output import write_out
from monitor.cli._common import (
    AsJson,
    BundlePath,
    Lang,
    ResultsKey,
    level,
    print_json_lines,
    whole_bundle,
)
from monitor.cli._tables import console
from monitor.cli.bundles import named
from monitor.evidence.bundle import Bundle
from monitor.text import label, t


def diff(
    a: Annotated[Path, typer.Argument(metavar="A", help="Bundle of the earlier session, version or twin.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Bundle of the later one.")],
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="A Markdown table for a merge request.")] = False,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on", help="Exit 1 if a new or more severe finding with evidence is at or above this level."
        ),
    ] = "",
    results_key: ResultsKey = None,
    lang: Lang = "",
) -> None:
    """Show what is new, gone or changed between two sessions. What only one of them tested is marked."""
    floor = level(fail_on) if fail_on else ""
    before, after = (_assessed(path, lang, results_key) for path in (a, b))
    changes = difference(side(before), side(after))
    if as_json:
        print_json_lines(change._asdict() | {"rule": change.rule} for change in changes)
    else:
        name = named(b, lang)
        apart = same_but_for_the_pattern(before.findings) | same_but_for_the_pattern(after.findings)
        heads = _apps(a, b, lang)
        rows = [change_row(change, lang, name, apart) for change in changes]
        if markdown:
            print("\n\n".join([*map(cell, heads), _markdown(rows, lang)]))
        else:
            _show(heads, changes, rows, lang)
    worse = (change.finding for change in changes if change.worse)
    if floor and any(f.status == "evidenced" and at_least(f.level, floor) for f in worse):
        raise typer.Exit(1)


def _apps(a: Path, b: Path, lang: str) -> list[str]:
    """A line that says so where the two sessions are of different apps or scenarios: most differences then come from
    that."""
    one, other = (Bundle.open(path).session() for path in (a, b))
    lines = []
    if one.app.package != other.app.package:
        lines.append(t("cli.diff.apps", lang, a=one.app.package, b=other.app.package))
    if one.scenario != other.scenario:
        lines.append(t("cli.diff.scenarios", lang, a=one.scenario or "–", b=other.scenario or "–"))
    return [printable(line, 300) for line in lines]


def _assessed(path: Path, lang: str, keys: list[str] | None) -> Assessment:
    return stored.assessment(path, whole_bundle(path, lang, keys=keys).log)


def change_row(change: Change, lang: str, name: Naming, apart: frozenset[str]) -> tuple[str, str, str, str]:
    """What and in which way, rule and title, about, statement."""
    f = change.finding
    title = f.title_zh if lang == "zh" else f.title
    stated = _stated(f, lang)
    if change.before and change.after:
        both = dict.fromkeys((_stated(change.before, lang), stated))  # one if it is something else that changed
        stated = " · ".join([" → ".join(both), *_moved(change, lang)])
    ways = [t(f"change.more.{name}", lang) for name in change.more]
    ways += [t(f"change.less.{name}", lang) for name in change.less]
    what = label("change", change.what, lang)
    stands = about(f, lang, name, pattern=f.fingerprint in apart)
    return f"{what}: {', '.join(ways)}" if ways else what, f"{f.rule} {title}", stands, stated


def _moved(change: Change, lang: str) -> list[str]:
    """What changed besides status, level and grade, with both values."""
    found = []
    if "earlier" in change.more + change.less:
        sides = [t(f"cli.diff.{key}", lang) for key in ("after_consent", "before_consent")]
        found.append(" → ".join(sides if "earlier" in change.more else reversed(sides)))
    if change.before and change.after and "count" in change.more + change.less:
        found.append(" → ".join(t("report.occurrences", lang, n=one.count) for one in (change.before, change.after)))
    return found


def _stated(f: Finding, lang: str) -> str:
    parts = [label("status", f.status, lang), label("level", f.level, lang)]
    return " · ".join([*parts, label("grade", f.grade, lang)] if f.data_type else parts)


def _show(heads: list[str], changes: list[Change], rows: list[tuple[str, str, str, str]], lang: str) -> None:
    out = console()
    for line in heads:
        out.print(f"[bold]{escape(line)}[/bold]")
    if not changes:
        out.print(t("cli.diff.none", lang))
    untested = False
    for change, row in zip(changes, rows, strict=True):
        if change.what.endswith("_untested") and not untested:
            untested = True
            out.print(t("cli.diff.untested", lang))
        out.print(escape(printable("  ".join(row), 300)))


def _markdown(rows: list[tuple[str, str, str, str]], lang: str) -> str:
    if not rows:
        return t("cli.diff.none", lang)
    heads = [t(f"cli.diff.{key}", lang) for key in ("what", "rule", "about", "state")]
    lines = [heads, ["---"] * 4, *([cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(text: str) -> str:
    """Text escaped so that it cannot leave its cell or become markup."""
    safe = printable(text, 300)
    return "".join(f"\\{c}" if c in "\\|*_`[]<>&#!" else c for c in safe)


def init(
    bundle: BundlePath,
    reason: Annotated[str, typer.Option("--reason", help="Why the findings are accepted.")],
    author: Annotated[str, typer.Option("--author", help="Who accepts them.")],
    until: Annotated[str, typer.Option("--until", help="Last day on which they are accepted (YYYY-MM-DD).")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write.")] = Path("baseline.yaml"),
    results_key: ResultsKey = None,
    lang: Lang = "",
) -> None:
    """Accept every finding with evidence in a bundle. Edit the reasons afterwards."""
    _require_to_come(until)
    if output.exists():
        raise InputError("the file exists already", where=str(output), hint="monitor baseline update keeps its entries")
    found = _assessed(bundle, lang, results_key).findings
    made = accepting(found, reason=reason, author=author, until=until, app=found[0].app if found else "")
    write_out(output, written(made).encode())
    print(t("cli.baseline.written", lang, n=len(made.accepted), path=output))


def update(
    bundle: BundlePath,
    baseline: Annotated[Path, typer.Argument(metavar="FILE", help="The baseline.")],
    reason: Annotated[str, typer.Option("--reason", help="Why new findings are accepted.")],
    author: Annotated[str, typer.Option("--author", help="Who accepts them.")],
    until: Annotated[str, typer.Option("--until", help="Last day on which they are accepted (YYYY-MM-DD).")],
    results_key: ResultsKey = None,
    lang: Lang = "",
) -> None:
    """Add new findings and remove obsolete entries. Other entries are unchanged."""
    _require_to_come(until)
    old = load_baseline(baseline)
    found = _assessed(bundle, lang, results_key).findings
    made = updated(old, found, accepting(found, reason=reason, author=author, until=until))
    write_out(baseline, written(made).encode())
    print(t("cli.baseline.written", lang, n=len(made.accepted), path=baseline))


def _require_to_come(until: str) -> None:
    """Refuse a last day that is past or none. Raises ``InputError``."""
    try:
        past = date.fromisoformat(until) < date.today()
    except ValueError:
        raise InputError(f"not a day: {until}", where="--until", hint="write YYYY-MM-DD") from None
    if past:
        raise InputError(f"already past: {until}", where="--until", hint="give today or a later day")


def reasons(held: Sorted, path: Path) -> dict[str, str]:
    """Fingerprint to reason, author and last day, of what a baseline accepts."""
    entries = {entry.fingerprint: entry for entry in load_baseline(path).accepted}
    accepted = [entries[finding.fingerprint] for finding in held.accepted]
    return {entry.fingerprint: f"{entry.reason} ({entry.author}, {entry.until})" for entry in accepted}


def sorted_out(findings: list[Finding], path: Path, lang: str) -> Sorted:
    """Compare findings with a baseline as of today; prints what it accepts and what has expired."""
    result = held_against(findings, load_baseline(path), date.today())
    print(t("cli.baseline.held", lang, new=len(result.new), accepted=len(result.accepted)))
    for entry in result.expired:
        what = printable(f"{entry.fingerprint} {entry.rule} {entry.what}", 200)
        print(t("cli.baseline.expired", lang, what=what, until=entry.until))
    for entry in result.worse:
        what = printable(f"{entry.fingerprint} {entry.rule} {entry.what}", 200)
        print(t("cli.baseline.worse", lang, what=what, grade=label("grade", entry.grade, lang)))
    if result.unused:
        print(t("cli.baseline.unused", lang, n=len(result.unused)))
    return result


COMMANDS: Final = {"diff": diff, "baseline": {"init": init, "update": update}}
