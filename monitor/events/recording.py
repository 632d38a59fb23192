"""About the recording itself: what could be observed, what was lost, how its parts fared."""

from collections.abc import Iterator

import msgspec

from monitor.events.base import Base
from monitor.events.health import HealthDetail, HealthWord
from monitor.events.traffic import Match


class HookGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hooks of one state, and why, unless they are in force."""

    state: str
    hooks: list[str]
    why: str = ""


class HookOverloads(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Overloads of one hook, as the catalogue lists them and as the device has them; texts separated by spaces."""

    hook: str
    absent: str = ""
    unlisted: str = ""


class HookState(Base, frozen=True, kw_only=True, omit_defaults=True, tag="hook_state"):
    """What became of hooks in a process, or (``pid`` 0) of those that are in none: one event a change."""

    process: str = ""
    late: bool = False
    """Its hooks were not active before the app's first line."""
    final: bool = False
    """The process has ended, or is no longer watched: the numbers of calls are final."""
    states: list[HookGroup]
    calls: dict[str, int] = {}
    """Calls of the app by hook; none of those not named."""
    overloads: dict[str, int] = {}
    """Members hooked, where it is not one for a hook in force and none for another; not repeated when final."""
    differing: list[HookOverloads] = []
    """Where the catalogue's overloads are not those of the device."""

    def each(self) -> Iterator[tuple[str, str, str]]:
        """Hook, state and why of each."""
        return ((hook, group.state, group.why) for group in self.states for hook in group.hooks)


class DeviceCapability(Base, frozen=True, kw_only=True, tag="capability"):
    """Whether something can be observed on this device, and why not."""

    name: str
    state: str
    why: str = ""


class AppSocket(Base, frozen=True, kw_only=True, tag="socket"):
    """Whose a connection to the proxy is, by the device's own table: a local port and its user ID."""

    local_port: int
    uid: int
    own: bool


class LateMatch(Base, frozen=True, kw_only=True, tag="late_match"):
    """A value recognised in transmissions only after they were recorded."""

    match: Match
    flows: list[str]
    """The first fifty of them."""
    n: int = 1
    """How many there are."""


class Recovery(Base, frozen=True, kw_only=True, tag="recovery"):
    """The log goes on, or ends, after its recording was interrupted."""

    events: int
    """How many were intact."""
    torn_bytes: int = 0
    """Set aside: what was written last and not completely."""
    torn_sha256: str = ""


class Health(Base, frozen=True, kw_only=True, tag="health"):
    """The life of the monitor's parts: what started, stopped, was lost, late or failed."""

    component: str
    what: HealthWord
    detail: HealthDetail = {}
    n: int = 0
    hook: str = ""
