"""What a self-test has seen of the app so far: its events, and what they say."""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Final

from monitor.base.clock import now_us
from monitor.base.errors import MonitorError
from monitor.events import Base, Event, Health, Lifecycle, Transmission
from monitor.record import selftest_lines as lines
from monitor.session.observe import RawValue

#: The host of a request that is not the app's.
NEIGHBOUR: Final = "neighbour.invalid"
WAIT_S: Final = 30.0
_REFUSING_S: Final = 5.0


class Seen:
    """A sink that keeps events for the duration of the test."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._stacks = 0

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        """Keep the event, drop the values."""
        self.events.append(event)

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep nothing of bodies."""
        return ""

    def stack_number(self) -> int:
        """The next one."""
        self._stacks += 1
        return self._stacks

    def of[Kind: Base](self, kind: type[Kind]) -> list[Kind]:
        """Those of a kind; more may come meanwhile."""
        return [e for e in list(self.events) if isinstance(e, kind)]

    def life(self, what: str) -> bool:
        """Whether this was told of the app's life."""
        return any(e.what == what for e in self.of(Lifecycle))

    def health(self, what: str) -> list[Health]:
        """What was told of our own parts."""
        return [e for e in self.of(Health) if e.what == what]

    def requests(self) -> list[Transmission]:
        """Those that may be the app's."""
        return [e for e in self.of(Transmission) if e.host != NEIGHBOUR]

    def over_tls(self) -> int:
        """How many of them came over TLS."""
        return sum(e.scheme == "https" for e in self.requests())

    def refused(self) -> int:
        """How many connections ended at our certificate."""
        return len(lines.refusals(list(self.events)))

    def refusing(self) -> bool:
        """Whether connections have ended at the certificate for so long that an accepted one would have come."""
        first = min((e.failed for e in lines.refusals(list(self.events))), default=now_us())
        return now_us() - first > _REFUSING_S * 1_000_000

    def taken(self) -> bool:
        """Whether the other app's request was taken for the app's."""
        return any(e.host == NEIGHBOUR and not e.unowned for e in self.of(Transmission))


def until(true: Callable[[], object]) -> None:
    """Wait for something to become true, no longer than ``WAIT_S``."""
    end = time.monotonic() + WAIT_S
    while not true() and time.monotonic() < end:
        with contextlib.suppress(MonitorError):
            time.sleep(0.1)
