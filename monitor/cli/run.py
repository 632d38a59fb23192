"""``monitor run``: record a session, show it live, print what was found."""

from __future__ import annotations

import shlex
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from monitor.assess import baseline, render
from monitor.base.errors import EnvironmentFault, InputError, printable
from monitor.base.output import keep_out_of_git
from monitor.base.paths import bundled
from monitor.base.paths import install_command as installation
from monitor.cli import _common, _options, _terminal, bundles, comparing
from monitor.cli._show import UNSEEN, about, joined, show_front, title
from monitor.cli._words import aside, current_lang, label, language, pair, t
from monitor.evidence import bundle, timestamp
from monitor.knowledge.wordlists import adding
from monitor.live.state import Watch
from monitor.scenario.marks import Marks
from monitor.session.options import ExploreOptions, RunOptions
from monitor.text.reasons import said as reason_text

if TYPE_CHECKING:
    from monitor.live.server import LivePage
    from monitor.record import Outcome

#: What an expectation that is not met begins with, and the key of its text; any other: the rule had to fire.
_EXPECTED: Final = {"!": "silent", "?": "untested"}


def run(options: RunOptions) -> None:
    """Record a session and assess it."""
    # Loaded here only: the commands that read bundles work where Frida, mitmproxy and adb are not installed.
    from monitor.record import record
    from monitor.record.inputs import unused_declaration

    lang = language(options.lang)
    _common.check_level(options.fail_on)
    if options.baseline:  # a faulty one is reported before anything is started
        baseline.load_baseline(options.baseline)
    if options.timestamp:  # not after the session, when the seal waits for it
        timestamp.check_authority(options.timestamp)
    marks = marks_by(options.manual, "--manual", options.by, options.live)
    if not options.scenario and marks is None:
        hint = "a file, or one of monitor scenarios list; or --manual"
        raise InputError("no scenario is named", where="run", hint=hint)
    scenario = options.scenario or str(bundled("scenarios") / "by_hand" / "manual.yaml")
    options = options.model_copy(update={"scenario": scenario, "lang": lang})
    if unused := unused_declaration(options):
        _note(t("cli.declaration.unused", named=printable(unused, 100), app=printable(options.app, 100)))
    if options.uncontained:
        _note(t("cli.uncontained"))
    watch = Watch(lang, scenario=scenario)
    with live_page(watch, options.live, lambda: options.out, marks) as page:
        with followed(options, watch, marks) as (terminal, stop):
            outcome = record(options, terminal, stop, terminal.device, watch.consent, marks)
        keep_out_of_git(outcome.bundle)
        if page:
            page.close(outcome.bundle / "report.html")
    _report(outcome)
    _explain_unhooked(outcome, options.hook)
    raise typer.Exit(_judged(outcome, options))


def _judged(outcome: Outcome, options: RunOptions) -> int:
    """The exit code, by the findings that no baseline accepts; writes the reports for a pipeline."""
    found, accepted = outcome.assessment.findings, dict[str, str]()
    if options.baseline:
        found, accepted = comparing.apply_baseline(found, options.baseline)
    if options.reports:
        render.write_reports(outcome.bundle, options.reports, current_lang(), accepted)
        print(t("cli.reports", path=options.reports))
    if outcome.fault:
        return outcome.fault.exit_code
    if outcome.interrupted:
        return 0
    if outcome.steps and outcome.steps.failed:
        return 3
    if grave := _common.failing(found, options.fail_on):
        first = joined(f"{grave[0].rule} {title(grave[0])}", about(grave[0], bundles.names_in(outcome.bundle)))
        _note(printable(t("cli.fail_on", n=len(grave), level=label("level", options.fail_on), first=first), 300))
    return 1 if outcome.unmet or grave else 0


