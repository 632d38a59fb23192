"""What the agent counted against what came, and how that is told in ``health`` events. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from monitor.catalogue import Row
from monitor.errors import printable


class Counts(msgspec.Struct):
    """What came of one hook, against what the agent counted."""

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
        """Calls of the app that the row means."""
        return self.total - self.ignored

    @property
    def missing(self) -> int:
        """Events the agent counted and the host did not get (0 unless something was lost)."""
        return abs(self.claimed_details - self.details) + abs(self.claimed_aggregated - self.aggregated)


def missing(all_counts: Sequence[Counts], *, complete: bool) -> int:
    """Calls that the agent counted and the host did not get.

    Without a complete end the last totals may be behind what came: only what is short is a loss then.
    """
    if complete:
        return sum(counts.missing for counts in all_counts)
    return sum(
        max(counts.claimed_details - counts.details, 0) + max(counts.claimed_aggregated - counts.aggregated, 0)
        for counts in all_counts
    )


def row_detail(row: Row, counts: Counts, *, process: str, late: bool, final: bool) -> dict[str, str]:
    """The ``detail`` of a row's ``health`` event: install state, overloads found and not, calls (rule R22)."""
    detail = {
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
