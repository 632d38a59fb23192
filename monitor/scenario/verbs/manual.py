"""The verb ``manual``: a person uses the device and marks what happens."""

from collections.abc import Callable
from typing import Final

from monitor.base.errors import MonitorError, printable
from monitor.events import Consent
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.marks import Mark, Marks
from monitor.scenario.registry import VERBS, verb
from monitor.scenario.screen import Selector

#: Seconds without activity of the app after which its screen is taken once more.
_SETTLED: Final = 1.0
_DECISIONS: Final = {"granted": "accept", "denied": "reject", "withdrawn": "withdraw", "shown": "shown"}


@verb("manual", takes_ms=0)
def manual(run: Run) -> None:
    """Leave the device to a person, who marks what happens (monitor run --manual) and ends the step."""
    if run.marks is None:
        raise StepFailed("nobody is there to mark: monitor run --manual")
    by_hand = _ByHand(run, run.marks)
    run.snapshot("manual")
    fresh = True
    while True:
        run.wait(0)  # a stop is noticed
        mark = run.marks.take(TIMEOUTS["poll"])
        if mark is None:
            if fresh and run.quiet_for() >= _SETTLED:
                fresh = False
                run.snapshot("screen")
        elif mark.what == "end":
            for name in list(run.marks.functions):
                by_hand.take(Mark(what="function", name=name, begins=False))
            return
        else:
            fresh |= mark.what not in ("note", "screenshot")
            by_hand.take(mark)


class _ByHand:
    """Each mark becomes a step. One that cannot be done fails alone: the session goes on."""

    def __init__(self, run: Run, marks: Marks) -> None:
        self._run, self._marks, self._number = run, marks, 0

    def take(self, mark: Mark) -> None:
        """Do what a mark says."""
        self._number += 1
        if mark.what == "function":
            self._function(printable(mark.name.strip()), mark.begins)
            return
        name, label, act = self._step(mark)
        self._record(name, "started", label)
        try:
            act()
        except (StepFailed, MonitorError) as fault:
            self._record(name, "failed", label, f": {fault}")
        else:
            self._record(name, "ok", label)

    def _function(self, name: str, begins: bool) -> None:
        """A function begins or ends; rules read its name from the step."""
        if begins:
            self._marks.functions.append(name)
        elif name in self._marks.functions:
            self._marks.functions.remove(name)
        self._record("function", "started" if begins else "ok", name)

    def _step(self, mark: Mark) -> tuple[str, str, Callable[[], object]]:
        """Verb, label and deed of a mark."""
        run = self._run
        if mark.what == "consent":
            about = {"scope": mark.scope, "state": mark.state, "via": "person", "detail": {"by": self._marks.by}}
            said = Consent(**run.base(), **about)  # type: ignore[arg-type]
            return "consent", f"{mark.scope}: {_DECISIONS[mark.state]}", lambda: run.emit(said)
        if mark.what == "tap":
            at = Selector(point=f"{mark.x},{mark.y}")
            return "tapOn", at.point, lambda: run.tap(at)
        if mark.what == "note":
            return "note", printable(mark.text, 200), lambda: None
        if mark.what == "screenshot":
            return "takeScreenshot", mark.name, lambda: run.snapshot(mark.name or "screen")
        known = VERBS[{"home": "background", "open": "foreground"}.get(mark.what, mark.what)]
        args = known.args.model_validate({"url": mark.text} if mark.what == "policy" else {})

        def act() -> None:
            known.run(run, args)
            if mark.what == "back":
                run.snapshot("after back")

        return known.name, args.title(), act

    def _record(self, verb: str, state: str, label: str, why: str = "") -> None:
        self._run.step(self._number, verb, state, label[:200], f"marked by {self._marks.by}{why}")