def _note(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def marks_by(wanted: bool, option: str, by: str, live: bool) -> Marks | None:
    """Where what a person does by hand takes its marks from; ``option``: by which it is wanted. Raises
    ``InputError``."""
    if not wanted:
        if by:
            raise InputError("--by is for a session by hand", hint=f"add {option}")
        return None
    if not by.strip():
        raise InputError(f"{option} needs the name of the person who marks", hint="--by NAME")
    if not live and not sys.stdin.isatty():
        raise InputError(f"{option} needs a terminal for its keys, or the live page", hint="add --live")
    return Marks(by.strip())


@contextmanager
def followed(
    options: RunOptions | ExploreOptions, watch: Watch, marks: Marks | None
) -> Iterator[tuple[_terminal.Terminal, threading.Event]]:
    """The terminal while something is recorded, with the keys of a person who marks; and what Ctrl-C sets."""
    with ExitStack() as stack:
        terminal = _terminal.Terminal(watch, options.quiet)
        stack.callback(terminal.close)
        stop = stack.enter_context(_common.orderly_end())
        if options.consent_words:
            stack.enter_context(adding(options.consent_words))
        if marks and sys.stdin.isatty():
            stack.enter_context(_terminal.keys(marks, terminal))
        yield terminal, stop


@contextmanager
def live_page(watch: Watch, wanted: bool, place: Callable[[], Path], marks: Marks | None) -> Iterator[LivePage | None]:
    """The page to watch, if it is wanted, with its address told; ``place``: of the bundle that is recorded now. Raises
    ``EnvironmentFault`` where its packages are missing."""
    if not wanted:
        yield None
        return
    try:
        from monitor.live.server import LivePage
    except ModuleNotFoundError as error:
        raise EnvironmentFault(f"--live needs {error.name}", hint=installation("live")) from None
    # A new bundle for each screen: which digest is which is read once a bundle, and screens are still coming.
    with LivePage(watch, lambda digest: bundle.Bundle.open(place()).read_blob(digest), marks) as page:
        _note(t("live.address", address=page.address))
        yield page


def _report(outcome: Outcome) -> None:
    if outcome.steps is not None or outcome.assessment.findings:  # otherwise the app never ran and nothing was assessed
        show_front(outcome.front)
    if outcome.interrupted:
        _note(t("cli.interrupted"))
    if outcome.fault:  # also why a step failed
        _note(f"monitor: {_common.fault_line(outcome.fault)}")
    elif outcome.steps and outcome.steps.failed:
        _note(f"monitor: {printable(outcome.steps.failed)}")
    if not outcome.interrupted:
        _report_unmet(outcome)
    print(t("cli.report", path=outcome.bundle / "report.html"))
    print(t("cli.bundle", path=outcome.bundle))
    print(t("cli.key.sealed", key=outcome.session.key))
    here = Path.cwd()
    path = outcome.bundle.relative_to(here) if outcome.bundle.is_relative_to(here) else outcome.bundle
    print(t("cli.next", path=shlex.quote(str(path))))
    if outcome.session.device.hardware and not outcome.session.device.contained:
        _note(t("cli.uncontained"))


def _report_unmet(outcome: Outcome) -> None:
    coverage = {line.id: line for line in outcome.assessment.coverage if line.line == "rule"}
    for unmet in outcome.unmet:
        key, rule = _EXPECTED.get(unmet[0], "fires"), unmet.lstrip("!?")
        line = coverage.get(rule) if key == "untested" else None
        why = reason_text(line.reasons, current_lang()) if line else ""
        _note(printable(aside(t(f"cli.unmet.{key}", rule=rule), why), 500))


def _explain_unhooked(outcome: Outcome, names: Sequence[str]) -> None:
    """Say of each method that the user named why its calls could not be observed."""
    lines = {line.id: line for line in outcome.assessment.coverage if line.line == "hook"}
    for name in dict.fromkeys(names):
        line = lines.get(f"named.{name.replace('<init>', '$init')}")
        if line and line.state in UNSEEN:
            why = reason_text(line.reasons, current_lang())
            _note(f"monitor: {printable(pair(f'--hook {name}', why), 300)}")


COMMANDS: Final = {"run": _options.command(RunOptions, run)}
