"""The parsers of foreign bytes that ``bench.fuzz`` feeds, each with examples of what it reads."""

from __future__ import annotations

import base64
import gzip
import io
import itertools
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from mitmproxy import io as flows
from mitmproxy.test import tflow

from bench.review_capture import APP, IMEI, capture
from monitor.analysis.rules.load import read_rule
from monitor.apk.contents import contents
from monitor.assess.baseline import load_baseline
from monitor.base.clock import Interval
from monitor.collectors.agent_messages import Decoder
from monitor.collectors.proxy import flowfile
from monitor.content import Needle, Searcher
from monitor.content.data_safety import read_manifest, read_safety
from monitor.content.decode import Message, decode
from monitor.content.html_text import read_document
from monitor.content.policy_text import examine
from monitor.content.sdk_table import read_lists, read_sdks, sheets
from monitor.device import parse
from monitor.device.changes.journal import read_lines
from monitor.events import Window, encode
from monitor.events import decode as event_of
from monitor.evidence.attested import checking
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import parse_public
from monitor.evidence.standalone.verify import CAPTURE_TYPE, SEAL, Damaged, token_time
from monitor.importing.captures import import_capture, load_identifiers
from monitor.knowledge.catalogue import load_catalogue, read_files
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.knowledge.tables_user import load_user_list
from monitor.record.sdk.library import open_library
from monitor.scenario.model import load_scenario
from monitor.session.declaration import load_declaration
from monitor.session.manifest import App, Session

ROOT = Path(__file__).resolve().parents[1]
_MANIFEST = (
    b'<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="a.b"><application/></manifest>'
)
_LISTS = (("个人信息", "目的", "第三方"), ("IMEI", "统计", "某公司"))
_BASELINE = b"accepted:\n- {fingerprint: 0123456789abcdef, rule: COL-01, reason: r, author: a, until: 2030-01-01}\n"
_VALUES = b'- {data_type: imei, value: "863301048722415"}\n- {data_type: location, value: {lat: 1.5, lon: 2}}\n'
_SCREEN = b'<?xml version="1.0"?><hierarchy rotation="0"><node text="a" bounds="[0,0][1,1]"/></hierarchy>'
_LOG = b"09-21 13:46:40.000  1000  1000 I ActivityManager: Displayed a.b/.C\n1790000000.1 1 2 I am_proc_start: [0,1,2]"
_RECORDS = (
    struct.pack("<HHiIIIIII", 14, 28, 7, 7, 1_700_000_000, 5, 2, 1000, 30011) + bytes([3, 1, 2, 3, 0, 0, 0]) + b"a.b"
)
_AGENT = {
    "v": 1, "n": 1, "m": [[1, 0, "a.B", "c", "()"]], "s": [[0, "hooked", "1"]], "f": [],
    "x": [[1, [["a.B", "c", "B.java", 3]], False]],
    "e": [["c", 1, 5.0, 1, 7, 1, "value", 1, 0, "imei", {"a": "b"}, [["imei", IMEI]], [], ""]],
    "a": [[1, 1, "imei", "value", 3, 1.0, 2.0]], "h": {"t": 1, "seq": 1, "totals": [[0, 1, 1, 0, 0, 0, 0]]},
}  # fmt: skip


class Parser(NamedTuple):
    """What reads foreign bytes, examples of them, and how it may refuse besides ``MonitorError``."""

    read: Callable[[bytes], Any]
    examples: list[bytes]
    refuses: tuple[type[BaseException], ...] = ()


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in _LISTS:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _flows() -> bytes:
    out = io.BytesIO()
    writer = flows.FlowWriter(out)
    for flow in (tflow.tflow(resp=True), tflow.twebsocketflow(), tflow.ttcpflow()):
        writer.add(flow)
    return out.getvalue()


def _files(*patterns: str, most: int = 12) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))[:most] if path.is_file()]


