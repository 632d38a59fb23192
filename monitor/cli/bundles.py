"""Reading a recorded bundle: analyse, findings, events, coverage, report.

What only some of them need is loaded by them: what was found is shown without the rules.
"""

import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from monitor.analysis.coverage.verdict import Verdict, of_line
from monitor.analysis.explain.about import Naming, naming
from monitor.assess import stored
from monitor.assess.opened import Opened
from monitor.base.errors import InputError, nearest, printable, reading
from monitor.base.output import inert_json, write_out
from monitor.base.paths import package_data
from monitor.cli._common import (
    AsJson,
    BundlePath,
    Force,
    Lang,
    ResultsKey,
    default_lang,
    named_keys,
    print_json_lines,
    whole_bundle,
    whose,
)
from monitor.cli._show import (
    UNSEEN,
    show_added,
    show_assessment,
    show_findings,
    show_tables,
    show_written,
    warn_broken_off,
)
from monitor.cli._tables import console, show
from monitor.events import KINDS, Event, encode
from monitor.evidence.bundle import Bundle
from monitor.evidence.checked import CheckedLog
from monitor.text import label, listed, pair, parts, t
from monitor.text.reasons import Coverage, line_words

#: Kinds of events that are not the app's: shown if they are asked for.
_BEHIND = frozenset({"stack", "hook_state", "capability", "socket", "late_match", "recovery", "health"})
#: Report formats, as ``monitor.reports.formats`` finds them; their modules are loaded when one is written.
FORMATS = sorted(file.stem for file in package_data("reports").glob("[!_]*.py"))
#: Report formats that show deviations, and therefore damage to the underlying evidence.
STATED = ("docx", "html", "json")
#: Report formats that can be set in a document of the user's own.
TEMPLATED = ("docx", "extraction")
#: Report formats with places for what a laboratory states.
FILLED_IN = ("docx", "pdf", "extraction")


def analyse(
    bundle: BundlePath,
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", help="Clause pack: cn, gdpr, play or coppa; default: the recording's. May be repeated."),
    ] = None,
    profile: Annotated[
        str, typer.Option("--profile", help="Thresholds: guide, lab or store; default: the recording's.")
    ] = "",
    declaration: Annotated[
        Path | None, typer.Option("--declaration", help="Declaration to use instead of the recorded one.")
    ] = None,
    recipients: Annotated[
        list[Path] | None, typer.Option("--recipients", help="Your own list of hosts or trackers. May be repeated.")
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            "--rules", help="Your own rules: a file or a directory; kept for later analyses. May be repeated."
        ),
    ] = None,
    current: Annotated[
        bool, typer.Option("--current", help="Use this version's rules and tables; prints what they change.")
    ] = False,
    words: Annotated[
        Path | None,
        typer.Option("--consent-words", help="Additional words for reading dialogs (YAML); kept in the bundle."),
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Ed25519 private key (PEM) to attest with.")] = None,
    results_key: ResultsKey = None,
    without: Annotated[
        bool,
        typer.Option(
            "--without-additions", help="Take over no own rules, words or labels from the results that there are."
        ),
    ] = False,
    force: Force = False,
    lang: Lang = "",
) -> None:
    """Re-run the rules on a recorded bundle.

    Rewrites findings, coverage and report.
    By default the rules and tables kept in the bundle are used.
    """
    from monitor.assess.evaluate import reanalyse

    status = whole_bundle(bundle, lang, force, results=False)
    again = reanalyse(
        bundle, tuple(pack or ()), profile, declaration, lang, key=key,
        recipients=tuple(recipients or ()), current=current, damage=status.damage, log=status.log,
        words=words, rules=tuple(rules or ()), results_keys=named_keys(results_key), without=without,
        on_added=lambda added: show_added(added, lang),
    )  # fmt: skip
    name = named(bundle, lang)
    warn_broken_off(bundle, lang)
    show_assessment(again.assessment, lang, name)
    show_tables(again, lang, name, current=current)
    if declaration:
        print(printable(t("cli.declared", lang, path=declaration), 300))
    show_written(again.written, bundle, lang, own=key is not None)
    print(t("cli.report", lang, path=bundle / "report.html"))


def named(bundle: Path, lang: str, log: CheckedLog | None = None) -> Naming:
    """Names of SDKs and organisations from the tables that a bundle's findings were made with."""
    with Opened.of_results(bundle, log) as opened:
        return naming(lang, opened.sdks, opened.organisations)


def findings(
    bundle: BundlePath, as_json: AsJson = False, results_key: ResultsKey = None, force: Force = False, lang: Lang = ""
) -> None:
    """Show the findings of a bundle."""
    status = whole_bundle(bundle, lang, force, keys=results_key)
    warn_broken_off(bundle, lang, as_json=as_json)
    found = stored.findings(bundle, status.log)
    if as_json:
        print_json_lines(found, status)
        return
    if found:
        show_findings(console(), found, lang, named(bundle, lang, status.log))
    else:
        print(t("report.no_findings", lang))
    print(whose(status.results, lang))


def events(
    bundle: BundlePath,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only events of this kind. May be repeated.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also the monitor's own state (health) and stacks, which --kind names, too.")
    ] = False,
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """Show the events of a bundle as recorded.

    With what is inferred from them: SDK, organisation, party.
    """
    for name in kind or ():
        if name not in KINDS:
            raise InputError(f"no such kind: {printable(name, 40)}", hint=f"kinds: {', '.join(sorted(KINDS))}")
    usual = [name for name in KINDS if everything or name not in _BEHIND]
    wanted = tuple(KINDS[name] for name in kind or usual)
    out = sys.stdout.buffer
    log = whole_bundle(bundle, default_lang(), force, anyones=True).log
    with Opened(bundle, additions=False, log=log) as opened:
        for event in opened.events():
            if isinstance(event, wanted):
                out.write((inert_json(encode(event)) if as_json else _event_line(event)) + b"\n")
    out.flush()


