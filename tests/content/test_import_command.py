"""``monitor import`` and ``monitor findings`` as a user runs them: every form with its place and host, no near miss."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from mitmproxy.io import FlowWriter, tnetstring
from mitmproxy.test import tflow
from test_content_forms import FORMS, GAID, IDENTIFIERS, IMEI, MAC, NAME, SSID
from test_content_positions import BD, GCJ, HERE

from monitor.content.coordinates import geohash
from monitor.evidence.redaction import cover, session_key
from tests import command
from tests.documents import issued

ROOT = Path(__file__).parents[2]
PLAIN = [item for item in IDENTIFIERS if len(item) == 3]
POSITIONS: list[tuple[str, Any]] = [
    ("decimal", {"lat": 31.2304, "lng": 121.4737}),
    ("plain", {"g": "31.230416,121.473701"}),
    ("decimal", {"g": "121.4737,31.2304"}),
    ("gcj02.decimal", {"lat": round(GCJ.lat, 6), "lng": round(GCJ.lon, 6)}),
    ("bd09.decimal", {"lat": round(BD.lat, 5), "lng": round(BD.lon, 5)}),
    ("e5", {"lat": 3123042, "lng": 12147370}),
    ("e6", {"lat": 31230416, "lng": 121473701}),
    ("e7", {"lat": 312304160, "lng": 1214737010}),
    ("dms", {"g": "31\u00b013'49.5\"N 121\u00b028'25.3\"E"}),
    ("geohash", {"geohash": geohash(HERE, 9)}),
    ("float64", b"\x09" + struct.pack("<d", HERE.lat) + b"\x11" + struct.pack("<d", HERE.lon)),
    ("float32", b"\x0d" + struct.pack("<f", HERE.lat) + b"\x15" + struct.pack("<f", HERE.lon)),
]

Body = tuple[bytes, str, str]
"""Body, content type, decoder steps up to what was wrapped."""


def monitor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return command.run(*arguments, cwd=ROOT)


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _inner(thing: object) -> bytes:
    return thing if isinstance(thing, bytes) else json.dumps(thing).encode()


def alone(thing: object) -> Body:
    if isinstance(thing, bytes):
        return thing, "application/x-protobuf", "body.pb"
    return _inner(thing), "application/json", "body.json"


def gzip_in_base64_in_form(thing: object) -> Body:
    packed = base64.b64encode(gzip.compress(_inner(thing), mtime=0)).decode()
    step = "pb" if isinstance(thing, bytes) else "json"
    return (
        f"x=1&d={urllib.parse.quote(packed, safe='')}".encode(),
        "application/x-www-form-urlencoded",
        f"body.form.d.b64.gzip.{step}",
    )


def entry(host: str, body: bytes, kind: str, url: str = "/v1") -> dict[str, Any]:
    return {
        "startedDateTime": "2026-01-02T03:04:05.678Z",
        "request": {
            "method": "POST",
            "url": f"https://{host}{url}",
            "httpVersion": "HTTP/2",
            "headers": [{"name": "Content-Type", "value": kind}],
            "postData": {"mimeType": kind, "text": base64.b64encode(body).decode(), "encoding": "base64"},
        },
        "response": {"status": 200, "content": {"size": 2}},
    }


def har(path: Path, entries: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}}))
    return path


@pytest.fixture
def identifiers(tmp_path: Path) -> Path:
    path = tmp_path / "ids.yaml"
    items: list[dict[str, Any]] = [{"data_type": t, "value": v} for t, _, v in PLAIN]
    items.append({"data_type": "location", "value": {"lat": HERE.lat, "lon": HERE.lon}})
    path.write_text(yaml.safe_dump(items, allow_unicode=True))
    return path


@pytest.mark.parametrize("wrap", [alone, gzip_in_base64_in_form])
def test_each_planted_value_is_a_finding_with_type_path_form_and_host(
    tmp_path: Path, identifiers: Path, wrap: Callable[[object], Body]
) -> None:
    planted: list[tuple[str, str, object, str]] = []
    planted += [(t, form, {"a": [{"v": text}]}, ".a[0].v") for t, form, text, _ in FORMS if t != "oaid"]
    planted += [("location", form, thing, "") for form, thing in POSITIONS]
    entries, wanted = [], {}
    for number, (data_type, form, thing, leaf) in enumerate(planted):
        host = f"f{number}.forms.example"
        body, kind, steps = wrap(thing)
        entries.append(entry(host, body, kind))
        wanted[host] = (data_type, form, steps + leaf)
    capture = har(tmp_path / "forms.har", entries)
    out = tmp_path / "bundle"
    done = monitor("import", capture, "--app", "com.example.shop", "--identifiers", identifiers, "--out", out)
    assert done.returncode == 0, done.stderr
    found: dict[str, set[tuple[str, str, str]]] = {}
    for finding in lines(monitor("findings", out, "--json")):
        for match in finding["detail"].get("matches", "").split("; "):
            host, form, path = match.split(" ")
            assert finding["recipient"] in (host, "")
            found.setdefault(host, set()).add((finding["data_type"], form, path))
    wrong = []
    for host, (data_type, form, path) in wanted.items():
        seen = found.get(host, set())
        if len(seen) != 1 or not all((t, f) == (data_type, form) and p.startswith(path) for t, f, p in seen):
            wrong.append((data_type, form, path, seen))
    assert not wrong
    assert monitor("verify", out).returncode == 0
    public = b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file() and "private" not in p.parts)
    for secret in (IMEI, MAC, GAID, SSID, NAME, "31.230416", IMEI[::-1]):
        assert secret.encode() not in public, secret


def test_near_misses_lead_to_no_finding(tmp_path: Path, identifiers: Path) -> None:
    misses: list[object] = [
        {"v": text}
        for text in (
            IMEI[:-1] + "9", IMEI[:14], MAC[:-1] + "6", GAID[:-2] + "00", "9" + MAC.replace(":", "") + "1",
            hashlib.sha256(IMEI.encode() + b"\n").hexdigest(), hashlib.md5(IMEI.encode()).hexdigest()[1:17],
            base64.b64encode(IMEI[:-1].encode() + b"3").decode(), "00000000-0000-0000-0000-000000000000",
            "02:00:00:00:00:00", "000000000000000", "NO", "1767322745678", SSID[:-1], NAME[:-1],
        )
    ]  # fmt: skip
    misses += [{"lat": 31.2304, "foo": 121.4837}, {"g": "131.2304,1121.4737"}, {"price": 31.2304, "rate": 4.5}]
    bodies = [wrap(miss) for miss in misses for wrap in (alone, gzip_in_base64_in_form)]
    capture = har(tmp_path / "decoys.har", [entry("decoy.example", body, kind) for body, kind, _ in bodies])
    out = tmp_path / "bundle"
    done = monitor("import", capture, "--app", "com.example.shop", "--identifiers", identifiers, "--out", out)
    assert done.returncode == 0, done.stderr
    assert lines(monitor("findings", out, "--json")) == []
    events = lines(monitor("events", out, "--kind", "transmission", "--json"))
    assert len(events) == len(bodies) and not any(event["matches"] for event in events)


def _one(tmp_path: Path) -> Path:
    return har(tmp_path / "one.har", [entry("x.umeng.com", json.dumps({"i": IMEI}).encode(), "application/json")])


def _statuses(out: Path, *keys: str) -> dict[str, tuple[str, list[str]]]:
    return {f["rule"]: (f["status"], f["assumptions"]) for f in lines(monitor("findings", out, "--json", *keys))}


def test_consent_is_the_operators_statement_or_unknown(tmp_path: Path, identifiers: Path) -> None:
    def imported(name: str, *more: str) -> dict[str, tuple[str, list[str]]]:
        out = tmp_path / name
        done = monitor("import", _one(tmp_path), "--app", "a.b", "--identifiers", identifiers, "--out", out, *more)
        assert done.returncode == 0, done.stderr
        first = _statuses(out)
        done = monitor("analyse", out, "--lang", "en")
        assert done.returncode == 0
        (key,) = re.findall("--results-key ([0-9a-f]{64})", done.stdout)
        assert _statuses(out, "--results-key", key) == first
        return first

    assert imported("unknown")["COL-03"] == ("review", [])
    assert imported("after", "--consent", "2026-01-02T12:00:00+08:00")["COL-03"] == ("evidenced", ["consent_stated"])
    assert "COL-03" not in imported("before", "--consent", "1767322000")


def test_coverage_says_that_nothing_of_the_device_was_seen(tmp_path: Path, identifiers: Path) -> None:
    out = tmp_path / "bundle"
    monitor("import", _one(tmp_path), "--app", "a.b", "--identifiers", identifiers, "--out", out, "--lang", "zh")
    rules = {c["id"]: c for c in lines(monitor("coverage", out, "--json")) if c["line"] == "rule"}
    assert rules["COL-01"]["state"] == "not_observable"
    assert rules["COL-01"]["why"] == "imported traffic: the device was not observed"
    assert "silent" not in {rules[name]["state"] for name in rules if name.startswith(("CON", "PRM", "LIF"))}
    session = json.loads((out / "data/session.json").read_text())
    assert session["imported"] == "har" and session["app"]["package"] == "a.b" and session["ended"] == "done"
    (started,) = [e for e in lines(monitor("events", out, "--kind", "health", "--json")) if e["what"] == "started"]
    kept = (out / "private" / "import.har").read_bytes()
    assert kept == _one(tmp_path).read_bytes() and started["detail"]["sha256"] == cover(
        session_key(out / "private"), hashlib.sha256(kept).hexdigest()
    )
    assert "流量系导入，未对设备本身进行观察" in (out / "report.html").read_text()
    issued(out, "signed-imported", tmp_path)


def test_fail_on_and_refusals(tmp_path: Path, identifiers: Path) -> None:
    common = ("--app", "a.b", "--identifiers", identifiers, "--consent", "2026-02-01", "--fail-on", "high")
    assert monitor("import", _one(tmp_path), *common, "--out", tmp_path / "x").returncode == 1
    for arguments, word in (
        ((_one(tmp_path), "--app", "a.b", "--out", tmp_path / "x"), "already a recording here"),
        ((_one(tmp_path), "--app", "no package", "--out", tmp_path / "y"), "package name"),
        ((_one(tmp_path), "--app", "a.b", "--consent", "soon", "--out", tmp_path / "y"), "not a time"),
        ((tmp_path / "none.har", "--app", "a.b", "--out", tmp_path / "y"), "no such file"),
        ((identifiers, "--app", "a.b", "--out", tmp_path / "y"), "neither HAR"),
        (
            (_one(tmp_path), "--app", "a.b", "--identifiers", _one(tmp_path), "--out", tmp_path / "y"),
            "list is expected",
        ),
    ):
        done = monitor("import", *arguments)
        assert done.returncode == 2 and word in done.stderr and done.stderr.count("\n") == 1, done.stderr
    empty = tmp_path / "empty.har"
    empty.write_text('{"log":{"entries":[]}}')
    done = monitor("import", empty, "--app", "a.b", "--out", tmp_path / "z")
    assert done.returncode == 2 and not (tmp_path / "z").exists()


def test_a_damaged_file_is_imported_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = har(tmp_path / "w.har", [entry("h.example", b"x" * 90, "text/plain") for _ in range(9)])
    bad = json.loads(whole.read_text())
    bad["log"]["entries"][4]["request"]["url"] = "https://[/"
    whole.write_text(json.dumps(bad))
    whole.write_bytes(whole.read_bytes()[:-200])
    out = tmp_path / "har"
    done = monitor("import", whole, "--app", "a.b", "--out", out)
    assert done.returncode == 0 and "skipped 1: entry without a valid startedDateTime or url" in done.stderr
    assert "incomplete: the file is damaged or cut short: an unknown number of entries" in done.stderr
    assert len(lines(monitor("events", out, "--kind", "transmission", "--json"))) == 7
    flows = tmp_path / "f.mitm"
    with flows.open("wb") as stream:
        writer = FlowWriter(stream)
        for _ in range(3):
            writer.add(tflow.tflow(resp=True))
    flows.write_bytes(flows.read_bytes()[:-20])
    out = tmp_path / "mitm"
    done = monitor("import", flows, "--app", "a.b", "--out", out)
    assert done.returncode == 0 and "damaged or cut short" in done.stderr
    assert len(lines(monitor("events", out, "--kind", "transmission", "--json"))) == 2
    assert monitor("verify", out).returncode == 0


def test_a_mitmproxy_that_cannot_be_loaded_is_a_fault_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "mitmproxy.py").write_text("raise ImportError('broken', name='mitmproxy')")
    flows = tmp_path / "f.mitm"
    with flows.open("wb") as stream:
        FlowWriter(stream).add(tflow.tflow(resp=True))
    out = tmp_path / "out"
    done = command.run("import", flows, "--app", "a.b", "--out", out, cwd=ROOT, PYTHONPATH=str(tmp_path))
    assert done.returncode == 3 and "mitmproxy, which cannot be loaded" in done.stderr


def test_text_frames_as_mitmproxy_up_to_7_kept_them(tmp_path: Path) -> None:
    flows = tmp_path / "f.mitm"
    with flows.open("wb") as stream:
        for _ in range(2):
            state = tflow.twebsocketflow().get_state()
            text = [1, True, json.dumps({"advertisingTrackingId": GAID}), 946681203.0, False, False]
            state["websocket"]["messages"] = [text, [1, True, "zwölf", 946681204.0, False, False]]
            tnetstring.dump(state, stream)
    out = tmp_path / "out"
    done = monitor("import", flows, "--app", "a.b", "--out", out, "--lang", "en")
    assert done.returncode == 0 and "skipped" not in done.stderr, done.stderr
    assert "2 values were recognised by the name of the field alone" in done.stdout and "--identifiers" in done.stdout
    seen = lines(monitor("events", out, "--kind", "transmission", "--json"))
    assert [event["protocol"] for event in seen] == ["http", "websocket", "websocket"] * 2
    assert [m["data_type"] for event in seen for m in event["matches"]] == ["gaid", "gaid"]
    assert GAID not in "".join(p.read_text("utf-8", "replace") for p in out.glob("*.jsonl"))


def rules_of(out: Path) -> dict[str, dict[str, Any]]:
    coverage = [json.loads(line) for line in (out / "coverage.jsonl").read_text().splitlines()]
    return {line["id"]: line for line in coverage if line["line"] == "rule"}


@pytest.mark.parametrize(
    ("lang", "said", "calm"),
    [
        ("en", "an unknown number of entries after that place is missing", "No events lost, no failures."),
        ("zh", "其后缺失的条目数量不明", "数据无丢失，工具无故障。"),
    ],
)
def test_a_cut_capture_is_no_all_clear(tmp_path: Path, lang: str, said: str, calm: str) -> None:
    path = har(tmp_path / "w.har", [entry("h.example", b"x" * 90, "text/plain") for _ in range(9)])
    whole, cut, bad = tmp_path / "whole", tmp_path / "cut", tmp_path / "bad"
    assert monitor("import", path, "--app", "a.b", "--out", whole, "--lang", lang).returncode == 0
    silent = [rule for rule, line in rules_of(whole).items() if line["state"] == "silent"]
    assert "SHR-04" in silent and calm in (whole / "report.html").read_text()

    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    done = monitor("import", path, "--app", "a.b", "--out", cut, "--lang", lang)
    assert done.returncode == 0 and said in done.stderr
    for rule in silent:
        line = rules_of(cut)[rule]
        assert (line["state"], line["reasons"]) == ("not_observable", [{"code": "capture_cut"}]), rule
    assert not [rule for rule, line in rules_of(cut).items() if line["state"] == "silent"]
    report = (cut / "report.html").read_text()
    assert said in report and calm not in report

    path.write_bytes(data.replace(b"https://h.example", b"https://[h.examp", 1))
    done = monitor("import", path, "--app", "a.b", "--out", bad, "--lang", lang)
    assert done.returncode == 0 and "startedDateTime" in done.stderr
    for rule in silent:
        line = rules_of(bad)[rule]
        assert line["reasons"] == [{"code": "capture_skipped", "params": {"n": "1"}}], rule
    assert calm not in (bad / "report.html").read_text()


def test_times_that_stand_out_of_order_stay_true(tmp_path: Path, identifiers: Path) -> None:
    entries = [entry("x.umeng.com", json.dumps({"i": IMEI}).encode(), "application/json") for _ in range(2)]
    entries[0]["startedDateTime"], entries[1]["startedDateTime"] = "2026-01-02T05:00:00Z", "2026-01-02T03:00:00Z"
    out = tmp_path / "out"
    arguments = ("--app", "a.b", "--identifiers", identifiers, "--consent", "2026-01-02T04:00:00Z")
    monitor("import", har(tmp_path / "o.har", entries), *arguments, "--out", out)
    (finding,) = [f for f in lines(monitor("findings", out, "--json")) if f["rule"] == "COL-03"]
    assert (finding["status"], finding["count"]) == ("evidenced", 1)
    sources = [e["src"] for e in lines(monitor("events", out, "--kind", "transmission", "--json"))]
    assert sources == ["import", "import:1"]


def importing(path: Path, out: Path, until: str) -> subprocess.Popen[str]:
    """An import of large bodies, begun and so far on that files of a pattern are there."""
    words = [sys.executable, "-m", "monitor", "import", str(path), "--app", "a.b", "--out", str(out)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not any(out.glob(until)) and time.monotonic() < deadline:
        time.sleep(0.005)
    return process


def large(path: Path, entries: int) -> Path:
    one = json.dumps(entry("big.example", os.urandom(30_000), "application/octet-stream"))
    with path.open("w") as stream:
        stream.write('{"log":{"entries":[')
        for number in range(entries):
            stream.write(("," if number else "") + one)
        stream.write("]}}")
    return path


def test_a_large_file_in_bounded_memory_and_ctrl_c_seals(tmp_path: Path) -> None:
    out = tmp_path / "cut"
    process = importing(large(tmp_path / "large.har", 2500), out, "private/blobs/*/*")
    peak = int(Path(f"/proc/{process.pid}/status").read_text().partition("VmHWM:")[2].split()[0])
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and "interrupted" in errors
    assert peak < 400_000
    assert json.loads((out / "data/session.json").read_text())["ended"] == "interrupted"
    assert monitor("verify", out).returncode == 0


def test_ctrl_c_while_it_is_sealed_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "late"
    process = importing(large(tmp_path / "late.har", 20), out, "seal.dsse.json")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert json.loads((out / "data/session.json").read_text())["ended"] == "done"
    assert (out / "report.html").stat().st_size > 1000 and monitor("verify", out).returncode == 0


def test_a_redacted_body_is_not_a_skipped_message(tmp_path: Path) -> None:
    """A HAR of a session without its bodies: the messages are imported, and said to be without their bodies."""
    post = {"mimeType": "application/json", "text": "", "comment": "redacted"}
    request = {"method": "POST", "url": "https://a.example/x", "httpVersion": "1.1", "headers": [], "queryString": [],
               "cookies": [], "headersSize": -1, "bodySize": 3, "postData": post}  # fmt: skip
    entry = {"startedDateTime": "2026-01-02T03:04:05Z", "time": 1, "request": request, "_matches": []}
    path = tmp_path / "x.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}))
    done = monitor("import", str(path), "--app", "a.b", "--out", str(tmp_path / "b"), "--lang", "en")
    assert done.returncode == 0 and "1 message imported" in done.stdout and "skipped" not in done.stderr
    assert "1 of them without their body" in done.stdout