def _texts(*reads: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """Readers of a text, each of which must take it."""
    return lambda data: [read(data.decode("utf-8", "replace")) for read in reads]


def _lines(*reads: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: [read(line) for line in text.splitlines() for read in reads]


def _agent(data: bytes) -> None:
    numbers = itertools.count(1)
    decoder = Decoder(
        app=APP, pid=7, process=APP, rows=load_catalogue()[:30], to_host=lambda t: Interval(t, 1),
        stack_number=lambda: next(numbers),
    )  # fmt: skip
    for line in data.splitlines():
        try:
            payload = json.loads(line)
        except (ValueError, RecursionError):
            payload = line.decode("latin-1")
        list(decoder.feed(payload, 1_790_000_000_000_000))


def _searched(data: bytes) -> None:
    searcher = Searcher(APP)
    searcher.add([Needle("imei", "t", IMEI)])
    for kind in ("", "application/json", "multipart/form-data; boundary=x", "application/grpc", "text/xml"):
        searcher.search(decode(Message(body=data, content_type=kind, encoding="gzip" * data.startswith(b"\x1f\x8b"))))


def sealed(place: Path) -> Path:
    """A small bundle with results."""
    made = Bundle.create(place)
    for number in range(20):
        made.log.append(_window(number))
    made.seal(Session(start=1, end=99, app=App(package=APP)))
    made.attest({}, "2", {})
    return place


def _window(number: int) -> Window:
    return Window(
        t=number, err=0, src="hooks:7", app=APP, pid=7, window=number, window_kind="dialog", action="shown", title="t",
        texts=["隐私政策"], buttons=["同意"],
    )  # fmt: skip


def parsers(work: Path, bundle: Path) -> dict[str, Parser]:
    """All of them. ``work``: a directory of our own; ``bundle``: ``sealed``."""
    sdks, organisations, rows = load_sdks(), load_organisations(), load_catalogue()[:50]
    public = (bundle / "public.pem").read_bytes()

    def file(read: Callable[[Path], Any], name: str = "input") -> Callable[[bytes], Any]:
        def one(data: bytes) -> Any:
            (work / name).write_bytes(data)
            return read(work / name)

        return one

    classes = _files("tests/hooks/classes.jar")
    apk = _zipped({"AndroidManifest.xml": _MANIFEST, "classes.dex": b"dex\n035\0" + bytes(200), "classes/A.class": b""})
    bodies = [
        b'{"imei":"863301048722415","a":[1,2,{"b":"aGVsbG8gd29ybGQ="}]}', gzip.compress(b'{"a":"b"}' * 50, mtime=0),
        b"a=1&b=%7B%22c%22%3A1%7D", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
        b"\x0a\x0f863301048722415\x12\x03abc", b"\x82\xa4imei\xaf863301048722415\xa1a\x01",
        b"<a b='c'><d>863301048722415</d></a>", b"\x00\x00\x00\x00\x11\x0a\x0f863301048722415",
        b"eyJhIjoiYiJ9." + base64.urlsafe_b64encode(b'{"imei":"863301048722415"}').rstrip(b"=") + b".c2ln",
        b"\xa1\x64imei\x6f863301048722415", _zipped({"a.json": b'{"imei":"863301048722415"}'}),
        base64.b85encode(b'{"imei":"863301048722415"}'), b"\x04\x22\x4d\x18" + bytes(30), b"\xff\x06\x00\x00sNaPpY",
    ]  # fmt: skip
    dumps = (
        parse.packages.listed, lambda text: parse.packages.package(text, "a.b"), parse.system.ps,
        parse.system.sockets, parse.system.running, parse.system.getprop,
        parse.screen.focused, parse.screen.resumed,
    )  # fmt: skip
    lists = [
        b"127.0.0.1 tracker.example\n0.0.0.0 ads.example\n",
        b'{"a.example":{"owner":{"name":"A"},"domain":"b.example"}}',
    ]
    har = [capture("2026-09-21T13:46:40.000Z", "2026-09-21T13:46:41.000Z")]
    return {
        "declaration": Parser(file(load_declaration), _files("scenarios/declarations/*.yaml")),
        "scenario": Parser(file(load_scenario, "a.yaml"), _files("scenarios/*.yaml", "scenarios/conduct/*.yaml")),
        "rule": Parser(file(read_rule, "r.yaml"), _files("monitor/rules/*.yaml")),
        "catalogue": Parser(file(lambda p: read_files([p]), "c.yaml"), _files("hooks/catalogue/*.yaml", most=4)),
        "list of recipients": Parser(file(load_user_list), lists),
        "baseline": Parser(file(load_baseline), [_BASELINE]),
        "identifiers": Parser(file(load_identifiers), [_VALUES]),
        "HAR": Parser(file(lambda p: list(import_capture(p, APP, [("imei", "t", IMEI)])), "c.har"), har),
        "flow file": Parser(file(lambda p: list(flowfile.read(p, APP)), "c.mitm"), [_flows()]),
        "body": Parser(_searched, bodies),
        "policy": Parser(_texts(read_document, examine), _files("scenarios/policies/*", "tests/cli/files/*.html")),
        "two lists": Parser(
            _texts(lambda t: read_lists(read_document(t).tables)), _files("tests/cli/files/two_lists_zh.html")
        ),
        "workbook": Parser(lambda data: read_lists(sheets(data)), [_workbook()]),
        "list of SDKs": Parser(_texts(read_sdks, lambda t: read_sdks(t, as_csv=True)), _files("tests/cli/files/sdks*")),
        "data safety": Parser(_texts(read_safety), _files("tests/cli/files/play.csv")),
        "privacy manifest": Parser(
            _texts(lambda t: read_manifest(t, "x")), _files("tests/cli/files/PrivacyInfo.xcprivacy")
        ),
        "library": Parser(file(open_library, "l.jar"), classes),
        "app": Parser(file(lambda p: contents(p, rows, sdks, organisations), "a.apk"), [apk, *classes]),
        "binary XML": Parser(lambda data: list(parse.manifest.start_tags(data)), [_axml()], (ValueError,)),
        "agent's messages": Parser(_agent, [json.dumps(_AGENT).encode()]),
        "device's log": Parser(_texts(_lines(parse.log.line, parse.log.permission_answer), parse.log.schema), [_LOG]),
        "device's log in binary": Parser(lambda data: list(parse.log.entries([data])), [_RECORDS], (ValueError,)),
        "device's dumps": Parser(_texts(*dumps), _files("tests/fixtures/device/*/*", most=40)),
        "screen": Parser(parse.screen.nodes, [_SCREEN], (ValueError,)),
        "journal": Parser(_texts(read_lines), [b"v1 aa bb setting global http_proxy x\n"]),
        "key": Parser(lambda data: parse_public(data, "x"), [public]),
        "statement": Parser(lambda data: _seal_opened(bundle, data), [(bundle / SEAL).read_bytes()]),
        "time-stamp": Parser(lambda data: token_time(data, b"s"), [b"\x30\x82\x01\x00" + bytes(256)], (Damaged,)),
        "event": Parser(event_of, [encode(_window(1))], (ValueError,)),
        "manifest of a session": Parser(Session.decode, [(bundle / "data/session.json").read_bytes()]),
    }


def _seal_opened(bundle: Path, data: bytes) -> object:
    with checking(bundle) as check:
        return check.open_envelope(SEAL, CAPTURE_TYPE, check.read_keys(), data or b"-")


def _axml() -> bytes:
    """A chunk of XML with a pool of strings and one element."""
    text = "manifest".encode("utf-16-le")
    string = len("manifest").to_bytes(2, "little") + text + b"\0\0"
    pool = b"\x01\0\x1c\0" + (32 + len(string)).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(8)
    pool += (32).to_bytes(4, "little") + bytes(8) + string
    element = (
        b"\x02\x01\x10\0" + (36).to_bytes(4, "little") + bytes(4) + b"\xff" * 8 + bytes(4) + b"\x14\0\x14\0" + bytes(8)
    )
    body = pool + element
    return b"\x03\0\x08\0" + (8 + len(body)).to_bytes(4, "little") + body
