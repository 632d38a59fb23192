"""The real command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.events import (
    ApiCall,
    Event,
    Frame,
    Health,
    Lifecycle,
    Match,
    PermissionRequest,
    Stack,
    Step,
    Tap,
    Transmission,
    Window,
)
from monitor.evidence.bundle import Bundle
from monitor.record import reanalyse
from monitor.session import App, Session

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
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            cwd=tmp_path,
            env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)} | environment,
        )
        assert "Traceback" not in done.stderr and "fault of the monitor itself" not in done.stderr, done.stderr
        return done

    return run


def _events() -> list[Event]:
    """A first run: a library reads before the notice is answered; then consent, and two hosts are sent a value."""
    hook = {"src": "hooks:7", "app": APP, "pid": 7, "err": 800}
    host = {"src": "runner", "app": APP, "err": 0}
    proxy = {"src": "proxy", "app": APP, "err": 1000}
    match = [Match(data_type="android_id", form="md5", path="body.json.did", certainty="found", tag="ab" * 16)]
    read = {"hook": "settings.secure_get", "role": "source", "cls": "android.provider.Settings$Secure",
            "method": "getString", "sig": "()", "outcome": "value"}  # fmt: skip
    return [
        Step(t=T0, index=1, verb="launchApp", state="started", **host),
        Health(t=T0 + 1000, component="hooks", what="ready", **host),
        Lifecycle(t=T0 + 2000, what="process_start", process=APP, **host),
        Stack(t=T0 + 500_000, stack=1, **hook, frames=[
            Frame(cls="android.provider.Settings$Secure", method="getString"),
            Frame(cls="cn.beacon.analytics.Beacon", method="start", file="Beacon.java", line=35),
        ]),
        ApiCall(t=T0 + 500_000, data_type="android_id", stack=1, sdk="example_beacon", call=1, **read, **hook),
        Window(t=T0 + 900_000, window=1, window_kind="dialog", action="shown", title="隐私政策提示\x1b[31m\u202e",
               texts=["请阅读并同意隐私政策"], buttons=["不同意", "同意并继续"], **hook),
        Tap(t=T0 + 3_000_000, label="同意并继续", window=1, **hook),
        ApiCall(t=T0 + 4_000_000, data_type="apps", sdk="app", call=2, **read, **hook),
        PermissionRequest(t=T0 + 4_500_000, permissions=["android.permission.READ_CONTACTS"], via="hook", **hook),
        Transmission(t=T0 + 5_000_000, flow="a", host="collect.beacon-analytics.cn", port=443, org="example_beacon",
                     party="third", sdk="example_beacon", attribution="request", bytes=90, matches=match, **proxy),
        Transmission(t=T0 + 6_000_000, flow="b", host="dmp.datamarket-union.com", port=443, org="example_datamarket",
                     party="third", sdk="app", attribution="request", bytes=70, matches=match, **proxy),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed and judged bundle of a small session (read only: copy it to change it)."""
    path = tmp_path_factory.mktemp("cli") / "bundle"
    made = Bundle.create(path)
    for event in _events():
        made.log.append(event)
    made.add_input("declaration.yaml", DECLARATION.encode())
    app = App(
        package=APP, version="1.2.0", permissions=["android.permission.CAMERA", "android.permission.READ_CONTACTS"]
    )
    made.seal(Session(scenario="quickstart", start=T0, end=T0 + 9_000_000, app=app))
    reanalyse(path, (), "", None, "en")
    return path
