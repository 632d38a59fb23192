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
from monitor.base.errors import InputError, MonitorError, printable
from monitor.base.output import folder, keep_out_of_git
from monitor.base.process import Scratch
from monitor.cli import _common, _options
from monitor.cli._show import STATUS_STYLES, print_line, show
from monitor.cli._words import columns, label, language, t
from monitor.cli.run import followed, live_page, marks_by
from monitor.live.state import Watch
from monitor.scenario.apps import file_or_sample
from monitor.scenario.explore import fields, variants
from monitor.scenario.marks import Marks
from monitor.session.options import ExploreOptions, OnApp, Options

if TYPE_CHECKING:
    from monitor.cli._terminal import Terminal
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
        terminal, stop = stack.enter_context(followed(options, watch, marks))
        outcomes, fault = _walk(options, scenarios, watch, terminal, stop, begun, marks)
        keep_out_of_git(options.out)
        ended = fault or next(reversed(outcomes.values())).fault
        why = _common.fault_line(ended) if ended else label("explored", "stopped")
        unwalked = {name: why for name in scenarios if name not in outcomes}
        bundles = {name: one.bundle for name, one in outcomes.items()}
        document = walks.write(options.out, bundles, lang, unwalked)
        if page:
            page.close(options.out / walks.PAGE)
    _show(document, options.out)
    raise typer.Exit(_code(outcomes, fault, options.fail_on))


def _scenarios(options: ExploreOptions, names: list[str], stack: ExitStack) -> dict[str, Path]:
    """The scenario of each variant, with what it types beside it. Raises ``InputError``."""
    from monitor.device.parse.manifest import manifest

    place = stack.enter_context(Scratch()).path
    walk: dict[str, Any] = {name: getattr(options, name) for name in _WALK}
    files = {"persons": str(options.persons or ""), "account": options.account}
    if options.account == "manual":
        walk["account"] = files.pop("account")
    fields.persons(**files)
    walk |= {name: shutil.copyfile(file, place / f"{name}.yaml").name for name, file in files.items() if file}
    app = file_or_sample(options.app, stack)
    package = manifest(app).package if app.is_file() else options.app
    if not app.is_file() and ("/" in options.app or "." not in options.app):
        raise InputError("no such app", where=printable(options.app, 80), hint="a file, a bundled app or a package")
    return {name: variants.written(name, place, package, walk) for name in names}


def _walk(
    options: ExploreOptions, scenarios: dict[str, Path], watch: Watch, terminal: Terminal,
    stop: threading.Event, begun: list[Path], marks: Marks | None,
) -> tuple[dict[str, Outcome], MonitorError | None]:  # fmt: skip
    """One session after the other, until one could not begin (the fault) or a person ends them. ``begun``: their
    bundles. Raises ``MonitorError``: not even the first could begin."""
    from monitor.record import record

    outcomes: dict[str, Outcome] = {}
    asked = {*OnApp.model_fields, "by"} & {*options.model_fields_set, "lang"}
    given = {name: getattr(options, name) for name in asked}
    for number, (name, scenario) in enumerate(scenarios.items(), 1):
        terminal.say(f"[{number}/{len(scenarios)}] {label('variant', name)}")
        begun.append(options.out / name)
        session = Options.model_validate({**given, "scenario": str(scenario), "out": begun[-1]})
        try:
            outcomes[name] = outcome = record(session, terminal, stop, terminal.device, watch.consent, marks)
        except MonitorError as fault:
            if not outcomes:
                raise
            return outcomes, fault
        if outcome.interrupted or outcome.steps is None:
            break
    return outcomes, None


def _show(document: dict[str, Any], out: Path) -> None:
    """What came of it: each rule with the variant in which it fares worst, then how far each walk came."""
    for line in (*document["conclusion"], *document["stated"]):
        print_line(line, 1_000)
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


def _code(outcomes: dict[str, Outcome], fault: MonitorError | None, fail_on: str) -> int:
    """The exit code, as that of ``monitor run``: a fault before a failed step, that before findings."""
    for name, one in outcomes.items():
        why = _common.fault_line(one.fault) if one.fault else one.steps.failed if one.steps else ""
        if why and not one.interrupted:
            print(f"monitor: {label('variant', name)}: {printable(why, 300)}", file=sys.stderr, flush=True)
    if fault:
        print(f"monitor: {_common.fault_line(fault)}", file=sys.stderr, flush=True)
    if faults := [one for one in (*(one.fault for one in outcomes.values()), fault) if one]:
        return faults[0].exit_code
    if any(one.interrupted for one in outcomes.values()):
        print(t("cli.interrupted"), file=sys.stderr, flush=True)
        return 0
    if any(one.steps and one.steps.failed for one in outcomes.values()):
        return 3
    return 1 if any(_common.failing(one.assessment.findings, fail_on) for one in outcomes.values()) else 0


COMMANDS: Final = {"explore": _options.command(ExploreOptions, explore)}
