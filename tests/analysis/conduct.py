"""Sessions of the app ``conduct``: each rule's violating behaviour and its twin, on the stand-in device.

A session is one scenario of ``scenarios/conduct`` with the device's setting ``conduct`` at "violate SCENE" or "comply
SCENE". Behaviours that do not disturb each other share a session.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from monitor.base.paths import bundled
from monitor.events import Step
from monitor.evidence.lines import read_events
from tests import command

HOWS = ("violate", "comply")
#: Scene to the rules that it is about, with the status that the violating behaviour must have.
SCENES: dict[str, dict[str, str]] = {
    "web": {"COL-01": "evidenced", "COL-04": "evidenced"},
    "first_run": {
        "COL-01": "evidenced", "COL-02": "evidenced", "COL-03": "evidenced", "COL-12": "evidenced",
        "CON-02": "evidenced", "CON-03": "evidenced", "CON-04": "review",
        "PRM-02": "evidenced", "PRM-04": "evidenced",
    },
    "no_notice": {"CON-01": "evidenced"},
    "functions": {
        "COL-08": "review", "COL-09": "evidenced", "COL-13": "evidenced", "COL-14": "evidenced",
        "SHR-01": "evidenced", "SHR-02": "evidenced", "SHR-03": "evidenced", "SHR-04": "review", "SHR-05": "evidenced",
        "PER-01": "review", "POL-04": "evidenced", "PRM-03": "evidenced", "PRM-06": "evidenced",
        "LIF-02": "evidenced",
    },
    "sensitive": {
        "COL-10": "evidenced", "COL-11": "evidenced", "AI-01": "evidenced", "POL-05": "evidenced",
    },
    "refuse": {
        "COL-04": "evidenced", "COL-06": "evidenced", "CON-05": "review", "PRM-01": "evidenced", "PRM-05": "evidenced",
    },
    "withdraw": {
        "COL-05": "evidenced", "CON-06": "review", "PER-02": "evidenced", "PRM-07": "evidenced", "AI-02": "evidenced",
        "RGT-01": "review",
    },
    "lifecycle": {"LIF-01": "evidenced", "COL-07": "evidenced"},
    "policy": {"CON-07": "evidenced", "POL-01": "evidenced", "POL-02": "evidenced", "POL-03": "review"},
}  # fmt: skip
RULES = {rule: scene for scene, rules in SCENES.items() for rule in rules}


class Line(NamedTuple):
    """The result of a session for a rule."""

    rule: str
    status: str
    """Of its findings, the strongest; empty = none."""
    coverage: str
    why: str


class Session(NamedTuple):
    """A recorded session and what was found in it."""

    bundle: Path
    fault: str
    """A fault of the session itself: a failed step, a device that did not start."""
    findings: list[dict[str, Any]]
    coverage: dict[str, dict[str, Any]]

    def line(self, rule: str) -> Line:
        """The rule's line of the table."""
        found = {finding["status"] for finding in self.findings if finding["rule"] == rule}
        status = next((s for s in ("evidenced", "inconclusive", "review") if s in found), "")
        line = self.coverage.get(rule, {"state": "missing", "why": self.fault})
        return Line(rule, status, line["state"], line["why"])


class _Policies(BaseHTTPRequestHandler):
    """``/same`` is always the same complete text, ``/changed`` another one at every request."""

    count = 0

    def do_GET(self) -> None:
        type(self).count += 1
        body = (bundled("scenarios") / "policies" / "shop-clean.html").read_text("utf-8")
        if self.path.startswith("/changed"):
            body += f"第 {self.count} 版"
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def policies() -> Iterator[str]:
    """The address of a server of policy texts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Policies)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _env(scene: str, how: str, address: str) -> Mapping[str, str]:
    if scene != "policy":
        return {}
    if how == "violate":
        return {"POLICY": f"{address}/changed", "LANGUAGE": "en", "TAPS": "6"}
    return {"POLICY": f"{address}/same", "LANGUAGE": "zh", "TAPS": "1"}


def _complete(declaration: Path, to: Path) -> Path:
    """The declaration, with a permission of the manifest that both share and that it leaves out."""
    stated = yaml.safe_load(declaration.read_text("utf-8"))
    stated["permissions"].append({"name": "android.permission.READ_SMS", "purpose_text": "填写验证码"})
    to.write_text(yaml.safe_dump(stated, allow_unicode=True), "utf-8")
    return to


def play(scene: str, how: str, folder: Path, app: str = "") -> Session:
    """Record the scene in ``folder``, which must be new. ``app``: a file to use in place of the bundled app."""
    folder.mkdir(parents=True)
    path = bundled("scenarios") / "conduct" / f"{scene}.yaml"
    header, commands = yaml.safe_load_all(path.read_text("utf-8"))
    declaration = path.parent / header.pop("declaration")
    if how != "violate":
        declaration = _complete(declaration, folder / "declaration.yaml")
    state = folder / "state.yaml"
    state.write_text(yaml.safe_dump({"settings": {"global": {"conduct": f"{how} {scene}"}}}))
    bundle = folder / "bundle"
    with policies() as address:
        header["env"] = {**header.get("env", {}), **_env(scene, how, address)}
        script = folder / f"{scene}.yaml"
        script.write_text(yaml.safe_dump_all([header, commands], allow_unicode=True, sort_keys=False), "utf-8")
        words = [
            "--app",
            app or header["app"],
            "--declaration",
            declaration,
            "--device",
            f"standin:state={state}",
            "--out",
            bundle,
        ]
        done = command.run("run", script, "--quiet", *words, cwd=folder)
    if not (bundle / "coverage.jsonl").is_file():
        return Session(bundle, (done.stderr or done.stdout)[-300:], [], {})
    lines = [json.loads(line) for line in (bundle / "coverage.jsonl").read_text("utf-8").splitlines()]
    findings = [json.loads(line) for line in (bundle / "findings.jsonl").read_text("utf-8").splitlines()]
    coverage = {line["id"]: line for line in lines if line["line"] == "rule"}
    failed = [
        f"{e.verb} {e.label}: {e.detail}" for e in read_events(bundle) if isinstance(e, Step) and e.state == "failed"
    ]
    return Session(
        bundle, "; ".join(failed) or ("" if done.returncode == 0 else done.stderr[-300:]), findings, coverage
    )
