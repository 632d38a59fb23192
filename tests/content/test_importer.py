"""Importing captures made elsewhere: bounded memory, damaged and hostile files, identifiers files."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from searching import CASES, IMEI

from monitor.base.errors import InputError
from monitor.events import Health, Transmission
from monitor.importing.captures import import_capture, learnt_values, load_identifiers
from monitor.importing.har import Scan, parse_entry
from tests.reports.conftest import recording, render, session

BODY = json.dumps({"i": IMEI})
GAID = "4f3b9d2a-7c1e-4a58-9b0d-1e2f3a4b5c6d"
KNOWN = [("imei", "t", IMEI)]


def entry(text: str = "", *, at: str = "2026-01-02T03:04:05.678+08:00", **more: Any) -> dict[str, Any]:
    """An entry of a HAR; ``more``: of its request."""
    request: dict[str, Any] = {"method": "POST", "url": "https://a.example:8443/p?q=1", "headers": [], **more}
    if text:
        request["postData"] = {"mimeType": "application/json", "text": text}
    return {"startedDateTime": at, "request": request, "response": {"status": 204}}


def har(tmp_path: Path, *entries: object) -> Path:
    path = tmp_path / "a.har"
    path.write_text(json.dumps({"log": {"pages": [{"entries": [{}]}], "version": "1.2", "entries": entries}}))
    return path


def imported(path: Path, *known: tuple[str, str, str], **more: Any) -> tuple[list[Transmission], dict[str, int]]:
    """Messages, and how many were skipped for which reason."""
    events = [item.event for item in import_capture(path, "app", known, **more)]
    skipped = {event.detail["why"]: event.n for event in events if isinstance(event, Health)}
    return [event for event in events if isinstance(event, Transmission)], skipped


def test_fields_of_an_entry(tmp_path: Path) -> None:
    (item,) = import_capture(har(tmp_path, entry(BODY)), "app", KNOWN)
    event = item.event
    assert isinstance(event, Transmission) and item.body == BODY.encode()
    assert (event.t, event.src, event.app) == (1767294245678000, "import", "app")
    assert (event.host, event.port, event.path, event.status, event.bytes) == ("a.example", 8443, "/p", 204, len(BODY))
    assert [(m.path, m.tag) for m in event.matches] == [("body.json.i", "t")]


def test_bodies_in_base64_and_still_compressed(tmp_path: Path) -> None:
    packed = gzip.compress(BODY.encode(), mtime=0)
    header = [{"name": "Content-Encoding", "value": "gzip"}]
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "i", "value": IMEI}]}
    coded = {"text": base64.b64encode(packed).decode(), "encoding": "base64"}
    bodies = [coded, {"text": packed.decode("latin-1")}, {"text": BODY}]
    path = har(tmp_path, *[entry(headers=header, postData=body) for body in bodies], entry(postData=form))
    found, _ = imported(path, *KNOWN)
    assert [m.path for e in found for m in e.matches] == [*["body.gzip.json.i"] * 2, "body.json.i", "body.form.i"]
    assert {e.decoded for e in found} == {"yes"}


@pytest.mark.parametrize(("kind", "fields"), [(kind, one) for kind, all in CASES["told"].items() for one in all])
def test_identifiers_are_told_by_their_fields(tmp_path: Path, kind: str, fields: dict[str, object]) -> None:
    found, _ = imported(har(tmp_path, entry(json.dumps(fields))))
    told = [(kind, "possible")] if kind != "none" else []
    assert [(m.data_type, m.certainty) for e in found for m in e.matches] == told


def test_a_value_learnt_at_one_place_is_found_where_no_name_tells_it(tmp_path: Path) -> None:
    path = har(tmp_path, entry(f"x{GAID.upper()}y"), entry(json.dumps({"gaid": GAID})))
    assert [(v.data_type, v.text) for v in learnt_values(path)] == [("gaid", GAID)]
    found, _ = imported(path, ("gaid", "t", GAID), guessed={"t"})
    assert [[(m.data_type, m.certainty, m.tag) for m in e.matches] for e in found] == [[("gaid", "possible", "t")]] * 2


def test_websocket_messages(tmp_path: Path) -> None:
    messages = [
        {"type": "send", "time": 1767294246.5, "opcode": 1, "data": BODY},
        {"type": "receive", "time": 1767294246.6, "opcode": 1, "data": IMEI},
    ]
    found, _ = imported(har(tmp_path, entry() | {"_webSocketMessages": messages}), *KNOWN)
    kept = [(e.protocol, e.t, len(e.matches)) for e in found]
    assert kept == [("http", 1767294245678000, 0), ("websocket", 1767294246500000, 1)]


@pytest.mark.parametrize("at", [1767294245678, 1767294245678.0, "1767294245678", "2026-01-01T19:04:05.678Z"])
def test_a_time_may_be_milliseconds_since_the_epoch(tmp_path: Path, at: Any) -> None:
    (item,) = import_capture(har(tmp_path, entry() | {"startedDateTime": at}), "app", ())
    assert item.event.t == 1767294245678000


def test_what_is_wrong_is_skipped_and_counted(tmp_path: Path) -> None:
    wrong = [entry(at="yesterday"), entry(url="https://[bad/"), entry(url="data:text/plain,x"), 5, None, [], {}, "x"]
    found, skipped = imported(har(tmp_path, entry(), *wrong, entry()))
    assert len(found) == 2 and skipped == {"no_time_or_url": 3, "no_host": 1}


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "neither HAR"),
        (b"hello", "neither HAR"),
        (b"{}", "no log.entries"),
        (b'{"log":{"entries":[]}}', "no request"),
        (b'{"log":{"entries":', "no log.entries"),
        (b"{" * 10000, "no log.entries"),
        ("﻿{}".encode(), "no log.entries"),
    ],
)
def test_no_capture_at_all_is_one_clear_line(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "x.har"
    path.write_bytes(data)
    with pytest.raises(InputError, match=word) as caught:
        list(import_capture(path, "app"))
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    with pytest.raises(InputError):
        list(import_capture(tmp_path / "absent.har", "app"))


def test_a_pipe_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "capture.har")
    with pytest.raises(InputError, match="a pipe cannot be imported"):
        list(import_capture(tmp_path / "capture.har", "app"))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    one = json.dumps(entry('{"k":"\\\\\\"%s"}' % ("v" * 20_000)))
    path = tmp_path / "big.har"
    path.write_text('{"log":{"entries":[' + ",".join([one] * 1000) + "]}}")
    tracemalloc.start()
    count = sum(1 for _ in import_capture(path, "app"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1000 and peak < path.stat().st_size / 2


def test_an_entry_above_the_limit_is_skipped(tmp_path: Path) -> None:
    raw = json.dumps({"log": {"entries": [entry("a" * 5000), entry("b")]}}).encode()
    scan = Scan(io.BytesIO(raw), entry_max=2000)
    assert len(list(scan)) == 1 and scan.too_large == 1 and scan.whole


class Dribble(io.BytesIO):
    """A stream that gives few bytes at a time, at random."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(random.Random(self.tell()).randint(1, 7))


