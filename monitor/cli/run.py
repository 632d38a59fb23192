"""``monitor run``: record a session, show it live, print what was found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

import typer

from monitor.analysis.correlate.findings import Finding, at_least, ordered
from monitor.assess.baseline import load_baseline
from monitor.assess.render import write_reports
from monitor.base.errors import EnvironmentFault, InputError, printable
from monitor.base.output import keep_out_of_git
from monitor.base.paths import bundled
from monitor.base.paths import install_command as installation
from monitor.cli._by_hand import keys
from monitor.cli._common import fault_line, language, level, orderly_end, recording_parts
from monitor.cli._options import command
from monitor.cli._show import UNSEEN, one_line, shell_word, show_front
from monitor.cli._terminal import Terminal
from monitor.cli.bundles import named
from monitor.cli.comparing import reasons, sorted_out
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import check_authority
from monitor.knowledge.wordlists import adding
from monitor.live.state import Watch
from monitor.scenario.marks import Marks
from monitor.session.options import RunOptions
from monitor.text import label, pair, t
from monitor.text.reasons import said

if TYPE_CHECKING:
    from monitor.live.server import LivePage
    from monitor.record import Outcome


def run(options: RunOptions) -> None:
    """Record a session and assess it."""
    # Loaded here only: the commands that read bundles work where Frida, mitmproxy and adb are not installed.
    with recording_parts():
        from monitor.record import record
        from monitor.record.inputs import unused_declaration

    chosen = language(options.lang)
    if options.fail_on:
        level(options.fail_on)
    if options.baseline:  # a faulty one is reported before anything is started
        load_baseline(options.baseline)
    if options.timestamp:  # not after the session, when the seal waits for it
        check_authority(options.timestamp)
    marks = _marks(options)
    if not options.scenario and marks is None:
        hint = "a file, or one of monitor scenarios list; or --manual"
        raise InputError("no scenario is named", where="run", hint=hint)
    scenario = options.scenario or str(bundled("scenarios") / "by_hand" / "manual.yaml")
    options = options.model_copy(update={"scenario": scenario, "lang": chosen})
    if unused := unused_declaration(options):
        print(t("cli.declaration.unused", chosen, named=printable(unused, 100), app=printable(options.app, 100)),
              file=sys.stderr, flush=True)  # fmt: skip
    if options.uncontained:
        print(t("cli.uncontained", chosen), file=sys.stderr, flush=True)
    watch = Watch(chosen, scenario=scenario)
    with _page(watch, options, marks) as page:
        terminal = Terminal(watch, options.quiet)
        if page:
            print(t("live.address", chosen, address=page.address), file=sys.stderr, flush=True)
        hands = keys(marks, terminal, chosen) if marks and sys.stdin.isatty() else nullcontext()
        try:
            with (
                orderly_end() as stop,
                adding(options.consent_words) if options.consent_words else nullcontext(),
                hands,
            ):
                outcome = record(options, terminal, stop, terminal.device, watch.consent, marks)
        finally:
            terminal.close()
        keep_out_of_git(outcome.bundle)
        if page:
            page.close(outcome.bundle / "report.html")
    _report(outcome, chosen)
    _not_hooked(outcome, options.hook, chosen)
    found, accepted = outcome.assessment.findings, {}
    if options.baseline:
        held = sorted_out(found, options.baseline, chosen)
        found = held.new
        accepted = reasons(held, options.baseline)
    if options.reports:
        write_reports(outcome.bundle, options.reports, chosen, accepted)
        print(t("cli.reports", chosen, path=options.reports))
    code = _exit_code(outcome, found, options.fail_on)
    if code == 1 and options.fail_on and (failing := _failing(found, options.fail_on)):
        first = one_line(failing[0], chosen, named(outcome.bundle, chosen))
        said = t("cli.fail_on", chosen, n=len(failing), level=label("level", options.fail_on, chosen), first=first)
        print(printable(said, 300), file=sys.stderr)
    raise typer.Exit(code)


def _marks(options: RunOptions) -> Marks | None:
    """Where a session by hand takes its marks from. Raises ``InputError``."""
    if not options.manual:
        if options.by:
            raise InputError("--by is for a session by hand", hint="add --manual")
        return None
    if not options.by.strip():
        raise InputError("--manual needs the name of the person who marks", hint="--by NAME")
    if not options.live and not sys.stdin.isatty():
        raise InputError("--manual needs a terminal for its keys, or the live page", hint="add --live")
    return Marks(options.by.strip())


def _page(watch: Watch, options: RunOptions, marks: Marks | None) -> AbstractContextManager[LivePage | None]:
    """The page to watch, if it is wanted. Raises ``EnvironmentFault`` where its packages are missing."""
    if not options.live:
        return nullcontext()
    try:
        from monitor.live.server import LivePage
    except ModuleNotFoundError as error:
        raise EnvironmentFault(f"--live needs {error.name}", hint=installation("live")) from None
    # A new bundle for each screen: which digest is which is read once a bundle, and screens are still coming.
    return LivePage(watch, lambda digest: Bundle.open(options.out).read_blob(digest), marks)


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


def _not_hooked(outcome: Outcome, names: Sequence[str], lang: str) -> None:
    """Say of each method that the user named why its calls could not be observed."""
    lines = {line.id: line for line in outcome.assessment.coverage if line.line == "hook"}
    for name in dict.fromkeys(names):
        line = lines.get(f"named.{name.replace('<init>', '$init')}")
        if line and line.state in UNSEEN:
            print(f"monitor: {printable(pair(f'--hook {name}', said(line.reasons, lang), lang), 300)}", file=sys.stderr)


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


COMMANDS: Final = {"run": command(RunOptions, run)}
