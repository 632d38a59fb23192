"""Messages are searched for values that become known after they were sent; what cannot be is counted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from monitor.collectors.proxy import searching
from monitor.collectors.proxy.border import Neighbours
from monitor.collectors.proxy.capture import Capture
from monitor.collectors.proxy.searching import Here
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.wire import Captured, Config
from monitor.content import Message, Needle
from monitor.events import Health, LateMatch, Transmission

ID = "9f3c1e77ab20d584"
NEEDLE = Needle("android_id", "t", ID)
MASKED, NEAR = (
    bytes(byte ^ 0xA5 for byte in f'{{"ids":["{one}"],"v":7}}'.encode()) for one in (ID, "8" + ID[1:-1] + "8")
)


def message(body: bytes, flow: str = "f") -> Transmission:
    return Transmission(t=1, err=0, src="proxy", app="", flow=flow, host="h.cn", port=443, bytes=len(body))


def search(here: Here, body: bytes, file: str = "", flow: str = "f") -> list[str]:
    event = here.examine(message(body, flow), Message(body=b"" if file else body), "", b"", file)
    return [match.tag for match in event.matches]


def test_every_message_that_held_a_value_is_named() -> None:
    told: list[Captured] = []
    stage = Stage(Config(app="com.example", hold_ms=0), Neighbours(), told.append, lambda error: None)
    stage.start()
    for number in range(120):
        stage.put(Capture(message(ID.encode(), f"f{number}"), Message(body=ID.encode())))
    while len(told) < 120:
        time.sleep(0.01)
    stage.add([NEEDLE])
    assert stage.close(60)
    late = [one.event for one in told if isinstance(one.event, LateMatch)]
    assert [(one.n, len(one.flows), bool(one.match.path)) for one in late] == [
        (50, 50, True), (50, 50, False), (20, 20, False),
    ]  # fmt: skip
    assert [flow for one in late for flow in one.flows] == [f"f{number}" for number in range(120)]
    (ended,) = [one.event for one in told if isinstance(one.event, Health)]
    assert (ended.detail["late"], ended.detail["unsearched"]) == ("120", "0")


def test_what_a_codec_of_the_apps_own_hides_is_found_at_the_end() -> None:
    here = Here("com.example", 1 << 20)
    assert [search(here, MASKED), search(here, NEAR, flow="near")] == [[], []]
    here.add([NEEDLE])
    assert search(here, MASKED, flow="after") == ["t"]
    assert here.late(False) == []
    (found,) = here.late(True)
    assert (found.match.tag, found.match.form, found.match.certainty, found.flows) == ("t", "xor", "found", ["f"])
    assert here.late(True) == []


def test_a_large_message_does_not_end_the_search_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_UNMASKED", 40_000)
    here = Here("com.example", 1 << 20)
    search(here, MASKED)
    search(here, b"x" * 100_000, flow="large")
    here.add([NEEDLE])
    assert [one.flows for one in here.late(True)] == [["f"]]

    here = Here("com.example", 40_000)
    search(here, ID.encode())
    search(here, ID.encode() + b" x" * 50_000, flow="large")
    here.add([NEEDLE])
    assert [one.flows for one in here.late(False)] == [["f", "large"]]
    assert here.unsearched() == 1, "the rest of the large one"


def test_a_name_that_cannot_be_searched_is_in_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(searching, "examine", fault)
    told: list[Captured] = []
    failed: list[BaseException] = []
    stage = Stage(Config(app="com.example", hold_ms=0), Neighbours(), told.append, failed.append)
    stage.start()
    with pytest.raises(searching.NotSearched, match="ValueError"):  # what a search in a process of its own outlives
        Here("com.example", 1 << 20).named(message(b""), Message())
    stage.put(Capture(message(b"", "tunnel"), Message(target=b"h.cn:443"), quiet=True))
    assert stage.close(60) and failed == []
    (event,) = [one.event for one in told if isinstance(one.event, Transmission)]
    assert (event.flow, event.decoded, event.reason) == ("tunnel", "partial", "search: ValueError")


def test_what_is_no_longer_kept_counts_once_a_value_comes_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Here("com.example", 1000)
    here.add([NEEDLE])
    for _ in range(3):
        search(here, b"x" * 600)
    assert here.unsearched() == 0  # nothing became known since
    here.add([NEEDLE])
    assert here.unsearched() == 0
    here.add([Needle("imei", "u", "867530021436587")])
    assert here.unsearched() > 0

    monkeypatch.setattr(searching, "_PREFIX", 100_000)
    here = Here("com.example", 64 << 20)
    file = tmp_path / "body"
    file.write_bytes(b"x" * searching._PREFIX + ID.encode())
    assert search(here, file.read_bytes(), str(file)) == []
    here.add([NEEDLE])
    assert (here.late(True), here.unsearched()) == ([], 1)
