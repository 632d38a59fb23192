"""``monitor explore``: an app without a scenario, walked through once for each way of answering; one report."""

from __future__ import annotations

import shutil
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from monitor.assess import walks
from monitor.base.errors import InputError, printable
from monitor.base.output import folder, keep_out_of_git
from monitor.base.process import Scratch
from monitor.cli import _common, _options, _terminal
from monitor.cli._show import STATUS_STYLES, print_line, show
from monitor.cli._words import columns, label, language, t
from monitor.cli.run import live_page, marks_by
from monitor.knowledge.wordlists import adding
from monitor.live.state import Watch
from monitor.scenario.apps import file_or_sample
from monitor.scenario.explore import fields, variants
from monitor.scenario.marks import Marks
from monitor.session.options import ExploreOptions, OnApp, Options

if TYPE_CHECKING:
    from monitor.record import Outcome

_WALK: Final = ("steps", "minutes", "seed", "depth", "risky", "only")


def explore(options: ExploreOptions) -> None:
    """Walk through an app that has no scenario, and assess it.

    Every variant answers what asks for consent in its own way and begins with cleared data. Nothing risky is touched.
    """
    lang = language(options.lang)
    _common.check_level(options.fail_on)
    names = variants.chosen(options.variants)
    marks = marks_by(options.account == "manual", "--account manual", options.by, options.live)
    options = options.model_copy(update={"lang": lang, "out": folder(options.out)})
    watch, begun = Watch(lang), [options.out]
    with ExitStack() as stack:
        page = stack.enter_context(live_page(watch, options.live, lambda: begun[-1], marks))
        scenarios = _scenarios(options, names, stack)
        terminal = _terminal.Terminal(watch, options.quiet)
        stack.callback(terminal.close)
        stop = stack.enter_context(_common.orderly_end())
        if options.consent_words:
            stack.enter_context(adding(options.consent_words))
        if marks and sys.stdin.isatty():
            stack.enter_context(_terminal.keys(marks, terminal))
        outcomes = _walk(options, scenarios, watch, terminal, stop, begun, marks)
        keep_out_of_git(options.out)
        document = walks.write(options.out, {name: one.bundle for name, one in outcomes.items()}, lang)
        if page:
            page.close(options.out / walks.PAGE)
    _show(document, options.out)
    raise typer.Exit(_code(outcomes, options.fail_on))


def _scenarios(options: ExploreOptions, names: list[str], stack: ExitStack) -> dict[str, Path]:
    """The scenario of each variant, with what it types beside it. Raises ``InputError``."""
    from monitor.device.parse.manifest import manifest

    place = stack.enter_context(Scratch()).path
    walk: dict[str, Any] = {name: getattr(options, name) for name in _WALK}
    manual = options.account == "manual"
    for name, file in (("persons", options.persons), ("account", None if manual else Path(options.account or "."))):
        if file is not None and file != Path():
            fields.persons(**{"file" if name == "persons" else name: str(file)})
            shutil.copyfile(file, place / f"{name}.yaml")
            walk[name] = f"{name}.yaml"
    walk |= {"account": "manual"} if manual else {}
    app = file_or_sample(options.app, stack)
    package = manifest(app).package if app.is_file() else options.app
    if not app.is_file() and ("/" in options.app or "." not in options.app):
        raise InputError("no such app", where=printable(options.app, 80), hint="a file, a bundled app or a package")
    return {name: variants.written(name, place, package, walk) for name in names}


def _walk(
    options: ExploreOptions, scenarios: dict[str, Path], watch: Watch, terminal: _terminal.Terminal,
    stop: threading.Event, begun: list[Path], marks: Marks | None,
) -> dict[str, Outcome]:  # fmt: skip
    """One session after the other, until one could not begin or a person ends them. ``begun``: their bundles."""
    from monitor.record import record

    outcomes: dict[str, Outcome] = {}
    asked = {*OnApp.model_fields, "by"} & {*options.model_fields_set, "lang"}
    given = {name: getattr(options, name) for name in asked}
    for number, (name, scenario) in enumerate(scenarios.items(), 1):
        terminal.say(f"[{number}/{len(scenarios)}] {label('variant', name)}")
        begun.append(options.out / name)
        session = Options.model_validate({**given, "scenario": str(scenario), "out": begun[-1]})
        outcomes[name] = outcome = record(session, terminal, stop, terminal.device, watch.consent, marks)
        if outcome.interrupted or outcome.steps is None:
            break
    return outcomes


def _show(document: dict[str, Any], out: Path) -> None:
    """What came of it: each rule with the variant in which it fares worst, then how far each walk came."""
    found = [rule for rule in document["rules"] if rule["findings"]]
    if found:
        show(columns("cli.explore", "rule verdict variant what"), (
            (f"{rule['rule']} {rule['title']}", label("verdict", rule["verdict"]), label("variant", rule["variant"]),
             rule["findings"][0]["what"]) for rule in found
        ))  # fmt: skip
    else:
        print_line(t("report.no_findings"), style=STATUS_STYLES["inconclusive"])
    for one in document["walks"]:
        print_line(one["said"], 500)
        for line in one["missed"]:
            print_line(f"  {line}", 500)
    print(t("cli.report", path=out / walks.PAGE))


def _code(outcomes: dict[str, Outcome], fail_on: str) -> int:
    """The exit code, as that of ``monitor run``: a fault before a failed step, that before findings."""
    for name, one in outcomes.items():
        why = _common.fault_line(one.fault) if one.fault else one.steps.failed if one.steps else ""
        if why and not one.interrupted:
            print(f"monitor: {label('variant', name)}: {printable(why, 300)}", file=sys.stderr, flush=True)
    if faults := [one.fault for one in outcomes.values() if one.fault]:
        return faults[0].exit_code
    if any(one.interrupted for one in outcomes.values()):
        print(t("cli.interrupted"), file=sys.stderr, flush=True)
        return 0
    if any(one.steps and one.steps.failed for one in outcomes.values()):
        return 3
    return 1 if any(_common.failing(one.assessment.findings, fail_on) for one in outcomes.values()) else 0


COMMANDS: Final = {"explore": _options.command(ExploreOptions, explore)}
