"""``--hook CLASS.METHOD``: one more method, hooked on every overload, whose calls are events and no findings."""

import json
from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.knowledge.catalogue import load_catalogue, named_rows
from tests import command

SHORT = """\
appId: com.example.shop
app: shop-clean
name: short
---
- launchApp: {clearState: true}
- idle: 500ms
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("onCreate", "not a class and a method"),
        ("com.acme.A.b()", "not a class and a method"),
        ("android.telephony.TelephonyManager.getImei", "telephony.get_imei hooks it already"),
    ],
)
def test_what_cannot_be_hooked_is_refused(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        named_rows([name], load_catalogue())


@pytest.mark.device
def test_a_named_method_is_recorded(tmp_path: Path) -> None:
    """Its calls are events and no findings; of what is not there, the end of the session and the coverage say so."""
    (tmp_path / "short.yaml").write_text(SHORT)
    out, home = tmp_path / "bundle", "com.example.shopclean.HomeActivity"
    there = (f"{home}.onCreate", "com.example.shopclean.ShopApplication.<init>")
    hooks = [word for name in (*there, "com.example.Nowhere.run", f"{home}.nope") for word in ("--hook", name)]
    done = command.run("run", tmp_path / "short.yaml", *hooks, "--out", out, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "--hook" in line]
    assert said == [
        "monitor: --hook com.example.Nowhere.run: the class does not exist on this device",
        f"monitor: --hook {home}.nope: the method does not exist on this device",
    ]
    told = command.run("events", out, "--kind", "api_call", "--json", cwd=tmp_path)
    events = [json.loads(line) for line in told.stdout.splitlines()]
    calls = [e for e in events if e["hook"].startswith("named.")]
    assert {(e["cls"], e["method"]) for e in calls} == {
        (home, "onCreate"), ("com.example.shopclean.ShopApplication", "$init"),
    }  # fmt: skip
    assert {(e["role"], e["data_type"]) for e in calls} == {("context", "misc")}
    findings = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    assert not {seq for f in findings for seq in f["events"]} & {e["seq"] for e in calls}
    coverage = [json.loads(line) for line in (out / "coverage.jsonl").read_text("utf-8").splitlines()]
    states = {line["id"]: line["state"] for line in coverage if line["id"].startswith("named.")}
    assert states == {
        f"named.{home}.onCreate": "fired", "named.com.example.shopclean.ShopApplication.$init": "fired",
        "named.com.example.Nowhere.run": "not_observable", f"named.{home}.nope": "not_observable",
    }  # fmt: skip
