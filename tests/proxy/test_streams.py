"""Parts of a stream that is not HTTP: each has the time at which it was sent, and none more than one can tell."""

from pathlib import Path
from typing import cast

from mitmproxy.io import FlowWriter
from mitmproxy.tcp import TCPMessage
from mitmproxy.test import tflow

from monitor.collectors.proxy.capture import Capture
from monitor.collectors.proxy.flowfile import read
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.traffic import Streams
from monitor.collectors.proxy.wire import ERR_US, Config
from monitor.events import Transmission

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
