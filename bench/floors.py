"""What each floor of ART shows of the hooks: ``python -m bench.floors [FLOOR…]``, by default all.

A floor is a way in which apps run: in ART's interpreter, on its JIT, compiled ahead of time, with what later releases
of Android export, on arm64. On each the app that calls every hookable API, the sample shop and its well-behaved twin
are recorded. What was measured is kept in ``floors.json``, and written as tables to docs/floors.md.

A row that is hooked and called and yet not seen is a fault, and so is one that is not called without a reason
(emulator/java/exerciser.yaml, tests/hooks/runtimes.yaml): the command ends with 1. ``--work`` measures what load shows
instead: 100 starts, a million calls from eight threads while ART compiles and collects; ``--costs`` what a call costs.
Needs ``python -m emulator.art build --jit --arm64``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from bench import bench_compiled, bench_costs, bench_starts
from bench.runtimes import TABLE, Quiet
from emulator.art import arm64, arm64_device, arm64_machine, arm64_tests
from emulator.art import bed as beds
from emulator.art.variants import variant
from monitor.base.paths import bundled
from monitor.device.wire.server import AdbServer
from monitor.events import Health, HookState, Step
from monitor.evidence.lines import read_events
from monitor.knowledge.catalogue import load_catalogue
from monitor.record import Options, record
from monitor.scenario.apps import bundled_app
from monitor.scenario.context import TIMEOUTS

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = Path(__file__).with_name("floors.json")
PAGE: Final = ROOT / "docs" / "floors.md"
NOTES: Final = ROOT / "emulator" / "java" / "exerciser.yaml"
#: Rows that are silent on Android's own framework, or fire there or beside it only, and why.
AOSP: Final = ROOT / "tests" / "hooks" / "aosp.yaml"
SCENARIOS: Final = ("exerciser", "quickstart", "clean")
#: States of a row, the worst first: of several processes that one counts.
STATES: Final = ("lost", "error", "unproven", "late", "hooked")


@dataclass(frozen=True)
class Floor:
    """A way to run apps: ``compiled`` is ART_FLOOR, ``exports`` a variant of the bed, ``cpu`` an emulated arm64 one."""

    about: str
    compiled: str = ""
    exports: str = ""
    cpu: str = ""
    runtime: str = "art"
    """``aosp``: with Android's own framework."""


FLOORS: Final = {
    "interpreter": Floor("ART 14, interpreter"),
    "jit": Floor("ART 14, JIT", compiled="jit"),
    "aot": Floor("ART 14, app compiled ahead of time", compiled="aot"),
    "android15": Floor("exports of Android 15", exports="android15"),
    "android16": Floor("exports of Android 16, stripped", exports="android16"),
    "android16-jit": Floor("exports of Android 16, stripped, JIT", compiled="jit", exports="android16"),
    "aosp": Floor("ART 14, interpreter, Android 14's own framework", runtime="aosp"),
    "arm64": Floor("arm64 (emulated), pointer authentication and BTI", cpu=arm64_machine.CPUS[0]),
    "arm64-plain": Floor("arm64 (emulated), without either", cpu=arm64_machine.CPUS[1]),
}
#: The same runtime with the stand-in's framework, and with Android's.
BESIDE: Final = ("interpreter", "aosp")
LOADED: Final = ("interpreter", "jit", "aot")
#: An emulated processor is so much slower: waits of scenarios and steps are longer by it.
SLOWER: Final = 12


