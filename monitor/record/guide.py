"""What guides an exploration: how the consent reader reads the window in front, and what of the app was not met yet.

The only place where what drives the app learns how a screen is judged. The reader is the assessment's own
(``ConsentTracker``), fed with the same events; the assessment's instance would be seconds behind, as it waits for what
comes late. What is asked here is never logged as a consent.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.consent.text import closes, find, label, plain
from monitor.analysis.consent.tracker import ConsentTracker
from monitor.analysis.consent.window import bounded
from monitor.analysis.coverage.reference import Reference
from monitor.analysis.rules.given import switches
from monitor.analysis.rules.model import HISTORY
from monitor.base.clock import now_us
from monitor.device.parse.screen import component
from monitor.events import KINDS, ApiCall, Event, HookState, Lifecycle, PermissionRequest, Tap, UiSnapshot, Window
from monitor.record.inputs import Inputs
from monitor.scenario.explore.model import Answer, Control, Reading, Tappable

#: What was emitted is in the log within this time, unless it was lost.
_LOGGED_S: Final = 10.0
#: What consent is read from.
_READ: Final = frozenset(KINDS[kind] for kind in HISTORY)


class Guide:
    """Fed with every event of the log by one thread; asked by another."""

    def __init__(
        self, app: str, inputs: Inputs, activities: Iterable[str], references: Callable[[], Sequence[Reference]]
    ) -> None:
        names = {name: org.id for org in inputs.organisations.values() for name in (org.name, org.name_zh) if name}
        self.activities = sorted(activities)
        self._app, self._references = app, references
        self._merger = TapMerger()
        self._tracker = ConsentTracker(self._merger, names, None, switches(inputs.declaration))
        self._changed = threading.Condition()
        self._pictured = self._windows = 0
        self._called: set[str] = set()
        self._reached: set[str] = set()

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        with self._changed:
            for one in self._merger.push(bounded(event)) if type(event) in _READ else ():
                self._tracker.feed(one)
            if isinstance(event, ApiCall) and event.hook:
                self._called.add(event.hook)
            elif isinstance(event, PermissionRequest):
                self._called.add("permission.request")
            elif isinstance(event, HookState):
                self._called.update(hook for hook, calls in event.calls.items() if calls)
            elif isinstance(event, Lifecycle):
                self._reach(event.component)
            elif isinstance(event, Window):
                self._windows += event.action in ("shown", "hidden") and event.window_kind != "toast"
            elif isinstance(event, UiSnapshot):
                self._reach(event.focus)
                self._pictured = event.t
                self._changed.notify_all()

    def _reach(self, text: str) -> None:
        front = component(text)
        if front.cls and front.package == self._app:
            self._reached.add(front.cls)

    def windows(self) -> int:
        """How many windows came up or closed so far."""
        return self._windows

    def called(self) -> int:
        """How many rows were called so far."""
        return len(self._called)

    def met(self) -> set[str]:
        """Activities that were in front."""
        with self._changed:
            return set(self._reached)

    def missing(self) -> tuple[list[str], list[str]]:
        """Activities of the app that were not, and rows that code refers to and nobody called."""
        with self._changed:
            rows = {one.hook for one in self._references() if one.personal} - self._called
            return [name for name in self.activities if name not in self._reached], sorted(rows)

    def read(self, controls: Sequence[Tappable], since: int) -> Reading:
        """How the window in front reads, once a picture of the screen that is no older than ``since`` is in the log:
        one that is lost delays only the look for which it was taken."""
        with self._changed:
            self._changed.wait_for(lambda: self._pictured >= since, _LOGGED_S)
            for one in self._merger.release(None):
                self._tracker.feed(one)
            return self._read(controls)

    def _read(self, controls: Sequence[Tappable]) -> Reading:
        answers: dict[Control, Answer] = {}
        scopes: tuple[str, ...] = ()
        strange = asks_back = dialog = False
        front = self._tracker.notices.showing(one.label for one in controls)
        src, window = front.key if front is not None else ("runner", 0)  # as the app, or else the runner would tell it
        for one in controls:
            fields = {"label": one.label, "view": one.view, "checked": one.checked, "window": window}
            via = "hook" if window else "runner"
            tap = Tap(t=now_us(), err=0, src=src, app=self._app, via=via, **fields)  # type: ignore[arg-type]
            on, marks = self._tracker.foresee(tap)
            scopes = on.asked or scopes
            strange |= on.window == "strange"
            asks_back |= on.asks_back
            dialog |= on.under is not None and not on.under.page
            literally = label(one.label)
            says = literally.meaning or "idle" * on.page.links.__contains__(one.label)
            answers[one.control] = Answer(
                on.meaning, tuple(marks), closes(one.label), says, one.checked == "on", literally.clear,
                layer=plain(one.label) in on.page.controls and bool(find(plain(one.label), "layer")),
            )  # fmt: skip
        return Reading(scopes, strange and not scopes, asks_back, dialog, answers)
