"""Commands for pipelines: differences between two bundles, and accepted findings."""

from datetime import date
from pathlib import Path
from typing import Final

import typer

from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.analysis.explain.about import Naming, about, same_but_for_the_pattern
from monitor.assess import stored
from monitor.assess.baseline import Sorted, accepting, held_against, load_baseline, updated, written
from monitor.assess.compare import Change, difference, side
from monitor.base.errors import InputError, printable
from monitor.base.output import write_out
from monitor.cli._common import check_level, failing, print_json_lines, whole_bundle
from monitor.cli._show import print_line, status_words, title
from monitor.cli.bundles import names_in
from monitor.evidence.bundle import Bundle
from monitor.reports.markdown import cell, table
from monitor.text import label, t


def diff(
    a: Path,
    b: Path,
    *,
    as_json: bool = False,
    markdown: bool = False,
    fail_on: str = "",
    results_key: list[str] | None = None,
    lang: str = "",
) -> None:
    """Show what is new, gone or changed between two sessions. What only one of them tested is marked."""
    check_level(fail_on)
    before, after = (_assessment(path, lang, results_key) for path in (a, b))
    changes = difference(side(before), side(after))
    if as_json:
        print_json_lines(change._asdict() | {"rule": change.rule} for change in changes)
    else:
        name = names_in(b, lang)
        ambiguous = same_but_for_the_pattern(before.findings) | same_but_for_the_pattern(after.findings)
        rows = [change_row(change, lang, name, ambiguous) for change in changes]
        if markdown:
            headings = [t(f"cli.diff.{key}", lang) for key in ("what", "rule", "about", "state")]
            body = "\n".join(table(headings, rows)) if rows else t("cli.diff.none", lang)
            print("\n\n".join([*map(cell, _unlike(a, b, lang)), body]))
        else:
            _show(_unlike(a, b, lang), changes, rows, lang)
    if failing((change.finding for change in changes if change.worse), fail_on):
        raise typer.Exit(1)


def _unlike(a: Path, b: Path, lang: str) -> list[str]:
    """A line each where the two sessions are of different apps or scenarios: most differences then come from that."""
    one, other = (Bundle.open(path).session() for path in (a, b))
    lines = []
    if one.app.package != other.app.package:
        lines.append(t("cli.diff.apps", lang, a=one.app.package, b=other.app.package))
    if one.scenario != other.scenario:
        lines.append(t("cli.diff.scenarios", lang, a=one.scenario or "–", b=other.scenario or "–"))
    return [printable(line, 300) for line in lines]


def _assessment(path: Path, lang: str, keys: list[str] | None) -> Assessment:
    return stored.assessment(path, whole_bundle(path, lang, keys=keys).log)


def change_row(change: Change, lang: str, name: Naming, ambiguous: frozenset[str]) -> tuple[str, str, str, str]:
    """What changed and in which way, rule and title, subject, status."""
    f = change.finding
    status = _status(f, lang)
    if change.before and change.after:
        both = dict.fromkeys((_status(change.before, lang), status))  # one if it is something else that changed
        status = " · ".join([" → ".join(both), *_other_changes(change, lang)])
    ways = [t(f"change.{way}.{key}", lang) for way in ("more", "less") for key in getattr(change, way)]
    what = label("change", change.what, lang)
    subject = about(f, lang, name, pattern=f.fingerprint in ambiguous)
    return f"{what}: {', '.join(ways)}" if ways else what, f"{f.rule} {title(f, lang)}", subject, status


def _other_changes(change: Change, lang: str) -> list[str]:
    """What changed besides status, level and grade, with both values."""
    found = []
    if "earlier" in change.more + change.less:
        sides = [t(f"cli.diff.{key}", lang) for key in ("after_consent", "before_consent")]
        found.append(" → ".join(sides if "earlier" in change.more else reversed(sides)))
    if change.before and change.after and "count" in change.more + change.less:
        found.append(" → ".join(t("report.occurrences", lang, n=one.count) for one in (change.before, change.after)))
    return found


def _status(f: Finding, lang: str) -> str:
    return " · ".join(filter(None, status_words(f, lang)))


def _show(heads: list[str], changes: list[Change], rows: list[tuple[str, str, str, str]], lang: str) -> None:
    for line in heads:
        print_line(line, style="bold")
    if not changes:
        print_line(t("cli.diff.none", lang))
    untested = False
    for change, row in zip(changes, rows, strict=True):
        if change.what.endswith("_untested") and not untested:
            untested = True
            print_line(t("cli.diff.untested", lang))
        print_line("  ".join(row))


def init(
    bundle: Path,
    *,
    reason: str,
    author: str,
    until: str,
    output: Path = Path("baseline.yaml"),
    results_key: list[str] | None = None,
    lang: str = "",
) -> None:
    """Accept every finding with evidence in a bundle. Edit the reasons afterwards."""
    _check_last_day(until)
    if output.exists():
        raise InputError("the file exists already", where=str(output), hint="monitor baseline update keeps its entries")
    found = _assessment(bundle, lang, results_key).findings
    baseline = accepting(found, reason=reason, author=author, until=until, app=found[0].app if found else "")
    write_out(output, written(baseline).encode())
    print(t("cli.baseline.written", lang, n=len(baseline.accepted), path=output))


def update(
    bundle: Path,
    baseline: Path,
    *,
    reason: str,
    author: str,
    until: str,
    results_key: list[str] | None = None,
    lang: str = "",
) -> None:
    """Add new findings and remove obsolete entries. Other entries are unchanged."""
    _check_last_day(until)
    old = load_baseline(baseline)
    found = _assessment(bundle, lang, results_key).findings
    new = updated(old, found, accepting(found, reason=reason, author=author, until=until))
    write_out(baseline, written(new).encode())
    print(t("cli.baseline.written", lang, n=len(new.accepted), path=baseline))


def _check_last_day(until: str) -> None:
    """Refuse a last day that is past or none. Raises ``InputError``."""
    try:
        past = date.fromisoformat(until) < date.today()
    except ValueError:
        raise InputError(f"not a day: {until}", where="--until", hint="write YYYY-MM-DD") from None
    if past:
        raise InputError(f"already past: {until}", where="--until", hint="give today or a later day")


def accepted_reasons(held: Sorted, path: Path) -> dict[str, str]:
    """Fingerprint to reason, author and last day, of what a baseline accepts."""
    entries = {entry.fingerprint: entry for entry in load_baseline(path).accepted}
    accepted = [entries[finding.fingerprint] for finding in held.accepted]
    return {entry.fingerprint: f"{entry.reason} ({entry.author}, {entry.until})" for entry in accepted}


def apply_baseline(findings: list[Finding], path: Path, lang: str) -> Sorted:
    """Compare findings with a baseline as of today; prints what it accepts and what has expired."""
    result = held_against(findings, load_baseline(path), date.today())
    print(t("cli.baseline.held", lang, new=len(result.new), accepted=len(result.accepted)))
    for key, entries in (("expired", result.expired), ("worse", result.worse)):
        for entry in entries:
            what = printable(f"{entry.fingerprint} {entry.rule} {entry.what}", 200)
            grade = label("grade", entry.grade, lang)
            print(t(f"cli.baseline.{key}", lang, what=what, until=entry.until, grade=grade))
    if result.unused:
        print(t("cli.baseline.unused", lang, n=len(result.unused)))
    return result


COMMANDS: Final = {"diff": diff, "baseline": {"init": init, "update": update}}