@contextlib.contextmanager
def device(floor: Floor, home: Path) -> Iterator[dict[str, Any]]:
    """What a session on the floor is told, while the environment says how apps run."""
    before = {name: os.environ.get(name) for name in ("ART_FLOOR", "ART_BED", "ANDROID_ADB_SERVER_PORT")}
    usual = dict(TIMEOUTS)
    try:
        os.environ["ART_FLOOR"] = floor.compiled
        if floor.exports:
            os.environ["ART_BED"] = str(variant(beds.find(), floor.exports).path)
        if not floor.cpu:
            yield {"runtime": floor.runtime}
            return
        apps = [bundled_app(name, home / "apps") for name in ("exerciser", "shop", "shop-clean")]
        TIMEOUTS.update({name: usual[name] * SLOWER for name in ("find", "optional", "dialog", "front", "slow")})
        with (
            arm64_device.device(arm64.find(), apps, home / "console.log", cpu=floor.cpu) as address,
            AdbServer.private(home / "adb") as server,
        ):
            os.environ["ANDROID_ADB_SERVER_PORT"] = str(server.port)
            yield {"device": server.connect(address), "proxy": "sinkhole"}
    finally:
        TIMEOUTS.update(usual)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def session(scenario: str, bundle: Path, **options: Any) -> dict[str, Any]:
    """What one session shows of the rows. Raises SystemExit where it did not get to its end."""
    began = time.monotonic()
    name = str(slow(scenario, bundle.with_suffix(".yaml"))) if "device" in options else scenario
    outcome = record(Options(scenario=name, out=bundle, **options), Quiet())
    if why := outcome.session.cause or "; ".join(outcome.unmet):
        raise SystemExit(f"{scenario}: {why}")
    states: dict[tuple[str, int], tuple[str, str]] = {}
    fired: Counter[str] = Counter()
    faults = []
    for event in read_events(bundle):
        if isinstance(event, Step) and event.state == "failed":
            raise SystemExit(f"{scenario}: {event.verb} {event.label}: {event.detail}")
        if isinstance(event, Health) and event.what in ("failed", "lost"):
            faults.append(f"{event.what} {event.component}: {event.detail}")
        if isinstance(event, HookState):
            states |= {(hook, event.pid): (state, why) for hook, state, why in event.each()}
            if event.final:
                fired.update(event.calls)

    def unsure(one: tuple[str, str]) -> bool:
        return one[0] in STATES[:-1]

    rows = {row.id for row in load_catalogue() if row.enabled}
    worst: dict[str, tuple[str, str]] = {}
    for (hook, _), one in states.items():
        worst[hook] = min(worst.get(hook, one), one, key=_rank)
    hooked = {hook for hook in rows if worst.get(hook, ("", ""))[0] == "hooked"}
    count = Counter(worst[hook][0] for hook in rows if hook in worst)
    found = [json.loads(line) for line in (bundle / "findings.jsonl").read_bytes().splitlines()]
    return {
        "rows": len(rows),
        "installed": sum(count[state] for state in STATES),
        "proven": len(hooked),
        "fired": sum(fired[hook] > 0 for hook in rows),
        "not_proven": {hook: ": ".join(worst[hook]) for hook in sorted(rows & worst.keys()) if unsure(worst[hook])},
        "absent": {hook: one[0] for hook, one in sorted(worst.items()) if hook in rows and one[0] not in STATES},
        "silent": sorted(hook for hook in hooked if not fired[hook]) if scenario == SCENARIOS[0] else [],
        "called": sorted(hook for hook in rows if fired[hook]) if scenario != SCENARIOS[0] else [],
        "findings": sum(one["status"] == "evidenced" for one in found),
        "faults": faults,
        "seconds": round(time.monotonic() - began),
    }


def slow(scenario: str, to: Path) -> Path:
    """A scenario with the patience that an emulated processor needs, as a file: what others have done by the next step
    takes it a while."""
    folder = bundled("scenarios")
    text = (folder / f"{scenario}.yaml").read_text("utf-8")
    text = re.sub(r"(timeout: )(\d+)", lambda found: f"{found[1]}{int(found[2]) * SLOWER}", text)
    text = re.sub(r"quiet: \w+", f"quiet: {4 * SLOWER}s, limit: {10 * SLOWER}s", text)
    text = re.sub(r"^- idle: 1s$", f"- idle: {8 * SLOWER}s", text, flags=re.M)
    begun = r"^( *)- (phase: after_\w+|foreground|permission: .*)$"
    text = re.sub(begun, rf"\g<0>\n\1- idle: {2 * SLOWER}s", text, flags=re.M)
    shutil.copytree(folder / "policies", to.parent / "policies", dirs_exist_ok=True)
    to.write_text(text, "utf-8")
    return to


