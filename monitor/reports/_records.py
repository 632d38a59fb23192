"""What the reports show besides findings and coverage: groups of findings, recipients, chains of evidence, trouble."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from monitor.events import ApiCall, Event, Frame, Health, Recovery, Transmission
from monitor.reports._rows import Clause, FindingRow
from monitor.text.reasons import lost_in_import

_TROUBLE: Final = frozenset({"lost", "late", "failed", "clock_moved"})


class Trouble(NamedTuple):
    """Something of the monitor's own that a reader must know: where, what, how many times, and details by name."""

    t: int
    component: str
    what: str
    n: int
    detail: Mapping[str, str]
    hook: str = ""


def trouble_of(event: Event) -> Trouble | None:
    """An event as trouble, if it is that."""
    if isinstance(event, Recovery):
        detail = {"torn_bytes": str(event.torn_bytes), "torn_sha256": event.torn_sha256, "events": str(event.events)}
        return Trouble(event.t, "evidence", "recovery", 0, detail)
    if not isinstance(event, Health):
        return None
    detail = {str(name): str(value) for name, value in event.detail.items()}
    if event.what in _TROUBLE or lost_in_import(event.component, event.what, detail.get("why", "")):
        return Trouble(event.t, event.component, event.what, event.n, detail, event.hook)
    return None


@dataclass(frozen=True, kw_only=True)
class Group:
    """The findings of a rule: the rule's texts and clauses once, and what its findings name.
    ``status``: that of the strongest."""

    rule: str
    title: str
    description: str
    advice: str
    level: str
    status: str
    statuses: Counter[str]
    clauses: list[Clause]
    findings: list[FindingRow]
    what: list[str]
    sdks: list[str]
    recipients: list[str]


@dataclass
class Receiver:
    """A host with what it received."""

    host: str
    org: str
    party: str
    sdks: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    bytes: int = 0
    count: int = 0


class Chain(NamedTuple):
    """The first call, its stack, code and host that a finding names; what is missing is None. ``more``: frames that
    are not shown; ``caller``: the innermost frame that is not the system's."""

    call: ApiCall | None
    sent: Transmission | None
    first: Event | None
    frames: list[Frame]
    more: int
    caller: Frame | None
