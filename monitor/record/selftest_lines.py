"""What a self-test has observed of the app, and the lines that judge it: pure but for the wait."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from monitor.base import clock, errors
from monitor.base.checks import Check, State
from monitor.collectors.proxy.tls import broken_off
from monitor.events import Base, Event, TlsFailure, Transmission
from monitor.session.observe import RawValue

#: The host of a request that is not the app's.
NEIGHBOUR: Final = "neighbour.invalid"
WAIT_S: Final = 30.0
_REFUSING_S: Final = 5.0
#: Below this share of the rows that this Android has, the engine is broken and not merely incomplete.
_LEAST: Final = 0.9
_PROVEN: Final = frozenset({"hooked", "late"})
_COMPILED: Final[dict[str, tuple[State, str]]] = {
    "seen": ("ok", "a call from compiled code reached its hook"),
    "missed": ("fail", "a call from compiled code did not reach its hook"),
}
#: Readings of a failed handshake that say nothing of the certificate.
_OTHERWISE: Final = ("client_fault", "not_tls", "quic")
#: Rows whose classes, methods or libraries are not there: no fault of the engine's.
_ABSENT: Final = ("absent_", "declared_only", "off")


class Observations:
    """A sink that keeps events for the duration of the test, and nothing of values and bodies."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._stacks = itertools.count(1)

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        """Keep the event, drop the values."""
        self.events.append(event)

    def blob(self, data: bytes, *, private: bool) -> str:
        """Keep nothing of bodies."""
        return ""

    def stack_number(self) -> int:
        """The next one."""
        return next(self._stacks)

    def of[Kind: Base](self, kind: type[Kind], what: str = "") -> list[Kind]:
        """Events of a kind, about something; more may come meanwhile."""
        events = [event for event in list(self.events) if isinstance(event, kind)]
        return [event for event in events if not what or getattr(event, "what", "") == what]

    def requests(self) -> list[Transmission]:
        """Requests that may be the app's."""
        return [event for event in self.of(Transmission) if event.host != NEIGHBOUR]

    def over_tls(self) -> int:
        """How many of them came over TLS."""
        return sum(event.scheme == "https" for event in self.requests())

    def refusals(self) -> list[TlsFailure]:
        """Connections that ended at our certificate, and not because the test had stopped the app."""
        failed = [event for event in self.of(TlsFailure) if not event.idle and not broken_off(event.alert)]
        return [event for event in failed if event.reading not in _OTHERWISE]

    def refusing(self) -> bool:
        """Whether connections have ended at the certificate for so long that an accepted one would have come."""
        first = min((event.failed for event in self.refusals()), default=clock.now_us())
        return clock.now_us() - first > _REFUSING_S * 1_000_000


def until(true: Callable[[], object]) -> None:
    """Wait for something to become true, no longer than ``WAIT_S``."""
    end = time.monotonic() + WAIT_S
    while not true() and time.monotonic() < end:
        time.sleep(0.1)


def line(name: str, state: State, detail: str, *, needed: bool | None = None) -> Check:
    """A line of the test. ``needed``: by default a red one is."""
    needed = state == "fail" if needed is None else needed
    return Check(name=name, state=state, detail=errors.printable(detail, 300), needed=needed)


def engine(rows: Collection[tuple[str, str]], fault: str) -> Check:
    """Whether the hooks are in force, each shown by a call. ``rows``: state of each, and why it is not in force;
    ``fault``: what the agent said of its engine."""
    there = [(state, why) for state, why in rows if not state.startswith(_ABSENT)]
    unproven = [why or state for state, why in there if state not in _PROVEN]
    proven = len(there) - len(unproven)
    said = f"{proven} of {len(there)} hooks proven by a call, {len(rows) - len(there)} not on this Android"
    if there and not unproven:
        return line("engine", "ok", said, needed=True)
    why = fault or next((reason for reason, _ in Counter(unproven).most_common(1)), "no hook could be installed")
    return line("engine", "fail" if proven < _LEAST * len(there) or not there else "warn", f"{said}: {why}")


def way(agent: Mapping[str, Any], fault: str) -> Check:
    """By which way calls reach the hooks: gates of our own, or the bridge, and why. ``agent``: on itself."""
    if name := str(agent.get("way") or ""):
        why = str(agent.get("way_why") or "")
        return line("way", "warn" if why and name != "gates" else "ok", f"{name}: {why}" if why else name)
    if fault:
        return line("way", "warn", f"bridge only: {fault}")
    gates = agent.get("flavor") == "art"
    return line("way", "ok", "gates" if gates else "C entries, put in place by the bridge")


def compiled(agent: Mapping[str, Any]) -> Check:
    """Whether a call from compiled code reached a hook: such code may have the method's body inlined."""
    outcome, why = str(agent.get("compiled")), str(agent.get("compiled_why") or "")
    state, said = _COMPILED.get(outcome, ("warn", "not tested: the agent made no call from compiled code"))
    return line("compiled", state, f"{said}: {why}" if why and state != "ok" else said)


def tls(sees: str, read: int, refused: int, *, owned: bool) -> Check:
    """Whether the app accepts the proxy's certificate. ``sees``: state of the capability that it sees it (yes, no,
    unknown); ``read``, ``refused``: requests over TLS, and connections that ended at the certificate."""
    if read and owned:
        return line("tls", "ok", "the app accepted the certificate")
    if not refused:
        return line("tls", "warn", "no connection over TLS that would show it")
    if sees == "yes":
        return line("tls", "fail", "the app sees the certificate and rejects it all the same")
    return line("tls", "warn", "connections were rejected at the certificate")


def unless(name: str, wrong: str, right: str) -> Check:
    """What fails the test if something is ``wrong``, and otherwise says what is right."""
    return line(name, "fail" if wrong else "ok", wrong or right, needed=True)