def _rank(one: tuple[str, str]) -> int:
    return STATES.index(one[0]) if one[0] in STATES else len(STATES)


def measure(name: str, scenarios: tuple[str, ...] = SCENARIOS) -> dict[str, Any]:
    """The sessions of a floor, by scenario."""
    floor = FLOORS[name]
    with tempfile.TemporaryDirectory() as folder, device(floor, Path(folder)) as options:
        return {one: session(one, Path(folder) / one, **options) for one in scenarios}


@cache
def listed(path: Path) -> Any:
    """What one of the lists beside this says: it is asked for each row of each floor."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def reasons(name: str) -> dict[str, str]:
    """Why the app that calls every API does not call a row on a floor, by row."""
    notes = listed(NOTES)
    known = {row: str(note["reason"]) for row, note in notes.items() if isinstance(note, dict) and "reason" in note}
    sides = listed(TABLE)
    known |= {row: str(entry["why"]) for row, entry in sides.items() if entry["seen"] != "art"}
    return known | (excused("silent") if FLOORS[name].runtime == "aosp" else {})


def excused(part: str) -> dict[str, str]:
    """Rows of a part of the list about Android's own framework (``silent``, ``differs``), and why."""
    return {row: one["why"] for one in listed(AOSP)[part] for row in one["rows"]}


def different(kept: dict[str, Any]) -> dict[str, list[str]]:
    """Rows that fire on one of the two frameworks only, and in which scenario there."""
    found: dict[str, list[str]] = {}
    for scenario in SCENARIOS[1:]:
        standin, android = (set(kept[name][scenario]["called"]) for name in BESIDE)
        for where, rows in (("stand-in", standin - android), ("Android", android - standin)):
            for row in rows:
                found.setdefault(row, []).append(f"{scenario}: {where}")
    return found


def problems(name: str, found: dict[str, Any]) -> list[str]:
    """What must not be on a floor."""
    said, silent = reasons(name), found["exerciser"]["silent"]
    bad = [f"{row}: hooked and silent" for row in silent if row not in said]
    if FLOORS[name].runtime == "aosp":
        bad += [f"{row}: not silent, and has a reason to be" for row in excused("silent") if row not in silent]
    for scenario, one in found.items():
        bad += [f"{scenario}: {row} {why}" for row, why in one["not_proven"].items()]
        bad += [f"{scenario}: {fault}" for fault in one["faults"]]
    return [f"{name}: {line}" for line in bad]


