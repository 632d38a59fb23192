"""A limit of time runs while the process that is waited for is idle: a busy machine only slows it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from emulator.standin.apps.pace import within


@contextmanager
def running(*words: str) -> Iterator[int]:
    process = subprocess.Popen(words)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def test_one_that_works_or_waits_for_a_processor_has_as_many_as_it_needs() -> None:
    async def later(pid: int) -> bool:
        event = asyncio.Event()
        asyncio.get_running_loop().call_later(1.5, event.set)
        return await within(0.6, event, pid)

    with running(sys.executable, "-c", "while True: pass") as pid:
        assert asyncio.run(later(pid))
    with running("sleep", "60") as pid:
        assert not asyncio.run(later(pid))


def test_it_may_have_happened_before() -> None:
    async def at_once() -> bool:
        event = asyncio.Event()
        event.set()
        return await within(0.5, event, 0)

    assert asyncio.run(at_once()) and not asyncio.run(within(0.5, asyncio.Event(), 0))
