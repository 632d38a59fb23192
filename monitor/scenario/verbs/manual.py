"""The verb ``manual``: a person uses the device and marks what happens."""

from collections.abc import Callable
from typing import Final

from monitor.base.errors import MonitorError, printable
from monitor.events import Consent
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.marks import Mark, Marks
from monitor.scenario.registry import VERBS, Args, verb

#: Seconds without activity of the app after which its screen is taken once more.
_SETTLED: Final = 1.0
_DECISIONS: Final = {"granted": "accept", "denied": "reject", "withdrawn": "withdraw", "shown": "shown"}


class Manual(Args):
    """Only the common arguments. It takes as long as the person wants."""

    takes_ms = 0


@verb("manual", Manual)
def manual(run: Run, args: Manual) -> None:
    """Leave the device to a person, who marks what happens (monitor run --manual) and ends the step."""
    marks = run.marks
    if marks is None:
        raise StepFailed("nobody is there to mark: monitor run --manual")
    run.snapshot("manual")
    number, fresh = 0, True
    while True:
        run.wait(0)  # a stop is noticed
        mark = marks.take(TIMEOUTS["poll"])
        if mark is None:
            if fresh and run.quiet_for() >= _SETTLED:
                fresh = False
                run.snapshot("screen")
            continue
        if mark.what == "end":
            for name in list(marks.functions):
                _function(run, marks, Mark(what="function", name=name, begins=False), number := number + 1)
            return
        number += 1
        fresh |= mark.what not in ("note", "screenshot")
        _one(run, marks, mark, number)


def _one(run: Run, marks: Marks, mark: Mark, number: int) -> None:
    """One mark as a step. One that cannot be done fails alone: the session goes on."""
    if mark.what == "function":
        _function(run, marks, mark, number)
        return
    name, label, act = _step(run, marks, mark)
    _say(run, marks, number, name, "started", label)
    try:
        act()
    except (StepFailed, MonitorError) as fault:
        _say(run, marks, number, name, "failed", label, str(fault))
    else:
        _say(run, marks, number, name, "ok", label)


def _step(run: Run, marks: Marks, mark: Mark) -> tuple[str, str, Callable[[], object]]:
    """Verb, label and deed of a mark."""
    if mark.what == "consent":
        said = Consent(**run.base(), scope=mark.scope, state=mark.state, via="person", detail={"by": marks.by})  # type: ignore[arg-type]
        return "consent", f"{mark.scope}: {_DECISIONS[mark.state]}", lambda: run.emit(said)
    if mark.what == "tap":
        return "tapOn", f"{mark.x}, {mark.y}", lambda: run.tap_at(mark.x, mark.y)
    if mark.what == "back":
        return "back", "", lambda: _key(run, "KEYCODE_BACK")
    if mark.what == "note":
        return "note", printable(mark.text, 200), lambda: None
    if mark.what == "screenshot":
        return "takeScreenshot", mark.name, lambda: run.snapshot(mark.name or "screen")
    known = VERBS[{"home": "background", "open": "foreground"}.get(mark.what, mark.what)]
    args = known.args.model_validate({"url": mark.text} if mark.what == "policy" else {})
    return known.name, args.title(), lambda: known.run(run, args)


def _function(run: Run, marks: Marks, mark: Mark, number: int) -> None:
    """A function begins or ends; rules read its name from the step."""
    name = printable(mark.name.strip())
    if mark.begins:
        marks.functions.append(name)
        _say(run, marks, number, "function", "started", name)
        return
    if name in marks.functions:
        marks.functions.remove(name)
    _say(run, marks, number, "function", "ok", name)


def _key(run: Run, key: str) -> None:
    run.port.key(key)
    run.wait(TIMEOUTS["settle"])
    run.snapshot("after back")


def _say(run: Run, marks: Marks, number: int, verb_: str, state: str, label: str, why: str = "") -> None:
    detail = f"marked by {marks.by}" + (f": {why}" if why else "")
    run.step(number, verb_, state, label[:200], detail)
