"""Reading a recorded bundle: analyse, findings, events, coverage, report, consent.

What only some of them need is loaded by them: what was found is shown without the rules.
"""

import sys
from collections import Counter
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from monitor.analysis.coverage.verdict import Verdict, of_line
from monitor.analysis.explain.about import Naming
from monitor.assess import labels, stored
from monitor.assess.opened import Opened
from monitor.base.errors import InputError, nearest, printable, reading
from monitor.base.output import inert_json, write_out
from monitor.base.paths import package_data
from monitor.cli import _common, _show
from monitor.cli._common import File, Files, Words, print_json_lines, remember_key, results_line, whole_bundle
from monitor.cli._words import columns, current_lang, label, listed, pair, parts, t
from monitor.events import KINDS, Event, Tap, encode
from monitor.evidence.bundle import Bundle
from monitor.evidence.verify import CheckedLog
from monitor.session import laboratory
from monitor.text.reasons import Coverage, line_words

#: Kinds of events that are not the app's: shown if they are asked for.
_INTERNAL: Final = frozenset("stack hook_state capability socket known_values late_match recovery health".split())
#: Report formats, as ``monitor.reports.formats`` finds them; their modules are loaded when one is written.
FORMATS: Final = sorted(file.stem for file in package_data("reports").glob("[!_]*.py"))
#: Report formats that show deviations, and therefore damage to the underlying evidence.
_STATING_DAMAGE: Final = ("docx", "html", "json")
#: Report formats that can be set in a document of the user's own.
_TEMPLATED: Final = ("docx", "extraction")
#: Report formats with places for what a laboratory states.
_FILLED_IN: Final = ("docx", "pdf", "extraction")


def analyse(
    bundle: Path,
    *,
    pack: Words = None,
    profile: str = "",
    declaration: File = None,
    recipients: Files = None,
    rules: Files = None,
    recorded: bool = False,
    current: bool = False,
    words: File = None,
    key: File = None,
    results_key: Words = None,
    without: bool = False,
    force: bool = False,
) -> None:
    """Re-run the rules on a recorded bundle.

    Rewrites findings, coverage and report.
    By default this version's rules and tables are used; what those kept in the bundle find otherwise is shown.
    """
    from monitor.assess.evaluate import reanalyse

    if recorded and current:
        raise InputError("--recorded-tables and --current exclude each other", where="analyse")
    checked = whole_bundle(bundle, force, results=False)
    again = reanalyse(
        bundle, tuple(pack or ()), profile, current_lang(), key=key, recorded=recorded, damage=checked.damage,
        results_keys=_common.trusted_keys(results_key), on_added=_show.show_added, declaration=declaration,
        lists=tuple(recipients or ()), words=words, rules=tuple(rules or ()), additions=not without, log=checked.log,
    )  # fmt: skip
    remember_key(again.written.key)  # first: whoever reads what is printed may stop
    name = names_in(bundle)
    _show.warn_broken_off(bundle)
    _show.show_assessment(again.assessment, name)
    _show.show_tables(again, name, recorded=recorded)
    _show.warn_tables(bundle)
    if declaration:
        print(printable(t("cli.declared", path=declaration), 300))
    _show.show_written(again.written, bundle, own=key is not None)
    print(t("cli.report", path=bundle / "report.html"))


def names_in(bundle: Path, log: CheckedLog | None = None) -> Naming:
    """Names of SDKs and organisations from the tables that a bundle's findings were made with."""
    with Opened.of_results(bundle, log) as opened:
        return _show.names_of(opened)


def findings(bundle: Path, *, as_json: bool = False, results_key: Words = None, force: bool = False) -> None:
    """Show the findings of a bundle."""
    checked = whole_bundle(bundle, force, keys=results_key)
    _show.warn_broken_off(bundle, as_json=as_json)
    if not checked.damage:
        _show.warn_tables(bundle, checked.log, as_json=as_json)
    found = stored.findings(bundle, checked.log)
    if as_json:
        print_json_lines(found, checked)
        return
    if found:
        _show.show_findings(found, names_in(bundle, checked.log))
    else:
        print(t("report.no_findings"))
    print(results_line(checked.results))


