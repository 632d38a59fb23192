"""Flow files: the worker's are imported again and exported as HAR; damage is counted."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mitmproxy.io import FlowWriter
from mitmproxy.tcp import TCPMessage
from mitmproxy.test import tflow

from monitor.base.errors import InputError
from monitor.collectors.proxy.budget import Budget
from monitor.collectors.proxy.capture import Capture
from monitor.collectors.proxy.flowfile import FastFlowWriter, encode, flows, read
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.traffic import Streams
from monitor.collectors.proxy.wire import ERR_US, Config
from monitor.content import Needle
from monitor.events import Health, Transmission
from monitor.importing.captures import import_capture
from monitor.text.reasons import Skip

from .conftest import IMEI, running

NEEDLES = [Needle("imei", "t", IMEI)]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Transmission]]]:
    """A flow file as the worker leaves it: buffered, chunked and large requests; and its events."""
    out = tmp_path_factory.mktemp("flows")
    (out / "large").write_text("x" * (2 << 20) + IMEI)
    with running(out, hold_ms=60_000) as bench:  # what is held is searched when the worker stops
        bench.worker.add_needles(NEEDLES)
        bench.curl(
            f"https://a.invalid/p?i={IMEI}", "-d", json.dumps({"i": IMEI}), "-H", "Content-Type: application/json"
        )
        bench.curl("--http1.1", "https://b.invalid/c", "-d", f"i={IMEI}", "-H", "Transfer-Encoding: chunked")
        bench.curl("https://c.invalid/l", "--data-binary", f"@{out / 'large'}")
        bench.worker.stop()
        yield out / "private" / "flows.mitm", bench.kept.sent


def test_an_import_sees_what_was_seen_live(recorded: tuple[Path, list[Transmission]]) -> None:
    path, live = recorded
    items = list(import_capture(path, "com.example", NEEDLES))
    again = [i.event for i in items if isinstance(i.event, Transmission)]
    assert [(e.host, e.path, e.t, e.status, e.flow) for e in again] == [
        (e.host, e.path, e.t, e.status, e.flow) for e in live
    ]
    assert [(e.matches, e.sha256) for e in again[:2]] == [(e.matches, e.sha256) for e in live[:2]]
    assert all(e.matches for e in again[:2])
    assert items[1].body == f"i={IMEI}".encode()


def test_a_damaged_flow_file_is_imported_as_far_as_it_goes(
    recorded: tuple[Path, list[Transmission]], tmp_path: Path
) -> None:
    data = recorded[0].read_bytes()
    cut = tmp_path / "cut.mitm"
    cut.write_bytes(data[:-50])
    items = [i.event for i in import_capture(cut, "com.example", NEEDLES)]
    health = [e for e in items if isinstance(e, Health)]
    assert len(items) == 3 and [(h.what, h.n) for h in health] == [("skipped", 0)]
    assert health[0].detail["why"] == "cut_short"


def test_no_capture_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "x.mitm"
    path.write_bytes(b"\x00\x01")
    with pytest.raises(InputError, match="neither"):
        list(import_capture(path, "a"))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=3)), min_size=1, max_size=6))
def test_no_exception_escapes(
    recorded: tuple[Path, list[Transmission]], tmp_path: Path, edits: list[tuple[int, bytes]]
) -> None:
    data = recorded[0].read_bytes()[:8000]
    for at, piece in edits:
        data = data[:at] + piece + data[at + 1 :]
    path = tmp_path / "f.mitm"
    path.write_bytes(data)
    for item in read(path, "a"):
        assert item.event is not None or item.skipped


def test_nesting_and_huge_lengths(tmp_path: Path) -> None:
    nested = b""
    for _ in range(3000):
        nested = b"%d:%s]" % (len(nested), nested)
    path = tmp_path / "n.mitm"
    for data in (nested, b"999999999999:x", b"1:", b"5:12345#"):
        path.write_bytes(data)
        assert all(isinstance(item, Skip) for item in flows(path))


def test_flows_are_written_as_mitmproxy_writes_them() -> None:
    flows = [tflow.tflow(resp=True), tflow.tflow(err=True), tflow.twebsocketflow(), tflow.ttcpflow(), tflow.tudpflow()]
    flows[0].metadata["k"] = [1, 2.5, None, True, ("a", b"\x00")]
    theirs, ours = io.BytesIO(), io.BytesIO()
    slow, fast = FlowWriter(theirs), FastFlowWriter(ours, Budget(1 << 30))
    for item in flows * 2:
        slow.add(item)
        fast.add(item)
    flows[0].client_conn.timestamp_end = 5.5
    flows[0].server_conn.sni = "other.example"
    slow.add(flows[0])
    fast.add(flows[0])
    assert ours.getvalue() == theirs.getvalue()
    with pytest.raises(ValueError, match="netstring"):
        encode({"x": object()})


START = 1_700_000_000.0


class _Queue:
    """Where the streams put what they captured."""

    def __init__(self) -> None:
        self.sent: list[Transmission] = []

    def put(self, item: Capture) -> bool:
        if item.tee is not None:
            item.tee.close()
        self.sent.append(item.event)
        return True


def _played(spool: Path, *moments: float) -> list[Transmission]:
    """What becomes of a byte from the app at each moment, in seconds from the start."""
    config = Config(app="com.example", spool=str(spool), hold_ms=0)
    queue = _Queue()
    streams = Streams(config, cast(Stage, queue))
    flow = tflow.ttcpflow(messages=[])
    for moment in moments:
        flow.messages.append(TCPMessage(True, b"x", START + moment))
        streams.tcp_message(flow)
        flow.messages.append(TCPMessage(False, b"an answer is no part of it", START + moment + 0.05))
        streams.tcp_message(flow)
    streams.tcp_end(flow)
    return queue.sent


def _spans(sent: list[Transmission]) -> list[tuple[int, int]]:
    """The certain bounds of each part, in milliseconds from the start."""
    return [
        (round((e.t - e.err + ERR_US) / 1000 - START * 1000), round((e.t + e.err - ERR_US) / 1000 - START * 1000))
        for e in sent
    ]


def test_what_follows_a_pause_is_a_part_of_its_own(tmp_path: Path) -> None:
    sent = _played(tmp_path, 0, 0.04, 0.3, 2)
    assert _spans(sent) == [(0, 40), (300, 300), (2000, 2000)]
    assert [e.bytes for e in sent] == [2, 1, 1]
    assert len({e.flow for e in sent}) == 3 and len({e.flow.partition("#")[0] for e in sent}) == 1


def test_a_part_without_a_pause_covers_all_of_its_time(tmp_path: Path) -> None:
    assert _spans(_played(tmp_path, *(n * 0.09 for n in range(21)))) == [(0, 1800)]


def test_a_stream_that_never_rests_has_ever_longer_parts(tmp_path: Path) -> None:
    sent = _played(tmp_path, *(n * 0.9 for n in range(1000)))
    assert sum(e.bytes for e in sent) == 1000
    assert len(sent) < 100


def test_an_imported_stream_covers_all_of_its_time(tmp_path: Path) -> None:
    flow = tflow.ttcpflow(messages=[TCPMessage(True, b"x", START + moment) for moment in (0, 3, 8)])
    with (tmp_path / "flows.mitm").open("wb") as out:
        FlowWriter(out).add(flow)
    (one,) = (item.event for item in read(tmp_path / "flows.mitm", "com.example") if item.event)
    assert _spans([one]) == [(0, 8000)] and one.bytes == 3
