"""Two apps by outside authors, careless and careful, with what was known of them before they first ran.

The ride-hailing app is written from the rules and Android's documentation alone. It reads identifiers from providers
(the settings' and a maker's), goes from one screen to the next in ``onCreate``, asks for permissions in ``onCreate``
and ``onResume``, and sends a digest of a digest, a value in two fields and packed lists.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.base.paths import bundled
from tests import command

pytestmark = pytest.mark.device

RIDE_DECLARED = """
app: {package: cn.chuxing.ride}
operator: {name: 出行, domains: [chuxing-ride.cn]}
collection:
  - {data_type: android_id, purpose: 账号安全}
  - {data_type: location, purpose: 附近车辆}
recipients: []
"""
RIDE = """appId: cn.chuxing.ride
name: ride
---
- launchApp: {clearState: true}
- idle: 2s
- permission: {decision: allow, name: ACCESS_FINE_LOCATION, optional: true, timeout: 2s}
- consent: {scope: policy, decision: accept, tapOn: 同意}
- inputText: airport
- assertVisible: airport
- background: 2s
- foreground
- tapOn: 定位我
- tapOn: {text: 同意, optional: true, timeout: 1s}
- permission: {decision: allow, optional: true, timeout: 2s}
- tapOn: 邀请好友
- permission: {decision: allow, name: READ_CONTACTS, optional: true, timeout: 2s}
- tapOn: {text: 知道了, optional: true, timeout: 1s}
- idle: 1s
"""


def play(folder: Path, *words: object) -> list[dict[str, Any]]:
    """The findings of a session."""
    done = command.run("run", *words, "--quiet", "--out", folder / "bundle", cwd=folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (folder / "bundle" / "findings.jsonl").read_text("utf-8").splitlines()]


def ride(app: str, folder: Path) -> list[dict[str, Any]]:
    """The careless build knows nothing of a consent."""
    steps, declared = folder / "ride.yaml", folder / "declared.yaml"
    lines = [line for line in RIDE.splitlines(keepends=True) if app.endswith("clean") or "consent" not in line]
    steps.write_text("".join(lines), "utf-8")
    declared.write_text(RIDE_DECLARED, "utf-8")
    return play(folder, steps, "--app", app, "--declaration", declared)


def running(name: str, folder: Path) -> list[dict[str, Any]]:
    return play(folder, bundled("scenarios") / "running" / f"{name}.yaml")


def test_the_careless_ride_is_found_out(tmp_path: Path) -> None:
    found = {(f["rule"], f["data_type"], f["sdk"], f["status"], f["grade"]) for f in ride("ride", tmp_path)}
    said = {f[:4] for f in found}
    assert ("COL-01", "android_id", "app", "evidenced") in said  # a row of the settings' provider
    assert ("COL-02", "oaid", "lib:com.quickmap", "evidenced") in said  # a maker's provider, read by a library
    assert not {f for f in found if f[0] == "COL-01" and f[1] == "oaid"}  # … and not attributed to the app
    for rule, kind in (("COL-03", "oaid"), ("COL-03", "android_id"), ("SHR-01", "android_id"), ("SHR-01", "oaid")):
        assert {f for f in found if f[:2] == (rule, kind) and f[3] == "evidenced"}, (rule, kind)  # one in two fields
    assert {f for f in found if f[:2] == ("COL-11", "contacts") and f[3] == "evidenced"}
    assert {f[4] for f in found if f[:3] == ("COL-01", "android_id", "app")} == {"collection"}  # … and its value left
    for kind in ("contacts", "apps"):  # packed, and still recognised
        assert "collection" in {f[4] for f in found if f[:2] == ("COL-03", kind)}
    assert {f[0] for f in found} >= {"CON-01", "PRM-02", "COL-12"}


def test_the_careful_ride_is_left_alone(tmp_path: Path) -> None:
    found = ride("ride-clean", tmp_path)
    assert [f for f in found if f["status"] == "evidenced"] == []


def test_the_careless_runner_is_found_out(tmp_path: Path) -> None:
    found = running("careless", tmp_path)
    evidence = {(f["rule"], f["data_type"] or f["permission"].rpartition(".")[2], f["sdk"]) for f in found
                if f["status"] == "evidenced"}  # fmt: skip
    assert evidence >= {
        ("COL-01", "android_id", "app"),
        ("COL-02", "android_id", "mingque"),  # its provider starts by itself
        ("COL-02", "sim_op", "mingque"),
        ("COL-03", "android_id", "mingque"),  # JSON, compressed
        ("COL-09", "sim_op", "mingque"),
        ("COL-09", "android_id", "huitui"),
        ("SHR-05", "android_id", "huitui"),  # a digest in a header
        ("SHR-01", "location", "app"),  # to an undisclosed recipient
        ("COL-11", "location", "app"),
        ("SHR-02", "oaid", ""),  # base64 of JSON in a field of JSON
        ("PRM-02", "READ_CONTACTS", ""),  # with the tap that agrees
        ("PRM-04", "READ_CONTACTS", ""),  # the second dialog of one request
        ("PRM-06", "READ_CONTACTS", ""),
    }
    assert {f["rule"] for f in found if f["status"] == "evidenced"} >= {"CON-02", "PRM-03"}
    assert {f["status"] for f in found if f["rule"] == "CON-04"} == {"review"}


def test_the_careful_runner_is_left_alone(tmp_path: Path) -> None:
    found = running("careful", tmp_path)
    assert [(f["rule"], f["pattern"], f["data_type"]) for f in found if f["status"] == "evidenced"] == []
    # Its service in the foreground is given positions at home, too: on screen it gets one.
    events = command.run("events", tmp_path / "bundle", "--kind", "api_call", "--json", cwd=tmp_path).stdout
    assert events.count('"location.delivered"') > 2