LOAD: Final = """
## Under load

`uv run python -m bench.floors --work` measures calls from eight threads while ART compiles and collects garbage:
whether the output is identical to that of a run without hooks, and how many calls were neither recorded nor counted;
and starts whose first three reads were recorded, as the device itself noted them.

| floor | calls: output, unaccounted | collections | starts seen |
|---|---|---|---|
"""
COSTS: Final = """
## What a call costs

`uv run python -m bench.floors --costs` measures microseconds of the same call below 20 frames, the lowest of the
rounds: *bare*, without a hook; *with stack*, recorded with a stack that is known and its result, below 60 frames too;
*length*, where only the length of the result is kept; *counted* with stack and outcome, out of credit; *hot*, only
counted. *Stack in bare calls* is *with stack* divided by *bare*. An emulated processor's microseconds say nothing
about a phone and are not shown; the ratio, of a few calls on a busy machine, is only indicative. A call of 0.000 was
compiled into its caller. Below 60 frames of compiled code ART's own walk of the stack is what takes long.

| floor | bare | with stack | 60 frames | length | counted | hot | stack in bare calls |
|---|---|---|---|---|---|---|---|
"""
KINDS: Final = """
What a row keeps of a call decides whether a script has to look at it. It does so in the first calls of each hook, and
always for what reports more than a call: windows, prompts, taps, screens that come and go, requests, class loaders,
buffers outside of the heap. Everything else is read below JavaScript, in microseconds of the lowest round (in
parentheses: with a script in each call); what the platform's own methods take to answer is part of it. The app compiled
ahead of time has no line: attached to late, with its loop inside of compiled code, these rows are *unproven* there, as
they have to be.

| floor | KINDS |
|---|RULE
"""
SIDES: Final = """
## Android's own framework beside the stand-in's

Rows that fire in the session of the sample shop (*quickstart*) or its twin (*clean*) on one of the two only, on ART's
interpreter. The findings are the same.

| row | fires only | why |
|---|---|---|
"""
HEAD: Final = """\
# What is verified on which runtime

Written by `uv run python -m bench.floors`; continuous integration measures one floor anew. The numbers are rows
of the hook catalogue. *Proven*: a test call of each kind of hook that the row needs came through. *Fired*: calls of the
app were recorded. The app in *exerciser* calls every API that it can (the others are listed below), *quickstart* is the
sample shop, *clean* its well-behaved twin; findings are those with status *evidenced*. All floors are ART 14 from
Debian on Linux, all but one with the stand-in's framework; for the exports of later releases its `libart` was changed
to export what theirs does. *Android 14's own framework* is compiled from Debian's source, with the stand-in's
activities, windows and views before it, its classes of other modules (wifi, bluetooth, connectivity), and services of
our own below it. On arm64, which is emulated, steps wait twelve times as long: a session of a quarter of an hour
shows reads in the background that one of twenty seconds does not, and no time is shown. Not covered: the JIT on arm64
(ART's compiler would have to be cross-built), pages of 16 KB (Debian's kernel for them has no disk driver built in),
memory tagging, and any phone.

| floor | rows | hooked | proven | exerciser: fired | quickstart: fired, findings | clean: fired, findings |
|---|---|---|---|---|---|---|
"""


def page(measured: dict[str, Any]) -> str:
    """docs/floors.md, from what was measured."""
    lines = HEAD.splitlines()
    kept = measured["floors"]
    for name, found in kept.items():
        one = found["exerciser"]
        cells = [FLOORS[name].about, one["rows"], one["installed"], one["proven"], one["fired"]]
        for other in SCENARIOS[1:]:
            cells.append(f"{found[other]['fired']}, {found[other]['findings']}" if other in found else "not run")
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    for floor in (one for name, one in FLOORS.items() if name not in kept):
        lines.append(f"| {floor.about} | not measured |  |  |  |  |  |")
    for title, key in (
        ("Not there", "absent"),
        ("Hooked and not called", "silent"),
        ("Hooked and not proven", "not_proven"),
    ):
        rows: dict[tuple[str, str], list[str]] = {}
        for name, found in kept.items():
            for row in found["exerciser"][key]:
                given = found["exerciser"][key]
                why = given[row] if isinstance(given, dict) else reasons(name).get(row, "no reason is known")
                rows.setdefault((row, why), []).append(name)
        lines += ["", f"## {title}", ""]
        if not rows:
            lines.append("None.")
            continue
        lines += ["| row | why | floors |", "|---|---|---|"]
        for (row, why), names in sorted(rows.items()):
            lines.append(
                f"| `{row}` | {why.replace('_', ' ')} | {'all' if len(names) == len(kept) else ', '.join(names)} |"
            )
    lines += beside(kept) if set(BESIDE) <= kept.keys() else []
    lines += under_load(measured["work"])
    lines += what_it_costs(measured["costs"])
    return "\n".join(lines) + "\n"


def beside(kept: dict[str, Any]) -> Iterator[str]:
    """The part of the page about the two frameworks."""
    yield from SIDES.splitlines()
    said = excused("differs")
    for row, where in sorted(different(kept).items()):
        yield f"| `{row}` | {'; '.join(where)} | {said.get(row, 'no reason is known')} |"


def work(name: str) -> dict[str, Any]:
    """What load shows on a floor of this machine's own processor."""
    floor = FLOORS[name]
    with tempfile.TemporaryDirectory() as folder, device(floor, Path(folder)):
        found = {"churn": bench_compiled.churn(str(bench_compiled.launcher(floor.compiled)), 1_000_000)}
        if floor.compiled == "jit":
            found["starts"] = bench_starts.starts(100, "art", Path(folder))
    return found


