"""Whether the app under test is still alive, according to the log of its main process."""

from typing import Final

from monitor.errors import EnvironmentFault, printable
from monitor.events import Event, Lifecycle

_HINT: Final = "the reason is in the device's log: adb logcat -b crash"


class Life:
    """Fed with every event; knows how the app's main process ended, unless the monitor stopped it."""

    def __init__(self) -> None:
        self._exits: set[int] = set()
        self._end: Lifecycle | None = None

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        if not isinstance(event, Lifecycle) or event.process != event.app:
            return
        if event.what == "process_start":
            self._end = None
        elif event.what == "process_exit" and event.src.startswith("hooks:"):
            self._exits.add(event.pid)
        elif event.what == "process_exit":
            self._end = event

    def fault(self) -> EnvironmentFault | None:
        """Why the app is gone; None if it runs, was stopped, or chose to exit."""
        if self._end is None:
            return None
        where, cause = f"{self._end.process}, process {self._end.pid}", self._end.cause
        if self._end.crashed:
            return EnvironmentFault(f"the app crashed: {printable(cause, 300)}", where=where, hint=_HINT)
        if cause or self._end.pid in self._exits:
            return None
        return EnvironmentFault("the app's process exited unexpectedly", where=where, hint=_HINT)
