"""The real command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import events as e
from monitor.assess.evaluate import reanalyse
from monitor.assess.tables import keep_tables
from monitor.cli._words import begin
from monitor.evidence.bundle import Bundle
from monitor.session.manifest import App, Session
from tests import command

ROOT = Path(__file__).parents[2]
APP = "com.example.shop"
T0 = 1_790_000_000_000_000
DECLARATION = """\
app: {package: com.example.shop, type_39: 6}
operator: {name: Canary Shop, org: example_shop, domains: [shop.example.cn]}
collection:
  - {data_type: android_id, purpose: statistics}
  - {data_type: contacts, purpose: find friends}
permissions:
  - {name: android.permission.CAMERA, function: scan}
sdks:
  - {name: Beacon Analytics, id: example_beacon, data_types: [android_id], hosts: [collect.beacon-analytics.cn]}
  - {name: Quiet SDK, package_prefixes: [org.quiet.sdk]}
recipients:
  - {org: example_beacon, role: processor, data_types: [android_id], hosts: [collect.beacon-analytics.cn]}
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def monitor(tmp_path: Path) -> Run:
    """``monitor(*arguments, **environment)``: never a traceback, whatever the arguments."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        done = command.run(*arguments, cwd=tmp_path, **environment)
        assert "Traceback" not in done.stderr and "internal error" not in done.stderr, done.stderr
        return done

    return run


@pytest.fixture
def monitor_process(tmp_path: Path) -> Run:
    """``monitor`` in a process of its own."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            cwd=tmp_path,
            env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)} | environment,
        )
        assert "Traceback" not in done.stderr and "internal error" not in done.stderr, done.stderr
        return done

    return run


def _events() -> list[e.Event]:
    """A first run: a library reads before the notice is answered; then consent, and two hosts are sent a value."""
    hook = {"src": "hooks:7", "app": APP, "pid": 7, "err": 800}
    host = {"src": "runner", "app": APP, "err": 0}
    proxy = {"src": "proxy", "app": APP, "err": 1000}
    match = [e.Match(data_type="android_id", form="md5", path="body.json.did", certainty="found", tag="ab" * 16)]
    read = {"hook": "settings.secure_get", "role": "source", "cls": "android.provider.Settings$Secure",
            "method": "getString", "sig": "()", "outcome": "value"}  # fmt: skip
    return [
        e.Step(t=T0, index=1, verb="launchApp", state="started", **host),
        e.Health(t=T0 + 1000, component="hooks", what="ready", **host),
        e.Lifecycle(t=T0 + 2000, what="process_start", process=APP, **host),
        e.Stack(t=T0 + 500_000, stack=1, **hook, frames=[
            e.Frame(cls="android.provider.Settings$Secure", method="getString"),
            e.Frame(cls="cn.beacon.analytics.Beacon", method="start", file="Beacon.java", line=35),
        ]),
        e.ApiCall(t=T0 + 500_000, data_type="android_id", stack=1, call=1, **read, **hook),
        e.Window(t=T0 + 900_000, window=1, window_kind="dialog", action="shown", title="隐私政策提示\x1b[31m\u202e",
               texts=["请阅读并同意隐私政策"], buttons=["不同意", "同意并继续"], **hook),
        e.Tap(t=T0 + 3_000_000, label="同意并继续", window=1, **hook),
        e.Stack(t=T0 + 4_000_000, stack=2, frames=[e.Frame(cls=f"{APP}.Main", method="list")], **hook),
        e.ApiCall(t=T0 + 4_000_000, data_type="apps", stack=2, call=2, **read, **hook),
        e.Connection(t=T0 + 4_900_000, address="192.0.2.1", port=443, local_port=4001, stack=1, **hook),
        e.Connection(t=T0 + 5_900_000, address="192.0.2.2", port=443, local_port=4002, stack=2, **hook),
        e.PermissionRequest(t=T0 + 4_500_000, permissions=["android.permission.READ_CONTACTS"], via="hook", **hook),
        e.Transmission(t=T0 + 5_000_000, flow="a", host="collect.beacon-analytics.cn", port=443,
                     client_port=4001, bytes=90, matches=match, **proxy),
        e.Transmission(t=T0 + 6_000_000, flow="b", host="dmp.datamarket-union.com", port=443,
                     client_port=4002, bytes=70, matches=match, **proxy),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed and assessed bundle of a small session (read only: copy it to change it)."""
    path = tmp_path_factory.mktemp("cli") / "bundle"
    made = Bundle.create(path)
    for event in _events():
        made.log.append(event)
    made.add_input("declaration.yaml", DECLARATION.encode())
    app = App(
        package=APP, version="1.2.0", permissions=["android.permission.CAMERA", "android.permission.READ_CONTACTS"]
    )
    made.seal(Session(scenario="quickstart", start=T0, end=T0 + 9_000_000, app=app, digests=keep_tables(made)))
    reanalyse(path, key=made.signer())
    return path


@pytest.fixture
def copy(bundle: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(bundle, tmp_path / "copy"))


@pytest.fixture(autouse=True)
def reader(request: pytest.FixtureRequest) -> None:
    """What a test calls without the command line is in the language of its parameter ``lang``."""
    lang = getattr(request.node, "callspec", None) and request.node.callspec.params.get("lang")
    begin(["--lang", lang] if lang else [])
