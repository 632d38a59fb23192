"""The end of a session: asked for by a person, or forced by the first fault."""

import threading

from monitor.base.errors import MonitorError


class Stop:
    """A latch that several threads may set. The first fault stays; later ones follow from it and add nothing."""

    def __init__(self, asked: threading.Event) -> None:
        """``asked`` is set from outside to end the session early (Ctrl-C), and from here when a fault ends it."""
        self.event = asked
        self._lock = threading.Lock()
        self._fault: MonitorError | None = None
        self._halted = False

    @property
    def fault(self) -> MonitorError | None:
        """The first fault; None if there was none."""
        return self._fault

    @property
    def wanted(self) -> bool:
        """Whether the session is to end."""
        return self.event.is_set()

    @property
    def interrupted(self) -> bool:
        """Whether a person ended it, before any fault did."""
        return self.event.is_set() and not self._halted

    def note(self, fault: MonitorError | None) -> None:
        """Keep a fault that lets the session go on to its end."""
        with self._lock:
            self._fault = self._fault or fault

    def halt(self, fault: MonitorError) -> None:
        """End the session because nothing useful can be recorded any more."""
        with self._lock:
            self._fault = self._fault or fault
            self._halted = self._halted or not self.event.is_set()
            self.event.set()
