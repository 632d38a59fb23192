"""A ride-hailing app written from the rules and Android's documentation alone, careless and careful, with its truth.

It reads identifiers from providers (the settings' and a maker's), goes from one screen to the next in ``onCreate``,
asks for permissions in ``onCreate`` and ``onResume``, and sends a digest of a digest, a value in two fields and packed
lists.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import command

pytestmark = pytest.mark.device

DECLARATION = """
app: {package: cn.chuxing.ride}
operator: {name: 出行, domains: [chuxing-ride.cn]}
collection:
  - {data_type: android_id, purpose: 账号安全}
  - {data_type: location, purpose: 附近车辆}
recipients: []
"""
STEPS = """appId: cn.chuxing.ride
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


def play(app: str, folder: Path) -> list[dict[str, Any]]:
    """The findings of a session with one of the two builds."""
    steps, declared, bundle = folder / "ride.yaml", folder / "declared.yaml", folder / "bundle"
    steps.write_text(STEPS if app.endswith("clean") else "".join(
        line for line in STEPS.splitlines(keepends=True) if "consent" not in line
    ), "utf-8")  # fmt: skip
    declared.write_text(DECLARATION, "utf-8")
    words = ["run", steps, "--app", app, "--declaration", declared, "--quiet", "--out", bundle]
    done = command.run(*words, cwd=folder)
    assert done.returncode == 0, done.stderr
    found = (bundle / "findings.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in found]


def test_the_careless_build_is_found_out(tmp_path: Path) -> None:
    found = {(f["rule"], f["data_type"], f["sdk"], f["status"], f["grade"]) for f in play("ride", tmp_path)}
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


def test_the_careful_build_is_left_alone(tmp_path: Path) -> None:
    found = play("ride-clean", tmp_path)
    assert [f for f in found if f["status"] == "evidenced"] == []
