"""The recorder's own pulse: steps of the wall clock, and moments in which the recorder itself did not run."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from monitor.base.clock import SessionClock
from monitor.events import Health, HealthDetail, HealthWord
from monitor.session.observe import Sink

EVERY_S: Final = 0.5
_STEP_US: Final = 100_000
"""A smaller difference of two clocks is slewing, or the time between two readings."""
STALL_US: Final = 5_000_000
"""A busy machine delays a thread by less; more and the recorder was stopped, or the machine asleep."""


class Pulse:
    """What one beat after the other says; ``beat`` is called about every ``EVERY_S`` seconds."""

    def __init__(self, clock: SessionClock, tell: Callable[[Health], None]) -> None:
        self._clock, self._tell = clock, tell
        self._last, self._ahead, self._asleep = clock.now(), clock.ahead(), clock.asleep()

    def beat(self) -> None:
        """Compare both clocks with the last beat."""
        now, ahead, asleep = self._clock.now(), self._clock.ahead(), self._clock.asleep()
        if abs(step := ahead - self._ahead) >= _STEP_US:
            self._ahead = ahead
            self._tell(_health(now, "clock", {"what": "wall clock of the host", "offset_us": str(step)}))
        if (missed := now - self._last - int(EVERY_S * 1e6)) >= STALL_US:
            # While only the recorder stands still, agents, proxy and device go on and queue what they have for it.
            slept = asleep - self._asleep
            told = str(slept) if slept >= _STEP_US else "0"
            self._tell(_health(now, "stalled", {"since_us": str(self._last), "asleep_us": told}, n=missed // 1000))
        self._last, self._asleep = now, asleep


@contextlib.contextmanager
def beating(clock: SessionClock, sink: Sink, app: Callable[[], str]) -> Iterator[None]:
    """Beat in a thread during the block."""
    done = threading.Event()

    pulse = Pulse(clock, lambda event: sink.emit(msgspec.structs.replace(event, app=app())))

    def run() -> None:
        while not done.wait(EVERY_S):
            pulse.beat()

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        pulse.beat()


def _health(t: int, what: HealthWord, detail: HealthDetail, n: int = 0) -> Health:
    return Health(t=t, err=0, src="runner", app="", component="recorder", what=what, detail=detail, n=n)
