"""The agent's counts compared with what was received, reported as ``health`` events. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from monitor.catalogue import Row
from monitor.errors import printable
from monitor.health import HealthDetail


class Counts(msgspec.Struct):
    """What was received from one hook, compared with the agent's counts."""

    details: int = 0
    aggregated: int = 0
    total: int = 0
    nested: int = 0
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


def row_detail(row: Row, counts: Counts, *, process: str, late: bool, final: bool) -> HealthDetail:
    """The ``detail`` of a row's ``health`` event: install state, overloads found and not, calls (rule R22)."""
    detail: HealthDetail = {
        "state": counts.state, "overloads": str(counts.members), "exercised": str(counts.exercised),
        "data_type": row.data_type, "process": process, "final": "yes" if final else "no",
        "late": "yes" if late or counts.state == "late" else "no",
    }  # fmt: skip
    if counts.why and not counts.why.isdigit():
        detail["why"] = printable(counts.why, 200)
    if row.overloads and counts.signatures:
        absent = sorted(set(row.overloads) - set(counts.signatures))
        more = sorted(set(counts.signatures) - set(row.overloads))
        if absent:
            detail["overloads_absent"] = " ".join(absent)[:300]
        if more:
            detail["overloads_unlisted"] = " ".join(more)[:300]
    return detail
