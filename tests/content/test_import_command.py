"""``monitor import`` and ``monitor findings`` as a user runs them: every form with its place and host, no near miss."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from mitmproxy.io import tnetstring
from mitmproxy.test import tflow
from searching import IMEI
from test_content_positions import HERE, WRITTEN

from monitor.evidence.redaction import cover, session_key
from tests import command
from tests.documents import issued

ROOT = Path(__file__).parents[2]
MAC, GAID = "a4:b1:c2:d3:e4:f5", "3f2a9c1e-7b4d-4e8a-9f60-1c2d3e4f5a6b"
SSID, NAME = "K9x+Q2/v z8", "欧阳测试用户甲乙"
KNOWN = {"imei": IMEI, "mac": MAC, "gaid": GAID, "ssid": SSID, "contacts": NAME}


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def units(text: str) -> str:
    return "".join(f"\\u{ord(c):04x}" for c in text)


#: Ways of writing a value, by its type and by the name of the form.
FORMS: dict[str, dict[str, list[str]]] = {
    "imei": {
        "plain": [IMEI], "separators": ["35824005-761112-2", "35 824005 761112 2"], "reversed": [IMEI[::-1]],
        "hex": [IMEI.encode().hex()], "unicode": [units(IMEI)],
        "base64": [packed(b"\x01\x02"[:n] + IMEI.encode() + b"\x03"[:n]) for n in range(3)],
    },
    "mac": {
        "plain": [MAC], "upper": [MAC.upper()], "no_separators": ["a4b1c2d3e4f5", "A4B1C2D3E4F5"],
        "separators": ["A4-B1-C2-D3-E4-F5", "a4 b1 c2 d3 e4 f5"], "hex_upper": [MAC.encode().hex().upper()],
        "url": ["a4%3Ab1%3Ac2%3Ad3%3Ae4%3Af5"], "url2": ["a4%253Ab1%253Ac2%253Ad3%253Ae4%253Af5"],
    },
    "gaid": {"no_separators": [GAID.replace("-", "")], "upper": [GAID.upper()]},
    "ssid": {"plain": [SSID], "url": [urllib.parse.quote(SSID, safe="")], "base64": [packed(SSID.encode())]},
    "contacts": {"plain": [NAME], "url": [urllib.parse.quote(NAME)], "unicode": [units(NAME)]},
}  # fmt: skip
for _type in ("imei", "mac", "gaid"):
    _bare = KNOWN[_type].replace(":", "").replace("-", "")
    for _text in dict.fromkeys((KNOWN[_type], KNOWN[_type].upper(), _bare, _bare.upper())):
        for _name in ("md5", "sha1", "sha256"):
            _raw = hashlib.new(_name, _text.encode()).digest()
            FORMS[_type].setdefault(_name, []).extend(
                (_raw.hex(), _raw.hex().upper(), packed(_raw), base64.urlsafe_b64encode(_raw).decode())
            )
        FORMS[_type].setdefault("md5_16", []).append(hashlib.md5(_text.encode()).hexdigest()[:16])

Body = tuple[bytes, str, str]
"""Body, content type, decoder steps up to what was wrapped."""


def monitor(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return command.run(*arguments, cwd=ROOT)


def imported(capture: Path, out: Path, *more: str | Path, app: str = "a.b") -> subprocess.CompletedProcess[str]:
    done = monitor("import", capture, "--app", app, "--out", out, *more)
    assert done.returncode == 0, done.stderr
    return done


def lines(*arguments: str | Path) -> list[dict[str, Any]]:
    """What a command prints with ``--json``."""
    done = monitor(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def events(out: Path, kind: str = "transmission") -> list[dict[str, Any]]:
    return lines("events", out, "--kind", kind)


def _inner(thing: object) -> bytes:
    return thing if isinstance(thing, bytes) else json.dumps(thing).encode()


def alone(thing: object) -> Body:
    if isinstance(thing, bytes):
        return thing, "application/x-protobuf", "body.pb"
    return _inner(thing), "application/json", "body.json"


def gzip_in_base64_in_form(thing: object) -> Body:
    text = urllib.parse.quote(packed(gzip.compress(_inner(thing), mtime=0)), safe="")
    step = "pb" if isinstance(thing, bytes) else "json"
    return f"x=1&d={text}".encode(), "application/x-www-form-urlencoded", f"body.form.d.b64.gzip.{step}"


def entry(host: str, body: bytes, kind: str, at: str = "2026-01-02T03:04:05.678Z") -> dict[str, Any]:
    request = {
        "method": "POST", "url": f"https://{host}/v1", "httpVersion": "HTTP/2",
        "headers": [{"name": "Content-Type", "value": kind}],
        "postData": {"mimeType": kind, "text": packed(body), "encoding": "base64"},
    }  # fmt: skip
    return {"startedDateTime": at, "request": request, "response": {"status": 200, "content": {"size": 2}}}


def har(path: Path, entries: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}}))
    return path


def mitm(path: Path, *states: Any) -> Path:
    """A file of mitmproxy."""
    with path.open("wb") as stream:
        for state in states:
            tnetstring.dump(state, stream)
    return path


@pytest.fixture(scope="module")
def identifiers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("known") / "ids.yaml"
    items: list[dict[str, Any]] = [{"data_type": data_type, "value": value} for data_type, value in KNOWN.items()]
    items.append({"data_type": "location", "value": {"lat": HERE.lat, "lon": HERE.lon}})
    path.write_text(yaml.safe_dump(items, allow_unicode=True))
    return path


@pytest.mark.parametrize("wrap", [alone, gzip_in_base64_in_form])
def test_each_planted_value_is_a_finding_with_type_path_form_and_host(
    tmp_path: Path, identifiers: Path, wrap: Callable[[object], Body]
) -> None:
    planted: list[tuple[str, str, object, str]] = [
        (data_type, form, {"a": [{"v": text}]}, ".a[0].v")
        for data_type, forms in FORMS.items()
        for form, texts in forms.items()
        for text in texts
    ]
    planted += [("location", form, thing, "") for form, thing in WRITTEN]
    planted.append(("location", "plain", {"g": f"{HERE.lat},{HERE.lon}"}, ""))
    entries, wanted = [], {}
    for number, (data_type, form, thing, leaf) in enumerate(planted):
        host = f"f{number}.forms.example"
        body, kind, steps = wrap(thing)
        entries.append(entry(host, body, kind))
        wanted[host] = (data_type, form, steps + leaf)
    out = tmp_path / "bundle"
    imported(har(tmp_path / "forms.har", entries), out, "--identifiers", identifiers, app="com.example.shop")
    found: dict[str, set[tuple[str, str, str]]] = {}
    for finding in lines("findings", out):
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
    for secret in (*KNOWN.values(), "31.230416", IMEI[::-1]):
        assert secret.encode() not in public, secret


def test_near_misses_lead_to_no_finding(tmp_path: Path, identifiers: Path) -> None:
    misses: list[object] = [
        {"v": text}
        for text in (
            IMEI[:-1] + "9", IMEI[:14], MAC[:-1] + "6", GAID[:-2] + "00", "9" + MAC.replace(":", "") + "1",
            hashlib.sha256(IMEI.encode() + b"\n").hexdigest(), hashlib.md5(IMEI.encode()).hexdigest()[1:17],
            packed(IMEI[:-1].encode() + b"3"), "00000000-0000-0000-0000-000000000000",
            "02:00:00:00:00:00", "000000000000000", "NO", "1767322745678", SSID[:-1], NAME[:-1],
        )
    ]  # fmt: skip
    misses += [{"lat": 31.2304, "foo": 121.4837}, {"g": "131.2304,1121.4737"}, {"price": 31.2304, "rate": 4.5}]
    bodies = [wrap(miss) for miss in misses for wrap in (alone, gzip_in_base64_in_form)]
    capture = har(tmp_path / "decoys.har", [entry("decoy.example", body, kind) for body, kind, _ in bodies])
    imported(capture, tmp_path / "bundle", "--identifiers", identifiers)
    assert lines("findings", tmp_path / "bundle") == []
    sent = events(tmp_path / "bundle")
    assert len(sent) == len(bodies) and not any(event["matches"] for event in sent)


def _one(tmp_path: Path) -> Path:
    return har(tmp_path / "one.har", [entry("x.umeng.com", json.dumps({"i": IMEI}).encode(), "application/json")])


def test_consent_is_the_operators_statement_or_unknown(tmp_path: Path, identifiers: Path) -> None:
    def statuses(out: Path, *keys: str) -> dict[str, tuple[str, list[str]]]:
        return {f["rule"]: (f["status"], f["assumptions"]) for f in lines("findings", out, *keys)}

    def consent(name: str, *more: str) -> tuple[str, list[str]] | None:
        out = tmp_path / name
        imported(_one(tmp_path), out, "--identifiers", identifiers, *more)
        first = statuses(out)
        done = monitor("analyse", out, "--lang", "en")
        assert done.returncode == 0
        (key,) = re.findall("--results-key ([0-9a-f]{64})", done.stdout)
        assert statuses(out, "--results-key", key) == first
        return first.get("COL-03")

    assert consent("unknown") == ("review", [])
    assert consent("after", "--consent", "2026-01-02T12:00:00+08:00") == ("evidenced", ["consent_stated"])
    assert consent("before", "--consent", "1767322000") is None


def test_coverage_says_that_nothing_of_the_device_was_seen(tmp_path: Path, identifiers: Path) -> None:
    out, capture = tmp_path / "bundle", _one(tmp_path)
    imported(capture, out, "--identifiers", identifiers, "--lang", "zh")
    rules = {c["id"]: c for c in lines("coverage", out) if c["line"] == "rule"}
    assert rules["COL-01"]["state"] == "not_observable"
    assert rules["COL-01"]["why"] == "imported traffic: the device was not observed"
    assert "silent" not in {rules[name]["state"] for name in rules if name.startswith(("CON", "PRM", "LIF"))}
    session = json.loads((out / "data/session.json").read_text())
    assert session["imported"] == "har" and session["app"]["package"] == "a.b" and session["ended"] == "done"
    (started,) = [event for event in events(out, "health") if event["what"] == "started"]
    kept = (out / "private" / "import.har").read_bytes()
    digest = cover(session_key(out / "private"), hashlib.sha256(kept).hexdigest())
    assert kept == capture.read_bytes() and started["detail"]["sha256"] == digest
    assert "流量系导入，未对设备本身进行观察" in (out / "report.html").read_text()
    issued(out, "signed-imported", tmp_path)


def test_fail_on_and_refusals(tmp_path: Path, identifiers: Path) -> None:
    one, there, new = _one(tmp_path), tmp_path / "x", tmp_path / "y"
    common = ("--app", "a.b", "--identifiers", identifiers, "--consent", "2026-02-01", "--fail-on", "high")
    assert monitor("import", one, *common, "--out", there).returncode == 1
    for arguments, word in (
        ((one, "--app", "a.b", "--out", there), "already a recording here"),
        ((one, "--app", "no package", "--out", new), "package name"),
        ((one, "--app", "a.b", "--consent", "soon", "--out", new), "not a time"),
        ((tmp_path / "none.har", "--app", "a.b", "--out", new), "no such file"),
        ((identifiers, "--app", "a.b", "--out", new), "neither HAR"),
        ((har(tmp_path / "empty.har", []), "--app", "a.b", "--out", new), "no request"),
        ((one, "--app", "a.b", "--identifiers", one, "--out", new), "list is expected"),
    ):
        done = monitor("import", *arguments)
        assert done.returncode == 2 and word in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert not new.exists()


def test_a_damaged_file_is_imported_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = har(tmp_path / "w.har", [entry("h.example" if n != 4 else "[", b"x" * 90, "text/plain") for n in range(9)])
    flows = mitm(tmp_path / "f.mitm", *[tflow.tflow(resp=True).get_state()] * 3)
    for path, cut, kept, said in (
        (whole, 200, 7, "skipped 1: entry without a valid startedDateTime or url"),
        (flows, 20, 2, "damaged or cut short"),
    ):
        path.write_bytes(path.read_bytes()[:-cut])
        out = path.with_suffix(".out")
        done = imported(path, out)
        assert said in done.stderr and "incomplete: the file is damaged or cut short" in done.stderr
        assert len(events(out)) == kept and monitor("verify", out).returncode == 0


def test_a_mitmproxy_that_cannot_be_loaded_is_a_fault_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "mitmproxy.py").write_text("raise ImportError('broken', name='mitmproxy')")
    flows = mitm(tmp_path / "f.mitm", tflow.tflow(resp=True).get_state())
    words = ("import", flows, "--app", "a.b", "--out", tmp_path / "out")
    done = command.run(*words, cwd=ROOT, PYTHONPATH=str(tmp_path))
    assert done.returncode == 3 and "mitmproxy, which cannot be loaded" in done.stderr


def test_text_frames_as_mitmproxy_up_to_7_kept_them(tmp_path: Path) -> None:
    state = tflow.twebsocketflow().get_state()
    text = [1, True, json.dumps({"advertisingTrackingId": GAID}), 946681203.0, False, False]
    state["websocket"]["messages"] = [text, [1, True, "zwölf", 946681204.0, False, False]]
    out = tmp_path / "out"
    done = imported(mitm(tmp_path / "f.mitm", state, state), out, "--lang", "en")
    assert "skipped" not in done.stderr, done.stderr
    assert "2 values were recognised by the name of the field alone" in done.stdout and "--identifiers" in done.stdout
    seen = events(out)
    assert [event["protocol"] for event in seen] == ["http", "websocket", "websocket"] * 2
    assert [m["data_type"] for event in seen for m in event["matches"]] == ["gaid", "gaid"]
    assert GAID not in "".join(p.read_text("utf-8", "replace") for p in out.glob("*.jsonl"))


@pytest.mark.parametrize(
    ("lang", "said", "calm"),
    [
        ("en", "an unknown number of entries after that place is missing", "No events lost, no failures."),
        ("zh", "其后缺失的条目数量不明", "数据无丢失，工具无故障。"),
    ],
)
def test_a_cut_capture_is_no_all_clear(tmp_path: Path, identifiers: Path, lang: str, said: str, calm: str) -> None:
    path = har(tmp_path / "w.har", [entry("h.example", b"x" * 90, "text/plain") for _ in range(9)])

    def result(name: str) -> tuple[str, dict[str, tuple[str, list[Any]]], str]:
        """What was said, each rule's state with its reasons, and the report."""
        out = tmp_path / name
        done = imported(path, out, "--lang", lang, *(["--identifiers", identifiers] if name != "unknown" else []))
        coverage = [json.loads(line) for line in (out / "coverage.jsonl").read_text().splitlines()]
        rules = {line["id"]: (line["state"], line.get("reasons", [])) for line in coverage if line["line"] == "rule"}
        return done.stderr, rules, (out / "report.html").read_text()

    _, rules, report = result("whole")
    silent = [rule for rule, (state, _) in rules.items() if state == "silent"]
    assert "SHR-04" in silent and calm in report
    assert result("unknown")[1]["SHR-04"] == ("not_exercised", [{"code": "nothing_known"}])

    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    heard, rules, report = result("cut")
    assert said in heard and said in report and calm not in report
    assert {rule: rules[rule] for rule in silent} == dict.fromkeys(
        silent, ("not_observable", [{"code": "capture_cut"}])
    )
    assert "silent" not in {state for state, _ in rules.values()}

    path.write_bytes(data.replace(b"https://h.example", b"https://[h.examp", 1))
    heard, rules, report = result("bad")
    assert "startedDateTime" in heard and calm not in report
    assert all(rules[rule][1] == [{"code": "capture_skipped", "params": {"n": "1"}}] for rule in silent)


def test_times_that_stand_out_of_order_stay_true(tmp_path: Path, identifiers: Path) -> None:
    body, out = json.dumps({"i": IMEI}).encode(), tmp_path / "out"
    entries = [entry("x.umeng.com", body, "application/json", f"2026-01-02T0{hour}:00:00Z") for hour in (5, 3)]
    capture = har(tmp_path / "o.har", entries)
    imported(capture, out, "--identifiers", identifiers, "--consent", "2026-01-02T04:00:00Z")
    (finding,) = [f for f in lines("findings", out) if f["rule"] == "COL-03"]
    assert (finding["status"], finding["count"]) == ("evidenced", 1)
    assert [event["src"] for event in events(out)] == ["import", "import:1"]


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
    one = entry("a.example", b"", "application/json") | {"_matches": []}
    one["request"]["postData"] = {"mimeType": "application/json", "text": "", "comment": "redacted"}
    done = imported(har(tmp_path / "x.har", [one]), tmp_path / "b", "--lang", "en")
    assert "1 message imported" in done.stdout and "skipped" not in done.stderr
    assert "1 of them without their body" in done.stdout
