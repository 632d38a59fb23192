"""What the app is seen doing, for steps that wait for it, and whether its main process is still alive."""

import time
from fnmatch import fnmatchcase
from typing import Final

from monitor.base.errors import EnvironmentFault, printable
from monitor.events import Event, Lifecycle, Transmission

#: A process that has told nothing for so long since its start has no hooks.
_STARTING_S: Final = 45.0


class Activity:
    """Fed with every event, by one thread; asked by another."""

    def __init__(self, *, traffic: bool = True) -> None:
        """``traffic``: whether it is seen."""
        self._traffic = traffic
        self._busy = time.monotonic()
        self._starting: dict[int, float] = {}
        self._acting: set[int] = set()
        self._sent: dict[str, int] = {}

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        if not event.src.startswith(("hooks", "proxy", "logcat")):
            return
        self._busy = time.monotonic()
        if event.src.startswith("hooks"):
            self._acting.add(event.pid)
            self._starting.pop(event.pid, None)
        elif isinstance(event, Lifecycle) and event.pid:
            self._process(event)
        elif isinstance(event, Transmission) and not event.unowned:
            self._sent[event.host] = max(event.t, self._sent.get(event.host, 0))

    def _process(self, event: Lifecycle) -> None:
        """A hooked process is starting up from its start, by the device's log, to the first thing its hooks tell."""
        if event.what == "process_start" and self._acting and event.pid not in self._acting:
            self._starting[event.pid] = time.monotonic()
        elif event.what == "process_exit":
            self._starting.pop(event.pid, None)

    def quiet_for(self) -> float:
        """Seconds since the app was last seen doing or sending anything; 0 while a process of it is starting up."""
        now = time.monotonic()
        starts = any(now - since < _STARTING_S for since in tuple(self._starting.values()))
        return 0.0 if starts else now - self._busy

    def sent(self, host: str, since: int) -> bool:
        """Whether the app has sent something to a host (``*`` for any characters) at or after a time; true where
        nothing would show it."""
        return not self._traffic or any(t >= since and fnmatchcase(name, host) for name, t in tuple(self._sent.items()))


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
