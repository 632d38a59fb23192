"""The closed vocabulary of the life of the monitor's parts: what happened, and the details that may accompany it.
What a rule or the coverage decides upon has an event of its own kind.

mypy refuses any other word or detail in the code; a log of another version may hold one.
"""

from typing import TYPE_CHECKING, Final, Literal, TypedDict, get_args

_HealthWord = Literal[
    "started", "ready", "stopped", "heartbeat", "clock", "stalled", "unpinning", "ports", "way_failed", "late", "lost",
    "failed", "contradiction", "quic_rejected", "skipped",
]  # fmt: skip
#: Each has its text in both languages.
HEALTH: Final[frozenset[str]] = frozenset(get_args(_HealthWord))


class _HealthDetail(TypedDict, total=False):
    """All values are text; numbers are decimal, flags ``yes`` or ``no``."""

    # What it is about, and why.
    what: str
    why: str
    kind: str
    fault: str
    reason: str
    place: str
    process: str
    # An attached process: agent, machine, start.
    agent: str
    bridge: str
    frida: str
    flavor: str
    android: str
    arch: str
    late: str
    held_ms: str
    deoptimized_ms: str
    given_up: str
    given_up_ms: str
    tail: str
    way: str
    # Clocks, in microseconds.
    offset_us: str
    offset_err_us: str
    err_us: str
    since_us: str
    asleep_us: str
    # The proxy: what it runs, and counts at its end.
    mode: str
    mitmproxy: str
    port: str
    exit_code: str
    level: str
    queue: str
    captured: str
    dropped: str
    evicted: str
    neighbours: str
    needles: str
    refused: str
    host: str
    flow: str
    # Connections.
    local_port: str
    uid: str
    expected: str
    confirmed: str
    contradicted: str
    connections: str
    counted: str
    seen: str
    # The log of the device, and reading it again.
    tries: str
    # An imported file.
    format: str
    sha256: str
    bytes: str
    imported_at: str


if TYPE_CHECKING:
    HealthWord = _HealthWord
    HealthDetail = _HealthDetail
else:
    HealthWord = str
    HealthDetail = dict[str, str]
