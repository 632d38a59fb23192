"""``monitor run``: record a session, show it live, print what was found."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.status import Status

from monitor.analysis.findings import Finding, at_least
from monitor.cli._common import Lang, Packs, default_lang, language, level, orderly_end
from monitor.cli._show import show_judgement
from monitor.errors import InputError, printable
from monitor.events import Event
from monitor.record import Options, Outcome, record
from monitor.scenario.runner import Progress as StepProgress
from monitor.text import label, t


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Nobody reads any more (``| head``): the recording goes on without saying so."""
        self.quiet = True


class Terminal:
    """Live progress on standard error: a status line on a terminal, a line a step elsewhere."""

    def __init__(self, lang: str, quiet: bool) -> None:
        self._lang = lang
        self._console = _Console(stderr=True, quiet=quiet, highlight=False)
        self._status: Status | None = self._console.status("") if self._console.is_terminal else None
        self._events = 0
        self._findings: dict[str, str] = {}
        self._line = ""
        self._drawn = 0.0
        if self._status:
            self._status.start()

    def stage(self, key: str) -> None:
        """A stage began."""
        self._line = t(f"cli.stage.{key}", self._lang)
        self._draw(always=True)
        if not self._status:
            self._console.print(escape(self._line))

    def device(self, serial: str, port: int) -> None:
        """The device is there: other tools can be used on it."""
        self._console.print(escape(printable(t("cli.device", self._lang, serial=serial, port=port))))

    def step(self, step: StepProgress) -> None:
        """A step began."""
        left = t("cli.left", self._lang, seconds=max(0, round(step.left_ms / 1000)))
        text = printable(f"{step.verb} {step.label}".strip(), 100)
        self._line = f"{step.step}/{step.total} {text} · {left}"
        self._draw(always=True)
        if not self._status:
            self._console.print(escape(f"  {self._line}"))

    def event(self, event: Event) -> None:
        """An event is in the log."""
        self._events += 1
        self._draw()

    def finding(self, finding: Finding) -> None:
        """A finding is new or says more."""
        if self._findings.get(finding.fingerprint) == finding.status:
            return
        self._findings[finding.fingerprint] = finding.status
        what = label("data_type", finding.data_type, self._lang) if finding.data_type else finding.permission
        text = printable(" · ".join(x for x in (finding.rule, what, finding.sdk, finding.recipient) if x), 160)
        self._console.print(f"  [bold]{escape(label('status', finding.status, self._lang))}[/bold] {escape(text)}")

    def _draw(self, *, always: bool = False) -> None:
        now = time.monotonic()
        if self._status and (always or now - self._drawn > 0.2):
            self._drawn = now
            counts = t("cli.counts", self._lang, events=self._events, findings=len(self._findings))
            self._status.update(escape(f"{self._line} · {counts}"))

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._status:
            self._status.stop()


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a bundled one.")],
    app: Annotated[str, typer.Option("--app", help="App file, bundled app or package; default: the scenario's.")] = "",
    device: Annotated[
        str | None, typer.Option("--device", help="adb serial; default: the built-in stand-in device.")
    ] = None,
    declaration: Annotated[
        Path | None, typer.Option("--declaration", help="What the operator or SDK vendor declares.")
    ] = None,
    pack: Packs = None,
    profile: Annotated[str, typer.Option("--profile", help="Thresholds: guide, lab or store.")] = "guide",
    out: Annotated[Path | None, typer.Option("--out", help="New directory for the bundle.")] = None,
    lang: Lang = "",
    fail_on: Annotated[str, typer.Option("--fail-on", help="Exit 1 if a finding is at or above this level.")] = "",
    proxy: Annotated[str, typer.Option("--proxy", help="sinkhole, normal or none.")] = "",
    unpin: Annotated[
        str,
        typer.Option(
            "--unpin",
            help="none: install no certificate; ca: into the system store (default); hooks: also pass the app's own "
            "certificate checks, which changes the app and is recorded as a deviation.",
        ),
    ] = "ca",
    hooks: Annotated[
        list[Path] | None, typer.Option("--hooks", help="A catalogue file of your own. May be repeated.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Ed25519 private key (PEM) to seal with.")] = None,
    state: Annotated[
        Path | None, typer.Option("--state", help="State of the stand-in device: identifiers, contacts …")
    ] = None,
    identifiers: Annotated[
        Path | None,
        typer.Option("--identifiers", help="Values to look for: YAML list of {data_type, value}."),
    ] = None,
    recipients: Annotated[
        list[Path] | None, typer.Option("--recipients", help="Your own list of hosts or trackers. May be repeated.")
    ] = None,
    carry: Annotated[
        Path | None,
        typer.Option(
            "--continue", help="An earlier bundle of the same app: what was agreed or refused then still counts."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Record a session and judge it."""
    chosen = language(lang or default_lang())
    if fail_on:
        level(fail_on)
    if proxy not in ("", "sinkhole", "normal", "none"):
        raise InputError(f"no such proxy mode: {printable(proxy, 40)}", hint="use sinkhole, normal or none")
    if device == "":  # an unset variable of a script must not take another device than was meant
        raise InputError("--device names no device", hint="a serial of adb devices; leave it out for the stand-in")
    where = out or Path(tempfile.gettempdir()) / f"monitor-{datetime.now():%Y%m%d-%H%M%S}"
    options = Options(
        scenario=scenario, out=where, app=app, device=device or "", declaration=declaration, packs=tuple(pack or ()),
        profile=profile, lang=chosen, proxy_mode=proxy, unpin=unpin, hooks=tuple(hooks or ()), key=key, state=state,
        identifiers=identifiers, recipients=tuple(recipients or ()), carry=carry,
    )  # fmt: skip
    terminal = Terminal(chosen, quiet)
    try:
        with orderly_end() as stop:
            outcome = record(options, terminal, stop, terminal.device)
    finally:
        terminal.close()
    _report(outcome, chosen)
    raise typer.Exit(_exit_code(outcome, fail_on))


def _report(outcome: Outcome, lang: str) -> None:
    if outcome.steps is not None or outcome.judgement.findings:  # else the app never ran: nothing was judged
        show_judgement(outcome.judgement, lang)
    if outcome.interrupted:
        print(t("cli.interrupted", lang), file=sys.stderr)
    if outcome.fault:  # why a step failed, too
        print(f"monitor: {outcome.fault}", file=sys.stderr)
    elif outcome.steps and outcome.steps.failed:
        print(f"monitor: {printable(outcome.steps.failed)}", file=sys.stderr)
    for rule in outcome.unmet:
        key = "cli.unmet.silent" if rule.startswith("!") else "cli.unmet.fires"
        print(t(key, lang, rule=rule.lstrip("!")), file=sys.stderr)
    print(t("cli.bundle", lang, path=outcome.bundle))
    print(t("cli.report", lang, path=outcome.bundle / "report.html"))


def _exit_code(outcome: Outcome, fail_on: str) -> int:
    if outcome.fault:
        return outcome.fault.exit_code
    if outcome.interrupted:
        return 0
    if outcome.steps and outcome.steps.failed:
        return 3
    evidenced = [f for f in outcome.judgement.findings if f.status == "evidenced"]
    if outcome.unmet or (fail_on and any(at_least(f.level, fail_on) for f in evidenced)):
        return 1
    return 0


def counts(findings: list[Finding]) -> dict[str, int]:
    """Number of findings by status."""
    found = Counter(finding.status for finding in findings)
    return {status: found.get(status, 0) for status in ("evidenced", "inconclusive", "review")}
