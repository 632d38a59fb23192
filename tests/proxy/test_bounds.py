"""What a hostile app sends costs no more memory, disk or time than is said, and what is not kept is counted."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from mitmproxy.io import FlowReader
from mitmproxy.test import tflow

from monitor.collectors.proxy import budget, capture, leftover
from monitor.collectors.proxy.border import Neighbours
from monitor.collectors.proxy.budget import HEAD, Budget
from monitor.collectors.proxy.capture import MEMORY, Capture, Tee
from monitor.collectors.proxy.flowfile import FastFlowWriter
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.wire import Captured, Config
from monitor.content import Message
from monitor.events import Transmission


def test_extensions_of_chunks_are_kept_in_place_and_only_the_first() -> None:
    buffer = leftover._Buffer([])
    kept = buffer.more
    for _ in range(40):
        buffer += b"1;" + b"x" * (MEMORY // 30) + b"\r\n"
        assert buffer.maybe_extract_next_line()
    assert buffer.more is kept and len(kept) == MEMORY
    buffer.head = b"GET / HTTP/1.1"
    buffer += b"x: " + b"y" * MEMORY + b"\r\n\r\n"
    assert buffer.maybe_extract_lines() and len(kept) == MEMORY


def test_a_head_is_accounted_for_without_a_look_at_each_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    client = tflow.tclient_conn()
    heads: list[leftover._Buffer] = []
    setattr(client, leftover._HEADS, heads)
    read, other = leftover._Buffer(heads), leftover._Buffer(heads)
    read += b"GET / HTTP/1.1\r\n\r\n"
    assert read.maybe_extract_lines() and heads == [read] and read.head
    monkeypatch.delattr(leftover, "_layers")
    leftover.accounted(client)
    assert (read.head, other.head, heads) == (b"", b"", [])


@pytest.mark.parametrize("bare", [False, True])
def test_heads_count_as_bodies_do(bare: bool) -> None:
    out, limits = io.BytesIO(), Budget(1 << 20)
    writer = FastFlowWriter(out, limits)
    for _ in range(50):
        flow = tflow.tflow(resp=True)
        flow.request.headers["x-large"] = "x" * 500_000
        flow.request.headers["x-small"] = "y"
        assert flow.response
        flow.response.headers["x-large"] = "x" * 500_000
        flow.request.path = "/" + "p" * 500_000
        writer.add(flow, bare=bare)
        assert len(flow.request.headers["x-large"]) == 500_000, "what is searched stays whole"
    assert len(out.getvalue()) < 50 * (2 * HEAD + 4000) < 1 << 20
    assert limits.cut >= 50
    out.seek(0)
    read = list(FlowReader(out).stream())
    assert {one.comment for one in read} == {"the heads are cut"} and len(read) == 50


def test_a_body_longer_than_its_spool_file_is_not_passed_off_as_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (budget, capture):
        monkeypatch.setattr(module, "KEEP", 2 * MEMORY)
    told: list[Captured] = []
    failed: list[BaseException] = []
    stage = Stage(Config(hold_ms=0, keep_bytes=1 << 30, spool=str(tmp_path)), Neighbours(), told.append, failed.append)
    stage.start()
    tee, whole = Tee(tmp_path), hashlib.sha256()
    for number in range(5):
        tee(bytes([number]) * MEMORY)
        whole.update(bytes([number]) * MEMORY)
    event = Transmission(
        t=1, err=0, src="proxy", app="", flow="f", host="h.cn", port=443, bytes=tee.size, sha256=tee.sha256
    )
    stage.put(Capture(event, Message(), tee))
    assert stage.close(60) and failed == []
    (sent,) = [one for one in told if isinstance(one.event, Transmission)]
    assert isinstance(sent.event, Transmission)
    assert (sent.body, sent.body_file) == (bytes(HEAD), "")
    assert (sent.event.sha256, sent.event.head) == (whole.hexdigest(), hashlib.sha256(bytes(HEAD)).hexdigest())
    assert sent.event.decoded == "partial" and stage.budget.cut == 1