def test_chunks_may_end_anywhere() -> None:
    entries = [entry('{"a":"\\"}{]["}'), entry("\\\\"), entry('"' * 9), entry("é\u4e2d")]
    text = json.dumps({"log": {"x": '"entries":[{', "entries": entries, "z": [{}]}}, ensure_ascii=False)
    scan = Scan(Dribble(text.encode()))
    assert [json.loads(raw) for raw in scan] == entries
    assert scan.found and scan.whole


_TEXT = json.dumps({"log": {"entries": [entry('{"a":1}'), entry("b")]}}).encode()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(_TEXT)), st.binary(max_size=4)), max_size=8))
def test_no_exception_escapes_from_a_damaged_file(edits: list[tuple[int, bytes]]) -> None:
    data = _TEXT
    for at, piece in edits:
        data = data[:at] + piece + data[at + 1 :]
    for raw in Scan(io.BytesIO(data)):
        try:
            parse_entry(raw, "app", "har-1", Counter())
        except ValueError as error:
            assert len(str(error)) < 80


def test_identifiers_file(tmp_path: Path) -> None:
    (tmp_path / "ids.yaml").write_text(
        f"- {{data_type: imei, value: '{IMEI}'}}\n"
        f"- data_type: serial\n  value: '8812345678'\n"
        f"- {{data_type: location, value: {{lat: 31.230416, lon: 121.473701}}}}\n"
    )
    read = [tuple(value) for value in load_identifiers(tmp_path / "ids.yaml")]
    assert read == [("imei", IMEI), ("serial", "8812345678"), ("location", "31.230416,121.473701")]


@pytest.mark.parametrize("text", CASES["no_identifiers"])
def test_a_bad_identifiers_file_is_one_clear_line_without_values(tmp_path: Path, text: str) -> None:
    (tmp_path / "ids.yaml").write_text(text)
    with pytest.raises(InputError, match=r"ids\.yaml") as caught:
        load_identifiers(tmp_path / "ids.yaml")
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("value", ["0123456701234567", "863301048722415"])
def test_identifiers_that_yaml_takes_for_numbers(tmp_path: Path, value: str) -> None:
    """Octal silently loses digits: refused, with how to write it, and never with the value."""
    path = tmp_path / "ids.yaml"
    path.write_text(f"- {{data_type: imei, value: {value}}}\n")
    with pytest.raises(InputError, match=r"entry 1: the value was read as a number.*data_type: imei") as refused:
        load_identifiers(path)
    assert value not in str(refused.value)


@pytest.mark.parametrize("body", [b"", b'{"id": "0123456789abcdef", "imei": "863301048722415"}'])
def test_a_har_of_a_session_gives_the_same_matches_again(tmp_path: Path, body: bytes) -> None:
    """Its bodies are redacted: what was found in them is taken over, and counted as such."""
    own = [msgspec.structs.replace(event, sha256="d" * 64) for event in recording() if isinstance(event, Transmission)]
    path = tmp_path / "traffic.har"
    path.write_bytes(render("har", session(), own, [], [], blobs=lambda _: body))
    *events, health = [item.event for item in import_capture(path, "com.example.shop")]
    assert isinstance(health, Health) and health.n == 1 and "redacted" in health.detail["why"]
    for before, after in zip(own, events, strict=True):
        assert isinstance(after, Transmission)
        plain = [msgspec.structs.replace(match, tag="") for match in before.matches]
        assert after.matches == plain
        assert (after.host, after.path, after.bytes) == (before.host, before.path, before.bytes)
        assert (after.method, after.content_type, after.t) == (before.method, before.content_type, before.t)


@pytest.mark.parametrize(
    "stated",
    [
        {"data_type": "nonsense"},
        {"certainty": "sure"},
        {"form": "<b>"},
        {"path": 5, "form": 5},
        {"data_type": ["imei"]},
    ],
)
def test_what_a_file_states_is_held_to_the_vocabulary(tmp_path: Path, stated: dict[str, object]) -> None:
    match = {"data_type": "imei", "form": "md5", "path": "body.json.id", "certainty": "found", **stated}
    (event,), _ = imported(har(tmp_path, entry() | {"_matches": [match]}))
    assert event.matches == []
