"""Commands for pipelines: differences between two bundles, and accepted findings."""

from datetime import date
from pathlib import Path
from typing import Final

import typer

from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.analysis.explain.about import Naming, same_but_for_the_pattern
from monitor.assess import baseline as baselines
from monitor.assess import compare, stored
from monitor.base.errors import InputError, printable
from monitor.base.output import write_out
from monitor.cli._common import Words, check_level, day_of, failing, print_json_lines, whole_bundle
from monitor.cli._show import about, joined, print_line, status_words, title
from monitor.cli._words import columns, label, t
from monitor.cli.bundles import names_in
from monitor.evidence.bundle import Bundle
from monitor.reports.markdown import cell, table


def diff(
    a: Path, b: Path, *, as_json: bool = False, markdown: bool = False, fail_on: str = "", results_key: Words = None
) -> None:
    """Show what is new, gone or changed between two sessions. What only one of them tested is marked."""
    check_level(fail_on)
    before, after = _assessment(a, results_key), _assessment(b, results_key)
    changes = compare.difference(compare.side(before), compare.side(after))
    if as_json:
        print_json_lines(change._asdict() | {"rule": change.rule} for change in changes)
    else:
        name = names_in(b)
        ambiguous = same_but_for_the_pattern(before.findings) | same_but_for_the_pattern(after.findings)
        rows = [change_row(change, name, ambiguous) for change in changes]
        heads = _unlike(a, b)
        if markdown:
            body = table(columns("cli.diff", "what rule about state"), rows) if rows else [t("cli.diff.none")]
            print("\n\n".join([*map(cell, heads), "\n".join(body)]))
        else:
            _show(heads, changes, rows)
    if failing((change.finding for change in changes if change.worse), fail_on):
        raise typer.Exit(1)


def _unlike(a: Path, b: Path) -> list[str]:
    """A line each where the two sessions are of different apps or scenarios: most differences then come from that."""
    one, other = (Bundle.open(path).session() for path in (a, b))
    lines = []
    if one.app.package != other.app.package:
        lines.append(t("cli.diff.apps", a=one.app.package, b=other.app.package))
    if one.scenario != other.scenario:
        lines.append(t("cli.diff.scenarios", a=one.scenario or "–", b=other.scenario or "–"))
    return [printable(line, 300) for line in lines]


def _assessment(path: Path, keys: Words) -> Assessment:
    return stored.assessment(path, whole_bundle(path, keys=keys).log)


def change_row(change: compare.Change, name: Naming, ambiguous: frozenset[str]) -> tuple[str, str, str, str]:
    """What changed and in which way, rule and title, subject, status."""
    f = change.finding
    status = joined(*status_words(f))
    if change.before and change.after:
        changed = {*change.more, *change.less}
        both = dict.fromkeys((joined(*status_words(change.before)), status))  # one if something else has changed
        pairs = [tuple(both)]
        if "earlier" in changed:
            sides = t("cli.diff.after_consent"), t("cli.diff.before_consent")
            pairs.append(sides if "earlier" in change.more else sides[::-1])
        if "count" in changed:
            pairs.append(tuple(t("report.occurrences", n=one.count) for one in (change.before, change.after)))
        status = joined(*map(" → ".join, pairs))
    ways = [t(f"change.{way}.{key}") for way in ("more", "less") for key in getattr(change, way)]
    what = label("change", change.what)
    subject = about(f, name, pattern=f.fingerprint in ambiguous)
    return f"{what}: {', '.join(ways)}" if ways else what, f"{f.rule} {title(f)}", subject, status


def _show(heads: list[str], changes: list[compare.Change], rows: list[tuple[str, str, str, str]]) -> None:
    for line in heads:
        print_line(line, style="bold")
    if not changes:
        print_line(t("cli.diff.none"))
    untested = False
    for change, row in zip(changes, rows, strict=True):
        if change.what.endswith("_untested") and not untested:
            untested = True
            print_line(t("cli.diff.untested"))
        print_line("  ".join(row))


def init(
    bundle: Path,
    *,
    reason: str,
    author: str,
    until: str,
    output: Path = Path("baseline.yaml"),
    results_key: Words = None,
) -> None:
    """Accept every finding with evidence in a bundle. Edit the reasons afterwards."""
    _check_last_day(until)
    if output.exists():
        raise InputError("the file exists already", where=str(output), hint="monitor baseline update keeps its entries")
    found = _assessment(bundle, results_key).findings
    app = found[0].app if found else ""
    _write(baselines.accepting(found, reason=reason, author=author, until=until, app=app), output)


def update(bundle: Path, baseline: Path, *, reason: str, author: str, until: str, results_key: Words = None) -> None:
    """Add new findings and remove obsolete entries. Other entries are unchanged."""
    _check_last_day(until)
    old = baselines.load_baseline(baseline)
    found = _assessment(bundle, results_key).findings
    new = baselines.accepting(found, reason=reason, author=author, until=until)
    _write(baselines.updated(old, found, new), baseline)


def _write(baseline: baselines.Baseline, output: Path) -> None:
    write_out(output, baselines.written(baseline).encode())
    print(t("cli.baseline.written", n=len(baseline.accepted), path=output))


def _check_last_day(until: str) -> None:
    """Refuse a last day that is past or none. Raises ``InputError``."""
    if day_of(until or "–", "--until") < date.today():
        raise InputError(f"already past: {until}", where="--until", hint="give today or a later day")


def apply_baseline(findings: list[Finding], path: Path) -> tuple[list[Finding], dict[str, str]]:
    """Findings that a baseline does not accept as of today; of those that it does, by fingerprint, reason, author and
    last day. Prints what it accepts and what has expired."""
    baseline = baselines.load_baseline(path)
    result = baselines.held_against(findings, baseline, date.today())
    print(t("cli.baseline.held", new=len(result.new), accepted=len(result.accepted)))
    for key, entries in (("expired", result.expired), ("worse", result.worse), ("misnamed", result.misnamed)):
        for entry in entries:
            what = printable(f"{entry.fingerprint} {entry.rule} {entry.what}", 200)
            print(t(f"cli.baseline.{key}", what=what, until=entry.until, grade=label("grade", entry.grade)))
    if result.unused:
        print(t("cli.baseline.unused", n=len(result.unused)))
    held = {finding.fingerprint for finding in result.accepted}
    accepted = (entry for entry in baseline.accepted if entry.fingerprint in held)
    return result.new, {one.fingerprint: f"{one.reason} ({one.author}, {one.until})" for one in accepted}


COMMANDS: Final = {"diff": diff, "baseline": {"init": init, "update": update}}