def events(
    bundle: Path, *, kind: Words = None, everything: bool = False, as_json: bool = False, force: bool = False
) -> None:
    """Show the events of a bundle as recorded.

    With what is inferred from them: SDK, organisation, party.
    """
    for name in kind or ():
        if name not in KINDS:
            raise InputError(f"no such kind: {printable(name, 40)}", hint=f"kinds: {', '.join(sorted(KINDS))}")
    usual = [name for name in KINDS if everything or name not in _INTERNAL]
    wanted = tuple(KINDS[name] for name in kind or usual)
    out = sys.stdout.buffer
    with Opened(bundle, additions=False, log=whole_bundle(bundle, force, anyones=True).log) as opened:
        for event in opened.events():
            if isinstance(event, wanted):
                out.write((inert_json(encode(event)) if as_json else _as_line(event)) + b"\n")
    out.flush()


def _as_line(event: Event) -> bytes:
    shown = {k: v for k, v in msgspec.to_builtins(event).items() if v not in ("", 0, [], {})}
    rest = (f"{k}={v}" for k, v in shown.items() if k not in ("seq", "t", "kind", "app"))
    return printable(" ".join((f"{event.seq} {event.t} {shown['kind']}", *rest)), 400).encode()


def coverage(
    bundle: Path, *, hooks: bool = False, as_json: bool = False, results_key: Words = None, force: bool = False
) -> None:
    """Show what was tested, and what was not and why.

    One line per rule, with the reason where the absence of a finding means nothing; the hooks as numbers.
    """
    checked = whole_bundle(bundle, force, keys=results_key)
    _show.warn_broken_off(bundle, as_json=as_json)
    if not checked.damage:
        _show.warn_tables(bundle, checked.log, as_json=as_json)
    lines = stored.coverage(bundle, checked.log)
    if as_json:
        print_json_lines(lines, checked)
        return
    left_out = ("consent",) if hooks else ("consent", "hook")
    rows = [
        (label("line", one.line), "" if one.line == "note" else one.id, _state(one), _why(one))
        for one in lines
        if one.line not in left_out
    ]
    _show.show(columns("cli.column", "what id state why"), rows, 600)
    states = Counter(_state(one) for one in lines if one.line == "hook")
    if states and not hooks:
        print(t("cli.hooks", n=states.total(), states=listed(starmap(pair, states.most_common()))))
    print(results_line(checked.results))


def _state(line: Coverage) -> str:
    """Of a rule or an item of the guideline one of the five words; of a hook its own word, as a call is no finding; a
    note has none."""
    if line.line in ("rule", "item"):
        return label("verdict", of_line(line))
    return label("hook_coverage", line.state) if line.line in ("hook", "reference") else ""


def _why(line: Coverage) -> str:
    """Why nothing follows from silence; for an item of the guideline, which of its rules have no result. Of a silent
    rule what its silence rests on, and what it says nothing about."""
    why = line_words(line, current_lang())
    if line.line == "note" or (line.line == "rule" and line.state == Verdict.SILENT):
        return why
    if line.state not in _show.UNSEEN:
        return ""
    untested = []
    if line.line == "item":
        states = {one: [rule for rule, state in line.detail.items() if state == one] for one in _show.UNSEEN}
        untested = [pair(label("coverage", one), listed(rules)) for one, rules in states.items() if rules]
    return parts([*untested, why])


