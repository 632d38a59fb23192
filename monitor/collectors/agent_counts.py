"""The agent's counts compared with what was received, and what became of its hooks, as events. Pure."""

from collections.abc import Sequence

import msgspec

from monitor.base.clock import now_us
from monitor.base.errors import printable
from monitor.events import HOOKS_IN_FORCE, HookGroup, HookOverloads, HookState
from monitor.knowledge.catalogue import Row


class Counts(msgspec.Struct):
    """What was received from one hook, compared with the agent's counts."""

    details: int = 0
    aggregated: int = 0
    total: int = 0
    ignored: int = 0
    faults: int = 0
    claimed_details: int = 0
    claimed_aggregated: int = 0
    state: str = "unknown"
    why: str = ""
    members: int = 0
    signatures: list[str] = []

    @property
    def exercised(self) -> int:
        """Calls of the app that the row covers."""
        return self.total - self.ignored

    @property
    def missing(self) -> int:
        """Events that the agent counted and the host did not receive (0 unless something was lost)."""
        return abs(self.claimed_details - self.details) + abs(self.claimed_aggregated - self.aggregated)


def missing(all_counts: Sequence[Counts], *, complete: bool) -> int:
    """Calls that the agent counted and the host did not receive.

    Without a complete end the last totals may lag behind what was received; only a shortfall is then a loss.
    """
    if complete:
        return sum(counts.missing for counts in all_counts)
    return sum(
        max(counts.claimed_details - counts.details, 0) + max(counts.claimed_aggregated - counts.aggregated, 0)
        for counts in all_counts
    )


def hook_state(
    rows: Sequence[tuple[Row, Counts]], *, app: str, pid: int, process: str, late: bool, final: bool
) -> HookState:
    """The event of these rows of a process: install states, calls, and overloads found and not (rule R22), which the
    last one does not repeat."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row, counts in rows:
        why = "" if counts.why.isdigit() else printable(counts.why, 200)
        groups.setdefault((counts.state, why), []).append(row.id)
    found = [] if final else rows
    return HookState(
        t=now_us(), err=0, src="runner", app=app, pid=pid, process=process, late=late, final=final,
        states=[HookGroup(state=state, why=why, hooks=hooks) for (state, why), hooks in groups.items()],
        calls={row.id: counts.exercised for row, counts in rows if counts.exercised},
        overloads={row.id: c.members for row, c in found if c.members != (c.state in HOOKS_IN_FORCE)},
        differing=[one for row, counts in found if (one := _differing(row, counts))],
    )  # fmt: skip


def _differing(row: Row, counts: Counts) -> HookOverloads | None:
    if not row.overloads or not counts.signatures or set(row.overloads) == set(counts.signatures):
        return None
    absent = sorted(set(row.overloads) - set(counts.signatures))
    more = sorted(set(counts.signatures) - set(row.overloads))
    return HookOverloads(hook=row.id, absent=" ".join(absent)[:300], unlisted=" ".join(more)[:300])


def hooks_off(app: str, rows: Sequence[tuple[str, str]]) -> HookState:
    """The event of rows (hook, why) that are in no process: what they would have seen is not observable."""
    groups: dict[str, list[str]] = {}
    for hook, why in rows:
        groups.setdefault(printable(why, 200), []).append(hook)
    states = [HookGroup(state="off", why=why, hooks=hooks) for why, hooks in groups.items()]
    return HookState(t=now_us(), err=0, src="runner", app=app, states=states)
