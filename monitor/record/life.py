"""Whether the app under test is still alive, by what the log says of its main process."""

from __future__ import annotations

import re
from typing import Final

from monitor.errors import EnvironmentFault, printable
from monitor.events import Event, Lifecycle

_CRASH: Final = re.compile(r"crash|Native crash|[A-Za-z_]\w*(\.[\w$]+)+")
_HINT: Final = "the reason is in the device's log: adb logcat -b crash"


class Life:
    """Fed with every event; knows how the app's main process ended if it ended of itself."""

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
        if _CRASH.fullmatch(cause):
            return EnvironmentFault(f"the app crashed: {printable(cause, 100)}", where=where, hint=_HINT)
        if cause or self._end.pid in self._exits:
            return None
        return EnvironmentFault("the app's process ended, nobody stopped it", where=where, hint=_HINT)