def report(
    bundle: Path,
    *,
    format: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What to write.")] = "html",
    output: File = None,
    screenshots: bool = True,
    fields: bool = True,
    template: File = None,
    record: Words = None,
    annex: bool = True,
    results_key: Words = None,
    force: bool = False,
) -> None:
    """Write a report on a bundle."""
    from monitor.assess.render import render_bundle

    if format not in FORMATS:
        raise InputError(f"no such format: {printable(format, 40)}", hint=nearest(format, FORMATS))
    checked = whole_bundle(bundle, force, keys=results_key)
    damaged = f"{format} cannot state that the evidence is damaged"
    for used, able, refusal, hint in (
        (checked.damage, _STATING_DAMAGE, damaged, "with --force use one of"),
        (template, _TEMPLATED, f"{format} has no template", "formats with one"),
        (record, _FILLED_IN, f"{format} states no numbers and names", "formats that do"),
    ):
        if used and format not in able:
            raise InputError(refusal, hint=f"{hint}: {', '.join(able)}")
    with reading(template):
        form = template.read_bytes() if template else b""
    data = render_bundle(
        format, bundle, current_lang(), screenshots=screenshots, fields=fields, damage=checked.damage, template=form,
        results=checked.results, annex=annex, stated=record or (), log=checked.log,
    )  # fmt: skip
    if output == Path("-"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = output or Path(f"report.{format}")
    write_out(target, data)
    print(t("cli.report", path=target))
    if format in _FILLED_IN:
        session = Bundle.open(bundle).session()
        places = laboratory.EXTRACTION if format == "extraction" else laboratory.REPORT
        complete = laboratory.stated(session.record, record or []).record
        if blank := laboratory.missing(complete, places, session.operator, session.app.label):
            print(t("inspection.blanks", names=listed(f"{name} ({t(f'stated.{name}')})" for name in blank)))
    print(results_line(checked.results))


def list_dialogs(bundle: Path, *, as_json: bool = False, results_key: Words = None, force: bool = False) -> None:
    """List the answered dialogs that could not be read. With what would settle each, and the labels given."""
    checked = whole_bundle(bundle, force, keys=results_key)
    lines = stored.coverage(bundle, checked.log)
    dialogs = [{"kind": "unread", **line.detail} for line in lines if line.id == "unread_dialog"]
    given = [{"kind": "label", **msgspec.to_builtins(one)} for one in Opened(bundle).labels]
    if as_json:
        print_json_lines([*dialogs, *given], checked)
        return
    if not dialogs and not given:
        print(t("cli.consent.none"))
    if dialogs:
        rows = ((one["tap"], one["at"], one["says"], one["control"]) for one in dialogs)
        _show.show(columns("cli.consent.column", "tap at window control"), rows, 120)
        print(t("cli.consent.settle"))
    for one in dialogs:
        print(f"  {printable(one['settle'], 300)}")
        command = f"monitor consent label {bundle} {one['tap']} --scope {printable(one.get('scope', 'policy'), 60)}"
        for decision in ("accept", "none"):
            print(f"  {command} --decision {decision} --by NAME")
    for one in given:
        print(printable(t("cli.consent.labelled", **{k: str(v) for k, v in one.items()}), 300))


def label_dialog(
    bundle: Path,
    tap: int,
    *,
    decision: Annotated[str, typer.Option("--decision", help=f"What it decided: {', '.join(labels.DECISIONS)}.")],
    by: str,
    scope: str = "policy",
    key: File = None,
    results_key: Words = None,
) -> None:
    """State what a dialog decided. Recorded with name and time, and attested; the rules are then re-run."""
    from monitor.assess.evaluate import reanalyse

    log = whole_bundle(bundle, keys=results_key).log
    made = labels.entry(tap, scope, decision, by, datetime.now(UTC).isoformat(timespec="seconds"))
    with Opened.of_results(bundle, log) as opened:
        recorded = not opened.current
        if not any(isinstance(event, Tap) and event.seq == tap for event in opened.events()):
            raise InputError(f"no tap has this number: {tap}", where=str(bundle), hint="monitor consent list BUNDLE")
    again = reanalyse(
        bundle, lang=current_lang(), key=key, labels=(made,), results_keys=_common.trusted_keys(results_key), log=log,
        on_added=_show.show_added, recorded=recorded,
    )  # fmt: skip
    remember_key(again.written.key)
    _show.show_assessment(again.assessment, names_in(bundle))
    _show.show_written(again.written, bundle, own=key is not None)


COMMANDS: Final = {
    "analyse": analyse,
    "findings": findings,
    "events": events,
    "coverage": coverage,
    "report": report,
    "consent": {"list": list_dialogs, "label": label_dialog},
}
