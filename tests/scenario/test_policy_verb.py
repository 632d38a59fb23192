"""The verb ``policy`` on files and on a real web server, and what the rules make of its event."""

import contextlib
import dataclasses
import http.server
import importlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from monitor.analysis.correlate.correlator import Analysis
from monitor.analysis.rules.load import load_rules
from monitor.base import network, paths
from monitor.content import html_text, policy_text
from monitor.events import Policy
from monitor.scenario.context import Run
from monitor.scenario.model import Scenario, load_scenario
from monitor.scenario.runner import Outcome, Runner
from monitor.session.declaration import App, Declaration, load_declaration
from monitor.session.handset import Node
from tests.scenario.screen import Kept, Screens, node

POLICIES = Path(__file__).parent / "policies"
HEAD = "appId: com.example.shop\n---\n"

LOCAL = ["127.0.0.1"]
verb = importlib.import_module("monitor.scenario.verbs.policy")


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = {"/good": (200, "good_zh.html"), "/gone": (404, ""), "/soft": (200, "")}
        status, name = pages.get(self.path, (404, ""))
        soft = "<title>404</title><body>页面不存在".encode() + b"." * 400
        body = (POLICIES / name).read_bytes() if name else soft
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def shown(text: str) -> dict[str, list[Node]]:
    return {"home": [node("隐私政策")], "policy": [node(text, cls="android.widget.TextView")]}


def read(scenario: Scenario, device: Screens, sink: Kept) -> Outcome:
    return Runner(scenario, Run(scenario.header.appId, device, sink, lambda package: 1, allow=LOCAL)).run()


def recorded(tmp_path: Path, command: str, screen: str = "") -> Policy:
    for path in POLICIES.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    file = tmp_path / "s.yaml"
    file.write_text(HEAD + f"- policy: {command}\n", "utf-8")
    sink = Kept()
    device = Screens(shown(screen), {("home", "隐私政策"): "policy"})
    scenario = load_scenario(str(file))
    outcome = read(scenario, device, sink)
    assert not outcome.failed, outcome.failed
    (event,) = [e for e in sink.events if isinstance(e, Policy)]
    return event


def fired(event: Policy, *, child: bool = False) -> dict[str, str]:
    declaration = Declaration(app=App(package="com.example.shop", child_directed=child))
    analysis = Analysis(load_rules(), declaration, organisations={}, sdks={}, hooks=[])
    analysis.feed(msgspec.structs.replace(event, seq=1))
    return {f.rule: f.status for f in analysis.close()[0]}


def test_a_good_file_is_silent(tmp_path: Path) -> None:
    event = recorded(tmp_path, "{file: good_zh.html, taps: 2}")
    assert event.examined and event.missing == [] and event.sdks == ["Beacon Analytics"] and event.language == "zh"
    assert fired(event, child=True) == {}


def test_the_text_of_a_screen_is_read_to_its_end(tmp_path: Path) -> None:
    """A policy stands in one view; what the author states to be whole is examined, however short."""
    text = (POLICIES / "good_zh.html").read_text("utf-8")
    body = "\n".join(html_text.read_document(text).lines)
    whole = recorded(tmp_path, "{tapOn: 隐私政策, whole: true}", body)
    assert whole.examined and whole.missing == [] and whole.chars > 500
    assert fired(whole) == {}
    short = recorded(tmp_path, "{tapOn: 隐私政策, whole: true}", "我们收集手机号。客服：400-800-1234。")
    assert short.examined and "retention" in short.missing and "POL-03" in fired(short)
    part = recorded(tmp_path, "{tapOn: 隐私政策}", body)
    assert not part.examined and "POL-03" not in fired(part)


def test_a_bad_file_is_for_review(tmp_path: Path) -> None:
    """Decided by words, so a person must confirm; a children's app without rules for minors is evidence."""
    event = recorded(tmp_path, "{file: bad_zh.html, taps: 6}")
    assert event.deadline == 30
    assert fired(event, child=True) == {
        "POL-02": "evidenced", "POL-03": "review", "POL-04": "review", "POL-05": "evidenced", "RGT-01": "review",
    }  # fmt: skip


def test_fetched_policies(tmp_path: Path, site: str) -> None:
    good = recorded(tmp_path, f"{site}/good")
    assert (good.status, good.missing, fired(good)) == (200, [], {})
    gone = recorded(tmp_path, f"{site}/gone")
    assert gone.status == 404 and not gone.examined and fired(gone) == {"POL-01": "evidenced"}
    soft = recorded(tmp_path, f"{site}/soft")
    assert soft.soft_404 and not soft.examined and fired(soft) == {"POL-01": "review"}
    dead = recorded(tmp_path, "http://127.0.0.1:1/none")
    assert dead.error and fired(dead) == {"POL-01": "evidenced"}


