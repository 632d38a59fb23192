"""The verb ``policy`` on files and on a real web server, and what the rules make of its event."""

from __future__ import annotations

import dataclasses
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from monitor.analysis.correlator import Analysis
from monitor.analysis.rules import load_rules
from monitor.declaration import App, Declaration, load_declaration
from monitor.errors import InputError
from monitor.events import Policy
from monitor.paths import bundled
from monitor.scenario.model import load_scenario
from monitor.scenario.runner import Runner
from tests.scenario.screen import Kept, Screens

POLICIES = Path(__file__).parent / "policies"
HEAD = "appId: com.example.shop\n---\n"


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


def recorded(tmp_path: Path, command: str) -> Policy:
    for path in POLICIES.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    file = tmp_path / "s.yaml"
    file.write_text(HEAD + f"- policy: {command}\n", "utf-8")
    sink = Kept()
    outcome = Runner(load_scenario(str(file)), Screens({"home": []}), sink, lambda package: 1, snapshots=False).run()
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


def test_a_bad_file_is_for_review(tmp_path: Path) -> None:
    """Words decide, so a person confirms; an app for children without rules for them is evidence."""
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


@pytest.mark.parametrize("command", ["{file: ../x}", "{file: /etc/passwd}", "{file: a, url: 'http://a/'}", "{}"])
def test_bad_arguments(tmp_path: Path, command: str) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(HEAD + f"- policy: {command}\n")
    with pytest.raises(InputError):
        load_scenario(str(file))


def test_a_file_that_is_not_there_fails_the_step(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(HEAD + "- policy: {file: none.html}\n")
    outcome = Runner(load_scenario(str(file)), Screens({"home": []}), Kept(), lambda package: 1, snapshots=False).run()
    assert "none.html" in outcome.failed


def test_the_sample_policies(tmp_path: Path) -> None:
    """The sample shop's lacks what it is said to lack; its twin's lacks nothing and lists what is declared."""
    kept = {}
    for name in ("policy_text", "clean"):
        scenario = load_scenario(name)
        steps = tuple(step for step in scenario.commands if step.verb == "policy")
        sink = Kept()
        only = dataclasses.replace(scenario, commands=steps)
        assert not Runner(only, Screens({"home": []}), sink, lambda package: 1, snapshots=False).run().failed
        (kept[name],) = [e for e in sink.events if isinstance(e, Policy)]
    assert set(kept["policy_text"].missing) >= {"retention", "sdk_list", "right:copy", "right:transfer"}
    assert fired(kept["policy_text"]) == {"POL-03": "review", "POL-04": "review", "RGT-01": "review"}
    assert fired(kept["clean"]) == {} and kept["clean"].url == "file:shop-clean.html"
    declared = load_declaration(bundled("scenarios") / "declarations" / "shop-clean.yaml")
    assert kept["clean"].sdks == [sdk.name for sdk in declared.sdks or []]
