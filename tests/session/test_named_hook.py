"""``--hook CLASS.METHOD``: one more method, hooked on every overload, whose calls are events and no findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.catalogue import load_catalogue, named_rows
from monitor.errors import InputError
from monitor.events import ApiCall
from monitor.record import Options, record
from tests.session.conftest import Quiet, recorded_events

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
    (tmp_path / "short.yaml").write_text(SHORT)
    out = tmp_path / "bundle"
    named = ("com.example.shopclean.HomeActivity.onCreate", "com.example.shopclean.ShopApplication.<init>")
    outcome = record(Options(scenario=str(tmp_path / "short.yaml"), out=out, hook=named), Quiet())
    assert outcome.fault is None
    calls = [e for e in recorded_events(out) if isinstance(e, ApiCall) and e.hook.startswith("named.")]
    assert {(e.cls, e.method) for e in calls} == {
        ("com.example.shopclean.HomeActivity", "onCreate"), ("com.example.shopclean.ShopApplication", "$init"),
    }  # fmt: skip
    assert {(e.role, e.data_type) for e in calls} == {("context", "misc")}
    assert not {seq for f in outcome.assessment.findings for seq in f.events} & {e.seq for e in calls}
