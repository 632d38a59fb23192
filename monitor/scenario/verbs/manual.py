"""The verb ``manual``: a person uses the device and marks what happens."""

from collections.abc import Callable
from functools import partial
from typing import Final

from monitor.base.errors import MonitorError, printable
from monitor.events import Consent
from monitor.scenario import context, marks, registry, screen

#: Seconds without activity of the app after which its screen is taken once more.
_SETTLED: Final = 1.0
_DECISIONS: Final = {"granted": "accept", "denied": "reject", "withdrawn": "withdraw", "shown": "shown"}


@registry.verb("manual", takes_ms=0)
def manual(run: context.Run) -> None:
    """Leave the device to a person, who marks what happens (monitor run --manual) and ends the step."""
    if run.marks is None:
        raise context.StepFailed("nobody is there to mark: monitor run --manual")
    begun: list[str] = []
    """Functions of the app that have begun and not ended."""
    number, fresh, by = 0, True, run.marks.by
    run.snapshot("manual")
    while True:
        run.wait(0)  # a stop is noticed
        mark = run.marks.take(context.TIMEOUTS["poll"])
        if mark is None:
            if fresh and run.quiet_for() >= _SETTLED:
                fresh = False
                run.snapshot("screen")
            continue
        number += 1
        record = partial(run.step, number, detail=f"marked by {by}")
        if mark.what == "end":
            for name in begun:  # rules read it from the step
                run.step(number, "function", "ok", name[:200], f"marked by {by}")
                number += 1
            return
        fresh |= mark.what not in ("note", "screenshot")
        if mark.what == "function":
            name = printable(mark.name.strip())
            if mark.begins:
                begun.append(name)
            elif name in begun:
                begun.remove(name)
            record("function", "started" if mark.begins else "ok", name[:200])
            continue
        verb_name, label, act = _deed(run, mark, by)
        record(verb_name, "started", label[:200])
        try:  # what cannot be done fails alone: the session goes on
            act()
        except (context.StepFailed, MonitorError) as fault:
            record(verb_name, "failed", label[:200], detail=f"marked by {by}: {fault}")
        else:
            record(verb_name, "ok", label[:200])


def _deed(run: context.Run, mark: marks.Mark, by: str) -> tuple[str, str, Callable[[], object]]:
    """Verb, label and deed of a mark by a person."""
    if mark.what == "consent":
        about = {"scope": mark.scope, "state": mark.state, "via": "person", "detail": {"by": by}}
        said = Consent(**run.base(), **about)  # type: ignore[arg-type]
        return "consent", f"{mark.scope}: {_DECISIONS[mark.state]}", lambda: run.emit(said)
    if mark.what == "tap":
        at = screen.Selector(point=f"{mark.x},{mark.y}")
        return "tapOn", at.point, lambda: run.tap(at)
    if mark.what == "note":
        return "note", printable(mark.text, 200), lambda: None
    if mark.what == "screenshot":
        return "takeScreenshot", mark.name, lambda: run.snapshot(mark.name or "screen")
    known = registry.VERBS[{"home": "background", "open": "foreground"}.get(mark.what, mark.what)]
    args = known.args.model_validate({"url": mark.text} if mark.what == "policy" else {})

    def act() -> None:
        known.run(run, args)
        if mark.what == "back":
            run.snapshot("after back")

    return known.name, args.title(), act
