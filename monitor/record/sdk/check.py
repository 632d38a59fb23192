"""Play every situation, one recording each, and put what the library did beside what its vendor declares."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from monitor.analysis.correlate.owner import platform
from monitor.analysis.declaration.matrix import Row, Seen, Situation, matrix, undeclared
from monitor.assess.opened import Opened
from monitor.base.errors import EnvironmentFault, InputError, MonitorError, printable
from monitor.base.output import folder, write_out
from monitor.device.parse.manifest import manifest
from monitor.events import Consent, Event, Health, Tap, UiSnapshot
from monitor.knowledge.tables import load_sdks
from monitor.record import recording, run
from monitor.record.sdk import situations
from monitor.record.sdk.library import Library, broken, completed, open_library, require_declared, unnamed
from monitor.record.sdk.situations import Trial
from monitor.scenario.verbs.consent import ASKED
from monitor.session.declaration import Declaration, DeclaredSdk, load_declaration
from monitor.session.options import Options, SdkOptions

_LINE: Final = re.compile(r"(call|thread) (.{1,80}?): (done|absent .*|stopped at .*|threw .*)")


class Call(NamedTuple):
    """What became of an entry point in a situation: ``done``, ``threw …`` or ``stopped at …``."""

    situation: str
    name: str
    result: str


@dataclass
class Check:
    """The result. ``rows`` is the table; ``situations`` its columns in order."""

    sdk: str
    situations: list[Situation] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    bundles: dict[str, Path] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)
    """What of the platform the library did not find, by situation."""
    lost: dict[str, int] = field(default_factory=dict)
    """Events that were lost, by situation."""
    unnamed: list[str] = field(default_factory=list)
    """Packages of the library that its declaration does not name."""
    fault: MonitorError | None = None
    interrupted: bool = False

    @property
    def stopped(self) -> list[Call]:
        """Calls that did not come to their end."""
        return [call for call in self.calls if call.result != "done"]

    @property
    def status(self) -> str:
        """``undeclared``, ``untested`` or ``declared``. Tested: a situation was played to its end, with an entry point
        that came to its own."""
        if undeclared(self.rows):
            return "undeclared"
        played = any(not situation.untested for situation in self.situations)
        done = not self.calls or any(call.result == "done" for call in self.calls)
        return "declared" if played and done else "untested"


def check(
    given: SdkOptions, progress: recording.Progress, stop: threading.Event | None = None,
    on_situation: Callable[[str, int, int], None] = lambda name, number, total: None,
) -> Check:  # fmt: skip
    """Play the situations. Raises ``InputError`` before anything is started; a later fault is in the result, with what
    ran until then."""
    play = _Play(given, progress, stop or threading.Event())
    result, found = play.result, dict[Situation, Seen]()
    for number, trial in enumerate(play.trials, 1):
        on_situation(trial.name, number, len(play.trials))
        seen = Seen(_owners(play.sdk) if play.library.kind == "apk" else (), platform)
        why = trial.skip
        if not why:
            try:
                why = play(trial, seen)
            except MonitorError as fault:
                result.fault, why = fault, printable(str(fault), 200)
        found[Situation(trial.name, trial.consent, why, trial.name == "too_early")] = seen
        if result.fault or result.interrupted:
            break
    result.situations = list(found)
    result.rows = matrix(found, play.sdk, play.declaration, play.library.permissions)
    return result


class _Play:
    """Records one situation after the other."""

    def __init__(self, given: SdkOptions, progress: recording.Progress, stop: threading.Event) -> None:
        self.given, self.progress, self.stop = given, progress, stop
        self.declaration = load_declaration(given.declaration)
        self.sdk = _chosen_sdk(self.declaration, given)
        self.library = library = open_library(Path(given.library))
        require_declared(library, self.sdk, given.declaration)
        self.package = _package(library, self.declaration, given)
        self.asked = [permission.name for permission in self.declaration.permissions or []]
        permissions = dict.fromkeys([*library.permissions, *self.asked])
        asked = [name for name in permissions if name.rpartition(".")[2] in ASKED]
        self.trials = situations.trials(self.sdk, asked, library.kind)
        known = [trial.name for trial in self.trials]
        if unknown := [name for name in given.situation if name not in known]:
            raise InputError(f"no such situation: {printable(unknown[0], 60)}", hint=f"there are: {', '.join(known)}")
        self.trials = [trial for trial in self.trials if not given.situation or trial.name in given.situation]
        self.result = Check(self.sdk.name, unnamed=unnamed(library, self.declaration))
        self.recorded = given.declaration
        """The declaration that each bundle gets."""
        folder(given.out)
        if self.result.unnamed:
            self.recorded = completed(given.declaration, self.sdk, self.result.unnamed, given.out)

    def __call__(self, trial: Trial, seen: Seen) -> str:
        """Why nothing can be said of a situation; empty if something can."""
        given, result = self.given, self.result
        place = given.out / trial.name.replace(":", "-")
        script = given.out / f"{place.name}.yaml"
        write_out(script, situations.scenario(trial, self.declaration, self.package, given.watch).encode())
        app = self.library.path
        if self.library.kind != "apk":
            plan = situations.plan(trial, self.sdk)
            app = situations.make_host(self.library, plan, self.asked, given.out / f"{place.name}.apk")
        options = Options(
            scenario=str(script), out=place, app=str(app), device=given.device, runtime=given.runtime,
            declaration=self.recorded, lang=given.lang, key=given.key, uncontained=given.uncontained,
        )  # fmt: skip
        outcome = run.record(options, self.progress, self.stop)
        result.bundles[trial.name] = place
        with Opened(place) as opened:
            events = list(opened.events())
        begun = _feed_window(events, trial, seen)
        calls = _calls(events, trial)
        result.calls += calls
        if lost := sum(event.n for event in events if isinstance(event, Health) and event.what == "lost"):
            result.lost[trial.name] = lost
        for call in calls:
            if call.result.startswith("absent "):
                why = f"entry point {call.name}: there is no {call.result.removeprefix('absent ')}"
                raise InputError(why, where=str(given.declaration), hint="what ran is kept")
        if lacking := broken(events, self.library):
            result.broken[trial.name] = lacking
        return self._untested(outcome, begun) or ("broken" if lacking else "")

    def _untested(self, outcome: recording.Outcome, begun: bool) -> str:
        self.result.interrupted = outcome.interrupted
        if outcome.fault is not None:
            self.result.fault = outcome.fault
            return printable(str(outcome.fault), 200)
        if outcome.interrupted:
            return "interrupted"
        if outcome.steps is None or outcome.steps.failed:
            return printable(outcome.steps.failed if outcome.steps else "", 200) or "no_session"
        if not outcome.session.hooks_ready:
            return "no_hooks"
        return "" if begun else "no_decision"


def _feed_window(events: list[Event], trial: Trial, seen: Seen) -> bool:
    """Feed what happened in the window; whether it began at all. Where both sides of its border are alike, what is too
    close to tell counts; after a withdrawal only what was surely after it."""
    begins = trial.begins or "denied"
    marks = (e.seq for e in events if isinstance(e, Consent) and e.via == "scenario" and e.state == begins)
    mark = next(marks, 0)
    tap = next((e for e in reversed(events) if isinstance(e, Tap) and e.seq < mark), None)
    for event in events:
        seen.context(event)
        if tap is None:
            inside = not trial.begins
        elif trial.begins and not trial.withdraw:
            inside = event.t + event.err >= tap.t - tap.err
        else:
            inside = (event.t - event.err > tap.t + tap.err) is trial.withdraw
        if inside:
            seen.feed(event)
    return tap is not None


def _calls(events: list[Event], trial: Trial) -> list[Call]:
    """What the host shows of its calls, each once."""
    found: dict[Call, None] = {}
    for event in events:
        for text in event.texts if isinstance(event, UiSnapshot) else ():
            if match := _LINE.fullmatch(text):
                name = match[2] if match[1] == "call" else f"({match[2]})"
                found[Call(trial.name, printable(name, 80), printable(match[3], 200))] = None
    return list(found)


def _chosen_sdk(declaration: Declaration, given: SdkOptions) -> DeclaredSdk:
    known, where = declaration.sdks or [], str(given.declaration)
    names = [sdk.name for sdk in known]
    if given.sdk:
        if sdk := declaration.sdk(given.sdk):
            return sdk
        hint = f"there are: {', '.join(names) or 'none'}"
        raise InputError(f"no SDK {printable(given.sdk, 60)!r} in the declaration", where=where, hint=hint)
    if len(known) != 1:
        hint = f"--sdk {' | '.join(names)}" if known else "sdks: name, data_types, hosts, entry_points"
        raise InputError(f"it declares {'several SDKs' if known else 'no SDK'}", where=where, hint=hint)
    return known[0]


def _package(library: Library, declaration: Declaration, given: SdkOptions) -> str:
    """Package of the app that runs. Raises ``InputError``."""
    if library.kind != "apk":
        if given.target.serial:
            hint = "give an APK that embeds it, or leave --device out"
            raise InputError("on a device a library runs in an app only", where=str(library.path), hint=hint)
        return situations.PACKAGE
    package = manifest(library.path).package
    if not package:
        raise InputError("its manifest names no package", where=str(library.path))
    if declaration.app.package not in ("", package):
        why = f"the declaration is for {declaration.app.package}, the app is {package}"
        raise InputError(why, where=str(given.declaration))
    return package


def _owners(sdk: DeclaredSdk) -> list[str]:
    """Names under which the library's events are attributed."""
    table = [known.id for known in load_sdks().values() if set(known.packages) & set(sdk.package_prefixes)]
    return [name for name in (sdk.id, sdk.name, *table) if name]


def require_tested(result: Check) -> None:
    """Raise ``EnvironmentFault`` where nothing was tested: no statement follows."""
    if result.status != "untested" or result.fault:
        return
    reasons = [
        *(f"the library lacks {lines[0]}" for lines in result.broken.values()),
        *(f"{call.name}: {call.result}" for call in result.stopped),
        *(situation.untested for situation in result.situations if situation.untested),
        "",
    ]
    raise EnvironmentFault("no situation was tested to its end", where=result.sdk, hint=printable(reasons[0], 300))
