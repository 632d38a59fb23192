"""``monitor run``: record a session, show it live, print what was found."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.analysis.correlate.findings import Finding, at_least
from monitor.analysis.wordlists import adding
from monitor.assess.baseline import load_baseline
from monitor.assess.render import write_reports
from monitor.cli._by_hand import keys
from monitor.cli._common import Lang, Packs, default_lang, fault_line, language, level, orderly_end, recording_parts
from monitor.cli._show import one_line, ordered, shell_word, show_front
from monitor.cli._terminal import Terminal
from monitor.cli.bundles import named
from monitor.cli.comparing import BaselineFile, reasons, sorted_out
from monitor.errors import EnvironmentFault, InputError, printable
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import check_authority
from monitor.installing import command
from monitor.live.state import Watch
from monitor.output import default_place, keep_out_of_git
from monitor.paths import bundled
from monitor.scenario.marks import Marks
from monitor.text import label, t

if TYPE_CHECKING:
    from monitor.live.server import LivePage
    from monitor.record import Outcome


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO", help="A scenario file, or the name of a bundled one; not needed with --manual."
        ),
    ] = "",
    app: Annotated[str, typer.Option("--app", help="App file, bundled app or package; default: the scenario's.")] = "",
    device: Annotated[
        str | None, typer.Option("--device", help="adb serial; default: the built-in stand-in device.")
    ] = None,
    declaration: Annotated[
        Path | None,
        typer.Option(
            "--declaration",
            help="What the operator or SDK vendor declares (YAML); default: that of a bundled app, else none.",
        ),
    ] = None,
    pack: Packs = None,
    profile: Annotated[str, typer.Option("--profile", help="Thresholds of the rules: guide, lab or store.")] = "guide",
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", help="Your own rules: a file or a directory. May be repeated.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="New or empty directory for the bundle; default: a new one in ./monitor-sessions.",
        ),
    ] = None,
    lang: Lang = "",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            help="Exit 1 if a finding with evidence is at or above this level: "
            "info, low, medium, high or critical; default: never.",
        ),
    ] = "",
    baseline: BaselineFile = None,
    reports: Annotated[
        Path | None,
        typer.Option("--reports", help="Directory for what a pipeline keeps: JUnit, SARIF, Markdown, HTML, JSON."),
    ] = None,
    proxy: Annotated[
        str,
        typer.Option(
            "--proxy",
            help="sinkhole: nothing leaves this machine; normal: forward; none: no proxy; default: "
            "sinkhole on the stand-in, normal on a device.",
        ),
    ] = "",
    unpin: Annotated[
        str,
        typer.Option(
            "--unpin",
            help="none: install no certificate; ca: install it in the system store (default); hooks: also bypass the "
            "app's own certificate checks, which changes the app and is recorded as a deviation.",
        ),
    ] = "ca",
    hooks: Annotated[
        list[Path] | None,
        typer.Option("--hooks", help="Your own catalogue file (may be repeated); none: no hooks, Frida not needed."),
    ] = None,
    hook: Annotated[
        list[str] | None,
        typer.Option("--hook", metavar="CLASS.METHOD", help="Record the calls of one more method. May be repeated."),
    ] = None,
    frida_port: Annotated[
        int, typer.Option("--frida-port", min=1, max=65535, help="Port of frida-server on the device.")
    ] = 27042,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="Ed25519 private key (PEM) to seal with; default: a new one for this session."),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", help="A host on this machine or its network that the app may reach. May be repeated."
        ),
    ] = None,
    timestamp: Annotated[
        str, typer.Option("--timestamp", help="URL of an RFC 3161 time-stamp authority; default: no time-stamp.")
    ] = "",
    state: Annotated[
        Path | None,
        typer.Option(
            "--state", help="State of the stand-in device (YAML or JSON): identifiers, contacts …; default: built in."
        ),
    ] = None,
    runtime: Annotated[
        str,
        typer.Option(
            "--runtime", help="Runtime of the app on the stand-in: jvm, or art (the Android Runtime; build it first)."
        ),
    ] = "jvm",
    standin: Annotated[
        str,
        typer.Option(
            "--standin",
            metavar="KIND[@API]",
            help="Kind of stand-in device: default, rooted, user or vendor, with an optional API level (user@34).",
        ),
    ] = "",
    uncontained: Annotated[
        bool,
        typer.Option(
            "--uncontained",
            help="Stand-in: let the app run with your own privileges. Every report says so.",
        ),
    ] = False,
    identifiers: Annotated[
        Path | None,
        typer.Option("--identifiers", help="Values to look for: YAML list of {data_type, value}."),
    ] = None,
    recipients: Annotated[
        list[Path] | None,
        typer.Option(
            "--recipients",
            help="Your own list of hosts or trackers (plain hosts, Disconnect, DuckDuckGo or Exodus). May be repeated.",
        ),
    ] = None,
    record_file: Annotated[
        Path | None,
        typer.Option(
            "--record",
            help="What a report or record states (YAML): report_no, client, laboratory, case_no, operators …",
        ),
    ] = None,
    carry: Annotated[
        Path | None,
        typer.Option("--continue", help="An earlier bundle of the same app, whose consents and refusals carry over."),
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option("--consent-words", help="Additional words for reading dialogs (YAML); kept in the bundle."),
    ] = None,
    manual: Annotated[
        bool,
        typer.Option(
            "--manual", help="By hand: you use the device and mark what happens, by keys or on the live page."
        ),
    ] = False,
    by: Annotated[str, typer.Option("--by", help="With --manual: name of the person who marks; it is recorded.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Serve a local page that follows the session and ends as its report.")
    ] = False,
) -> None:
    """Record a session and assess it."""
    # Loaded here only: the commands that read bundles work where Frida, mitmproxy and adb are not installed.
    with recording_parts():
        from monitor.record import Options, record
        from monitor.record.inputs import RUNTIMES

    chosen = language(lang or default_lang())
    if fail_on:
        level(fail_on)
    if baseline:  # a faulty one is reported before anything is started
        load_baseline(baseline)
    if timestamp:  # not after the session, when the seal waits for it
        check_authority(timestamp)
    if proxy not in ("", "sinkhole", "normal", "none"):
        raise InputError(f"no such proxy mode: {printable(proxy, 40)}", hint="use sinkhole, normal or none")
    if device == "":  # an unset variable in a script must not select a different device
        raise InputError(
            "--device is empty", hint="give a serial from adb devices, or omit the option for the stand-in"
        )
    if runtime not in RUNTIMES:
        raise InputError(f"no such runtime: {printable(runtime, 40)}", hint=f"use {' or '.join(RUNTIMES)}")
    if device and runtime != RUNTIMES[0]:
        raise InputError("--runtime is for the stand-in device", hint="a device runs apps on its own runtime")
    if device and uncontained:
        raise InputError("--uncontained is for the stand-in device", hint="a device contains its apps itself")
    marks = _marks(manual, by, live)
    if not scenario:
        if marks is None:
            hint = "a file, or one of monitor scenarios list; or --manual"
            raise InputError("no scenario is named", where="monitor run", hint=hint)
        scenario = str(bundled("scenarios") / "by_hand" / "manual.yaml")
    files = tuple(path for path in hooks or () if str(path) != "none")
    off = len(files) < len(hooks or ())
    if off and hook:
        raise InputError("--hooks none cannot be combined with --hook", where=hook[0])
    if off and files:
        raise InputError("--hooks none cannot be combined with a catalogue", where=str(files[0]))
    where = out or default_place()
    options = Options(
        scenario=scenario, out=where, app=app, device=device or "", declaration=declaration, packs=tuple(pack or ()),
        profile=profile, lang=chosen, proxy_mode=proxy, unpin=unpin, hooks=files, no_hooks=off,
        named=tuple(hook or ()), frida_port=frida_port,
        key=key, timestamp=timestamp, allow=tuple(allow_host or ()), state=state, standin=standin,
        identifiers=identifiers, recipients=tuple(recipients or ()), carry=carry, record=record_file,
        runtime=runtime, words=words, rules=tuple(rules or ()), uncontained=uncontained,
        marks=marks,
    )  # fmt: skip
    if uncontained:
        print(t("cli.uncontained", chosen), file=sys.stderr, flush=True)
    watch = Watch(chosen, scenario=str(scenario))
    with _page(watch, where, live, marks) as page:
        terminal = Terminal(watch, quiet)
        if page:
            print(t("live.address", chosen, address=page.address), file=sys.stderr, flush=True)
        hands = keys(marks, terminal, chosen) if marks and sys.stdin.isatty() else nullcontext()
        try:
            with orderly_end() as stop, adding(words) if words else nullcontext(), hands:
                outcome = record(options, terminal, stop, terminal.device, watch.consent)
        finally:
            terminal.close()
        keep_out_of_git(outcome.bundle)
        if page:
            page.close(outcome.bundle / "report.html")
    _report(outcome, chosen)
    found, accepted = outcome.assessment.findings, {}
    if baseline:
        held = sorted_out(found, baseline, chosen)
        found = held.new
        accepted = reasons(held, baseline)
    if reports:
        write_reports(outcome.bundle, reports, chosen, accepted)
        print(t("cli.reports", chosen, path=reports))
    code = _exit_code(outcome, found, fail_on)
    if code == 1 and fail_on and (failing := _failing(found, fail_on)):
        first = one_line(failing[0], chosen, named(outcome.bundle, chosen))
        said = t("cli.fail_on", chosen, n=len(failing), level=label("level", fail_on, chosen), first=first)
        print(printable(said, 300), file=sys.stderr)
    raise typer.Exit(code)


def _marks(manual: bool, by: str, live: bool) -> Marks | None:
    """Where a session by hand takes its marks from. Raises ``InputError``."""
    if not manual:
        if by:
            raise InputError("--by is for a session by hand", hint="add --manual")
        return None
    if not by.strip():
        raise InputError("--manual needs the name of the person who marks", hint="--by NAME")
    if not live and not sys.stdin.isatty():
        raise InputError("--manual needs a terminal for its keys, or the live page", hint="add --live")
    return Marks(by.strip())


def _page(watch: Watch, bundle: Path, wanted: bool, marks: Marks | None) -> AbstractContextManager[LivePage | None]:
    """The page to watch, if it is wanted. Raises ``EnvironmentFault`` where its packages are missing."""
    if not wanted:
        return nullcontext()
    try:
        from monitor.live.server import live_page
    except ModuleNotFoundError as error:
        raise EnvironmentFault(f"--live needs {error.name}", hint=command("live")) from None
    # A new bundle for each screen: which digest is which is read once a bundle, and screens are still coming.
    return live_page(watch, lambda digest: Bundle.open(bundle).read_blob(digest), marks)


def _report(outcome: Outcome, lang: str) -> None:
    if outcome.steps is not None or outcome.assessment.findings:  # otherwise the app never ran and nothing was assessed
        show_front(outcome.front, lang)
    if outcome.interrupted:
        print(t("cli.interrupted", lang), file=sys.stderr)
    if outcome.fault:  # also why a step failed
        print(f"monitor: {fault_line(outcome.fault)}", file=sys.stderr)
    elif outcome.steps and outcome.steps.failed:
        print(f"monitor: {printable(outcome.steps.failed)}", file=sys.stderr)
    for rule in [] if outcome.interrupted else outcome.unmet:
        key = "cli.unmet.silent" if rule.startswith("!") else "cli.unmet.fires"
        print(t(key, lang, rule=rule.lstrip("!")), file=sys.stderr)
    print(t("cli.report", lang, path=outcome.bundle / "report.html"))
    print(t("cli.bundle", lang, path=outcome.bundle))
    print(t("cli.key.sealed", lang, key=outcome.session.key))
    print(t("cli.next", lang, path=shell_word(outcome.bundle)))
    if outcome.session.device.hardware and not outcome.session.device.contained:
        print(t("cli.uncontained", lang), file=sys.stderr)


def _exit_code(outcome: Outcome, found: list[Finding], fail_on: str) -> int:
    if outcome.fault:
        return outcome.fault.exit_code
    if outcome.interrupted:
        return 0
    if outcome.steps and outcome.steps.failed:
        return 3
    return 1 if outcome.unmet or _failing(found, fail_on) else 0


def _failing(found: list[Finding], floor: str) -> list[Finding]:
    """Findings for which the exit code is 1, the gravest first."""
    return ordered([f for f in found if floor and f.status == "evidenced" and at_least(f.level, floor)])


def counts(findings: list[Finding]) -> dict[str, int]:
    """Number of findings by status."""
    found = Counter(finding.status for finding in findings)
    return {status: found.get(status, 0) for status in ("evidenced", "inconclusive", "review")}