def test_a_file_that_is_gone_fails_the_step(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(HEAD + "- policy: {file: none.html}\n")
    (tmp_path / "none.html").touch()
    scenario = load_scenario(str(file))
    (tmp_path / "none.html").unlink()
    assert "none.html" in read(scenario, Screens({"home": []}), Kept()).failed


def test_the_sample_policies(tmp_path: Path) -> None:
    """The sample shop's policy lacks what is documented; the well-behaved shop's lacks nothing."""
    kept = {}
    for name in ("policy_text", "clean"):
        scenario = load_scenario(name)
        steps = tuple(step for step in scenario.commands if step.verb == "policy")
        sink = Kept()
        only = dataclasses.replace(scenario, commands=steps)
        assert not read(only, Screens({"home": []}), sink).failed
        (kept[name],) = [e for e in sink.events if isinstance(e, Policy)]
    assert set(kept["policy_text"].missing) >= {"retention", "sdk_list", "right:copy", "right:transfer"}
    assert fired(kept["policy_text"]) == dict.fromkeys(("CON-07", "POL-03", "POL-04", "RGT-01"), "review")
    assert fired(kept["clean"]) == {} and kept["clean"].url == "file:shop-clean.html"
    declared = load_declaration(paths.bundled("scenarios") / "declarations" / "shop-clean.yaml")
    assert kept["clean"].sdks == [sdk.name for sdk in declared.sdks or []]


def test_a_name_that_becomes_another_address_is_not_fetched(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    """Whoever owns the name answers the first look-up with a public address and the next one with this machine."""
    port, asked = int(site.rpartition(":")[2]), list[str]()

    def answer(host: str, to: int, **_: object) -> network.Found:
        asked.append(host)
        address = "192.0.0.9" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, to))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(verb, "_TIMEOUT", 0.3)
    status, data, _, error = verb._fetch(f"http://rebinds.example:{port}/good")
    assert (status, data) == (0, b"") and error and asked == ["rebinds.example"]
    assert verb._fetch(f"http://rebinds.example:{port}/good")[3] == "not a public address: --allow-host"


def test_a_name_that_is_not_looked_up_in_time_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    monkeypatch.setattr(network, "WAIT", 0.05)
    assert verb._fetch("https://slow.example/")[3] == "its address could not be looked up in time"
    over.set()


@pytest.fixture
def raw() -> Iterator[Callable[..., str]]:
    """A server that answers whatever it wants to, once it was ``asked`` unless it reads that itself: its address."""
    with contextlib.ExitStack() as stack:

        def serve(answer: Callable[[socket.socket], object], asked: bool = True) -> str:
            listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

            def run() -> None:
                with contextlib.suppress(OSError):
                    client, _ = listening.accept()
                    with client:
                        _ = asked and client.recv(4096)
                        answer(client)

            threading.Thread(target=run, daemon=True).start()
            return f"http://127.0.0.1:{listening.getsockname()[1]}/"

        yield serve


def test_a_server_is_not_told_that_a_program_asks(raw: Callable[..., str]) -> None:
    """It could keep another policy for it, and many refuse programs: that link is not dead."""

    def cloak(client: socket.socket) -> None:
        begun = client.recv(4096).lower()
        program = b"python" in begun or b"mozilla/5.0 (linux; android" not in begun
        client.sendall(b"HTTP/1.1 403 No\r\n\r\n" if program else HEAD_OK + b"\r\nfor people")

    assert verb._fetch(raw(cloak, False), LOCAL) == (200, b"for people", "", "")


HEAD_OK = b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "no status": (b"nothing\r\n\r\n", "BadStatusLine"),
    "no length": (HEAD_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "IncompleteRead"),
    "cut short": (HEAD_OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc", "IncompleteRead"),
    "a long line": (HEAD_OK + b"X: " + b"a" * 70_000 + b"\r\n\r\n", "LineTooLong"),
    "many lines": (HEAD_OK + b"A: b\r\n" * 300 + b"\r\n", "HTTPException"),
    "elsewhere": (b"HTTP/1.1 302 x\r\nLocation: http://a\x01b/\r\n\r\n", "InvalidURL"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_no_answer_of_a_server_ends_the_session(raw: Callable[..., str], case: str) -> None:
    sent, fault = BROKEN[case]
    assert verb._fetch(raw(lambda client: client.sendall(sent)), LOCAL) == (0, b"", "", fault)


def test_a_server_that_never_finishes_is_left(raw: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, and the answer never."""
    left = threading.Event()

    def drip(client: socket.socket) -> None:
        client.sendall(HEAD_OK + b"Content-Length: 1000000\r\n\r\n")
        while not left.wait(0.05):
            client.sendall(b"x")

    monkeypatch.setattr(verb, "_WHOLE", 0.5)
    assert verb._fetch(raw(drip), LOCAL) == (0, b"", "", "TimeoutError")
    left.set()


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "punycode", "idna", "base64", "no\0ne", "rot13"])
def test_a_page_chooses_no_codec_that_is_no_character_set(charset: str) -> None:
    """Some make text that no file holds, one takes for ever."""
    data = b"\\ud800 +2AA- " + b"a" * 300_000 + b"-0000"
    assert policy_text.decode(data, charset) == data.decode()


@pytest.mark.parametrize("charset", ["GBK", "gb2312", "GB18030", "big5", "UTF-8", "utf-16le", "Shift_JIS", "euc-kr"])
def test_the_character_sets_of_pages_are_read(charset: str) -> None:
    assert policy_text.decode("一二三".encode(charset), charset) == "一二三"


def test_the_proxy_of_the_environment_does_not_look_names_up(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert verb._fetch(f"{site}/good", LOCAL)[0] == 200