def _event_line(event: Event) -> bytes:
    fields = msgspec.to_builtins(event)
    shown = {k: v for k, v in fields.items() if k not in ("seq", "t", "kind", "app") and v not in ("", 0, [], {})}
    rest = " ".join(f"{k}={v}" for k, v in shown.items())
    return printable(f"{event.seq} {event.t} {fields['kind']} {rest}", 400).encode()


def coverage(
    bundle: BundlePath, as_json: AsJson = False, results_key: ResultsKey = None, force: Force = False, lang: Lang = ""
) -> None:
    """Show what was tested, and what was not and why.

    One line per rule and per hook, with the reason where the absence of a finding means nothing.
    """
    status = whole_bundle(bundle, lang, force, keys=results_key)
    warn_broken_off(bundle, lang, as_json=as_json)
    lines = stored.coverage(bundle, status.log)
    if as_json:
        print_json_lines(lines, status)
        return
    rows = []
    for line in lines:
        if line.line == "consent":
            continue
        why = _why(line, lang) if line.state in UNSEEN else ""
        if line.line == "rule" and line.state == Verdict.SILENT:
            why = line_words(line, lang)  # what a rule's silence rests on, and what it says nothing about
        # A call is no finding.
        word = label("hook_coverage", line.state, lang) if line.line == "hook" else line.state
        if line.line in ("rule", "item"):  # in one of the five words; what a note says is its reason
            word = label("verdict", of_line(line), lang)
        rows.append((label("line", line.line, lang), line.id, word, why))
    show((t(f"cli.column.{name}", lang) for name in ("what", "id", "state", "why")), rows, 200)
    print(whose(status.results, lang))


def _why(line: Coverage, lang: str) -> str:
    """Why nothing follows from silence; for an item of the guideline, which of its rules have no result."""
    states: dict[str, list[str]] = {}
    for rule, state in line.detail.items() if line.line == "item" else ():
        states.setdefault(state, []).append(rule)
    open_ = [state for state in UNSEEN if state in states]
    without = [pair(label("coverage", state, lang), listed(states[state], lang), lang) for state in open_]
    return parts([*without, line_words(line, lang)], lang)


def report(
    bundle: BundlePath,
    format: Annotated[
        str,
        typer.Option("--format", metavar="|".join(FORMATS), help="What to write."),
    ] = "html",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="File to write, - for stdout; default: report.FORMAT."),
    ] = None,
    screenshots: Annotated[
        bool, typer.Option(help="Include screenshots of the app (html, docx, pdf) if the private part is present.")
    ] = True,
    fields: Annotated[
        bool,
        typer.Option(help="List all fields of request bodies by name (har) if the private part is present."),
    ] = True,
    template: Annotated[
        Path | None,
        typer.Option("--template", help="A Word file with fields like {{app}}, to set docx or extraction in."),
    ] = None,
    record: Annotated[
        list[str] | None,
        typer.Option(
            "--record",
            metavar="FILE|KEY=VALUE",
            help="Numbers and names for docx, pdf and extraction: report_no=…, client=…, operators=…, or a YAML file. "
            "May be repeated.",
        ),
    ] = None,
    annex: Annotated[
        bool, typer.Option(help="With every finding in detail (docx, pdf); without: the body of the report.")
    ] = True,
    results_key: ResultsKey = None,
    force: Force = False,
    lang: Lang = "",
) -> None:
    """Write a report on a bundle."""
    from monitor.assess.render import render_bundle
    from monitor.reports import formats
    from monitor.session.laboratory import EXTRACTION, REPORT, missing, stated

    if format not in formats():
        raise InputError(f"no such format: {printable(format, 40)}", hint=nearest(format, formats()))
    status = whole_bundle(bundle, lang, force, keys=results_key)
    if status.damage and format not in STATED:
        raise InputError(
            f"{format} cannot state that the evidence is damaged", hint=f"with --force use one of: {', '.join(STATED)}"
        )
    if template and format not in TEMPLATED:
        raise InputError(f"{format} has no template", hint=f"formats with one: {', '.join(TEMPLATED)}")
    if record and format not in FILLED_IN:
        raise InputError(f"{format} states no numbers and names", hint=f"formats that do: {', '.join(FILLED_IN)}")
    with reading(template):
        form = template.read_bytes() if template else b""
    data = render_bundle(
        format, bundle, lang, screenshots=screenshots, fields=fields, damage=status.damage, template=form,
        results=status.results, annex=annex, stated=record or (), log=status.log,
    )  # fmt: skip
    if output == Path("-"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = output or Path(f"report.{format}")
    write_out(target, data)
    print(t("cli.report", lang, path=target))
    if format in FILLED_IN:
        session = Bundle.open(bundle).session()
        names = EXTRACTION if format == "extraction" else REPORT
        filled = stated(session.record, record or ()).record
        if blank := missing(filled, names, session.operator, session.app.label):
            words = listed((f"{name} ({t(f'stated.{name}', lang)})" for name in blank), lang)
            print(t("inspection.blanks", lang, names=words))
    print(whose(status.results, lang))


COMMANDS: Final = {
    "analyse": analyse, "findings": findings, "events": events, "coverage": coverage, "report": report,
}  # fmt: skip
