"""The first reads of a process: as the device noted them, and as they were recorded."""

from collections.abc import Iterable
from typing import Any

from monitor.events import ApiCall

FIRST = 3


def first_reads(pid: int, truth: Iterable[dict[str, Any]], calls: Iterable[ApiCall]) -> tuple[list[str], list[str]]:
    """Data types of the first three reads, by the device's log and among the events, in order of time."""
    noted = [line["data_type"] for line in truth if line["what"] == "api" and line["pid"] == pid][:FIRST]
    own = sorted((call for call in calls if call.pid == pid and call.role == "source"), key=lambda call: call.t)
    return noted, [call.data_type for call in own if call.data_type in noted][:FIRST]
