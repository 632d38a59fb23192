"""About the recording itself: what could be observed, what was lost, how its parts fared."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal, get_args

import msgspec

from monitor.events.base import Base, ValueRef
from monitor.events.traffic import Match

_HealthWord = Literal[
    "started", "ready", "stopped", "heartbeat", "clock", "stalled", "unpinning", "ports", "way_failed", "late", "lost",
    "failed", "contradiction", "quic_rejected", "skipped", "unkept",
]  # fmt: skip
#: What may have happened to a part of the monitor. What a rule or the coverage decides upon has an event of its own
#: kind. Each word has its text in both languages.
HEALTH: Final[frozenset[str]] = frozenset(get_args(_HealthWord))

if TYPE_CHECKING:  # mypy refuses any other word or detail in the code; a log of another version may hold one
    HealthWord = _HealthWord
    #: What it is about, and why; of an attached process; of clocks (microseconds); of the proxy; of connections; of the
    #: device's log; of an imported file. All values are text: decimal numbers, flags ``yes`` or ``no``.
    HealthDetail = dict[
        Literal[
            "what", "why", "kind", "fault", "reason", "place", "process",
            "agent", "bridge", "frida", "flavor", "android", "arch", "late", "held_ms", "deoptimized_ms", "given_up",
            "given_up_ms", "tail", "way",
            "offset_us", "offset_err_us", "err_us", "since_us", "asleep_us",
            "mode", "mitmproxy", "port", "route", "exit_code", "level", "queue", "captured", "dropped", "unsearched",
            "neighbours", "needles", "refused", "host", "flow",
            "local_port", "uid", "expected", "confirmed", "contradicted", "connections", "counted", "seen",
            "tries",
            "format", "sha256", "bytes", "imported_at",
        ],
        str,
    ]  # fmt: skip
else:
    HealthWord = str
    HealthDetail = dict[str, str]


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


class KnownValues(Base, frozen=True, kw_only=True, tag="known_values"):
    """Values that traffic is searched for, whether or not the app is seen reading them: ``src`` says who told them, the
    ``device`` or (``runner``) the tester."""

    known: list[ValueRef]
    way: str = ""
    """What was asked: a command of the device; empty: given by the tester."""


class LateMatch(Base, frozen=True, kw_only=True, tag="late_match"):
    """A value recognised in transmissions only after they were recorded."""

    match: Match
    flows: list[str]
    """At most fifty of them."""
    n: int = 1
    """How many there are: of older logs, more than those named."""


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


RecordingEvent = HookState | DeviceCapability | AppSocket | KnownValues | LateMatch | Recovery | Health