def costs(name: str) -> dict[str, Any]:
    """What a call costs on a floor; that of an emulated processor, in its machine."""
    floor = FLOORS[name]
    with tempfile.TemporaryDirectory() as folder:
        if floor.cpu:
            ended = arm64_tests.hook_costs(arm64.find(), Path(folder), cpu=floor.cpu)
            if ended.code:
                raise SystemExit(f"{name}: {ended.console[-2000:]}")
            found: dict[str, Any] = json.loads((Path(folder) / "costs.json").read_text("utf-8"))
            return found
        with device(floor, Path(folder)):
            found = bench_costs.measured(str(bench_compiled.launcher(floor.compiled)), 1000, 6)
            if floor.compiled == "aot":  # Its main thread is inside of compiled code when the hooks come: unproven.
                found["kinds"] = {}
            return found


def under_load(kept: dict[str, Any]) -> Iterator[str]:
    """The part of the page about `work`."""
    yield from LOAD.splitlines()
    for name, found in kept.items():
        churn = found["churn"]
        same = "identical" if churn["identical"] else "DIFFERENT"
        cells = [FLOORS[name].about, f"{churn['calls']:,}: {same}, {churn['unaccounted']}", churn["collections"]]
        starts = found.get("starts")
        cells.append(f"{starts['seen']} of {starts['starts']}" if starts else "not run")
        yield "| " + " | ".join(map(str, cells)) + " |"


def what_it_costs(kept: dict[str, Any]) -> Iterator[str]:
    """The part of the page about `costs`."""
    yield from COSTS.splitlines()
    for name, found in kept.items():
        ways = found["ways"]
        bare, ours = ways["bare"]["20"], ways["ours"]["20"]
        cells = [bare, ours, ways["ours"]["60"], *(ways[way]["20"] for way in ("ours_script", "counted", "hot"))]
        shown = [f"{bare:.3f}", *(f"{cell:.2f}" for cell in cells[1:])]
        shown = ["–"] * len(shown) if FLOORS[name].cpu else shown
        shown.append(f"{ours / bare:,.0f}" if bare else "–")
        yield "| " + " | ".join([FLOORS[name].about, *shown]) + " |"
    kept = {name: found for name, found in kept.items() if found["kinds"] and not FLOORS[name].cpu}
    kinds = next(iter(kept.values()))["kinds"] if kept else {}
    yield from KINDS.replace("KINDS", " | ".join(kinds)).replace("RULE", "---|" * len(kinds)).splitlines()
    for name, found in kept.items():
        shown = [f"{one['below']:.1f} ({one['script']:,.0f})" for one in found["kinds"].values()]
        yield "| " + " | ".join([FLOORS[name].about, *shown]) + " |"


def keep(part: str, name: str, found: dict[str, Any]) -> None:
    """Into the file, which another run may have written to meanwhile, and the page."""
    measured = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {"floors": {}, "work": {}, "costs": {}}
    measured[part][name] = found
    measured[part] = {one: measured[part][one] for one in FLOORS if one in measured[part]}
    text = json.dumps(measured, indent=1) + "\n"
    FILE.write_text(text, "utf-8")
    PAGE.write_text(page(json.loads(text)), "utf-8")


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("floors", nargs="*", metavar="FLOOR", help=", ".join(FLOORS))
    parser.add_argument("--work", action="store_true", help=f"what load shows, on {', '.join(LOADED)}")
    parser.add_argument("--costs", action="store_true", help="what a call costs")
    options = parser.parse_args(given)
    if unknown := set(options.floors) - FLOORS.keys():
        parser.error(f"no such floor: {', '.join(sorted(unknown))}")
    part, bad = "work" if options.work else "costs" if options.costs else "floors", []
    plain = [name for name, floor in FLOORS.items() if floor.runtime == "art"]
    for name in options.floors or (LOADED if options.work else plain if options.costs else FLOORS):
        found = {"work": work, "costs": costs, "floors": measure}[part](name)
        bad += problems(name, found) if part == "floors" else []
        keep(part, name, found)
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
