"""A worker that reaches its limit of memory, or dies: what it had in hand is marked, and the session says so."""

import gzip
import os
import signal
import sys
from pathlib import Path

import pytest

from monitor.collectors.proxy import wire

from .conftest import running

pytestmark = [pytest.mark.proxy, pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")]


def _limit(pid: int) -> int:
    """Of a process's address space in bytes; 0 = none."""
    lines = Path(f"/proc/{pid}/limits").read_text("ascii").splitlines()
    (word,) = [line.split()[3] for line in lines if line.startswith("Max address space")]
    return int(word) if word.isdigit() else 0


def test_a_message_for_which_there_is_no_memory_is_marked(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_bytes(gzip.compress(b'{"a": "' + b"x" * (15 << 20) + b'"}'))
    with running(tmp_path, memory=24 << 20) as bench:
        bench.kept.wait(lambda _: _limit(bench.worker.pid))
        for _ in range(8):  # those before are kept for values that are learnt later: some of these still find room
            bench.curl("http://big.invalid/", "-H", "Content-Encoding: gzip", "--data-binary", f"@{body}")
        bench.curl("http://small.invalid/")
        bench.kept.wait(lambda kept: len(kept.sent) == 9)
        *big, small = bench.kept.sent
        marked = [one.flow for one in big if (one.decoded, one.reason) == ("partial", "search: MemoryError")]
        assert marked and (small.host, small.decoded) == ("small.invalid", "yes") and bench.worker.alive
        said = bench.kept.wait(lambda kept: kept.health("failed"))
        assert [one.detail["flow"] for one in said] == marked
        assert {one.detail["reason"] for one in said} == {"the limit of memory was reached"}


def test_a_worker_has_a_limit_and_what_it_had_in_hand_when_it_died_is_marked(tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_bytes(os.urandom(1 << 18))
    with running(tmp_path) as bench:
        spool = bench.worker._scratch.path
        assert wire.ROOM < bench.kept.wait(lambda _: _limit(bench.worker.pid)) < 2 * wire.ROOM

        def stuck(_: object) -> bool:
            held = wire.Hand.left_in(spool)
            return held is not None and held[0].host == "in-hand.invalid"

        bench.kept.gate.clear()  # the recorder takes one more message and stalls; the next does not fit the pipe
        bench.curl("http://first.invalid/")
        bench.curl("http://in-hand.invalid/", "--data-binary", f"@{body}")
        bench.kept.wait(stuck)
        os.kill(bench.worker.pid, signal.SIGKILL)
        bench.kept.gate.set()
        (said,) = bench.kept.wait(lambda kept: kept.health("failed"))
        marked = bench.kept.sent[-1]
        assert (marked.host, marked.decoded, marked.reason) == ("in-hand.invalid", "no", "the proxy worker ended")
        assert (said.detail["exit_code"], said.detail["flow"]) == ("-9", marked.flow)
