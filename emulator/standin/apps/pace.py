"""Limits of time that a busy machine does not shorten: they run only while the process that is waited for is idle."""

import asyncio
import contextlib
from pathlib import Path
from typing import NamedTuple

_STEP = 0.5
#: However busy it keeps itself.
_LONGEST = 300.0


async def within(idle: float, event: asyncio.Event, process: int) -> bool:
    """Whether it happens before the process (of this machine) has been idle for so many seconds."""
    left, over, before = idle, _LONGEST, _work(process)
    while left > 0 and over > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), min(_STEP, left))
            return True
        over -= _STEP
        now = _work(process)
        left -= 0 if now.waits or now.ticks != before.ticks else _STEP
        before = now
    return event.is_set()


class _Work(NamedTuple):
    """The processor time of a process so far, and whether one of its threads waits for a processor or a disk."""

    ticks: int = 0
    waits: bool = False


def _work(process: int) -> _Work:
    ticks, waits = 0, False
    for task in Path(f"/proc/{process}/task").glob("*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = task.read_text("ascii", "replace").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
            waits |= fields[0] in "RD"
    return _Work(ticks, waits)
