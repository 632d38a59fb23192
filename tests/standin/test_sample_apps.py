"""The sample apps on the real stand-in device: what each reads, asks and writes before and after the tap."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from handset import ROOT, Handset

from monitor.base.errors import InputError
from monitor.knowledge.tables import Hosts, Packages, load_organisations, load_sdks
from monitor.scenario.apps import bundled_app, bundled_apps
from monitor.session.declaration import load_declaration

APPS = ROOT / "emulator" / "java" / "apps"


@pytest.fixture
def handset(adb_server: tuple[str, dict[str, str]], tmp_path: Path) -> Iterator[Handset]:
    device = Handset(*adb_server, tmp_path)
    yield device
    device.close()


def start(handset: Handset, name: str, package: str, directory: Path) -> None:
    handset.adb("install", str(bundled_app(name, directory)))
    handset.shell(f"am start -n {package}/.HomeActivity")


def test_apps_are_packed_the_same_every_time(tmp_path: Path) -> None:
    assert {"shop", "shop-clean"} <= set(bundled_apps())
    first = bundled_app("shop", tmp_path / "a").read_bytes()
    assert first == bundled_app("shop", tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "a" / "shop.apk") as archive:
        assert "AndroidManifest.xml" in archive.namelist()
        assert "classes/cn/beacon/analytics/BeaconInitProvider.class" in archive.namelist()


def test_unknown_app_lists_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="shop-clean"):
        bundled_app("../etc", tmp_path)


def test_sample_apps_use_the_public_api_only() -> None:
    sources = list(APPS.rglob("*.java"))
    assert len(sources) > 30
    for source in sources:
        assert not re.search(r"\bstandin\.", source.read_text("utf-8")), source


def test_declarations_and_tables_name_the_hosts_of_the_apps() -> None:
    hosts = Hosts(load_organisations())
    sdks = load_sdks()
    declared = {item.org for item in load_declaration(ROOT / "scenarios/declarations/shop.yaml").recipients or []}
    # The libraries of the shop; those of the running app are in no table: the monitor is not tuned to them.
    for source in (path for lib in ("adnova", "beacon", "pushwave") for path in (APPS / "libs" / lib).rglob("*.java")):
        for host in re.findall(r'"https?://([^/"]+)', source.read_text("utf-8")):
            owner = hosts.owner(host)
            assert owner and owner.id in declared, host
            package = re.search(r"package ([\w.]+);", source.read_text("utf-8"))
            assert package
            sdk = Packages(sdks).sdk(package[1] + ".X")
            assert sdk and sdk.org == owner.id
    undeclared = hosts.owner("dmp.datamarket-union.com")
    assert undeclared and undeclared.id not in declared


@pytest.mark.device
def test_shop_reads_before_anybody_agreed_and_asks_again_on_every_return(handset: Handset, tmp_path: Path) -> None:
    start(handset, "shop", "com.example.shop", tmp_path)
    handset.wait("同意并继续")
    handset.wait_log("ShopOut", "POST https://reg.pushwave.io")
    reads = handset.reads()
    assert ("android_id", "value", "cn.beacon.analytics.DeviceProfile") in reads
    assert ("imei", "denied", "cn.beacon.analytics.DeviceProfile") in reads
    assert ("mac", "constant", "cn.beacon.analytics.DeviceProfile") in reads
    assert ("ssid", "constant", "com.adnova.sdk.Surroundings") in reads
    assert ("android_id", "value", "com.example.shop.Device") in reads
    assert ("serial", "denied", "io.pushwave.client.PushService") in reads
    assert ("clipboard", "value", "com.example.shop.HomeActivity") in reads
    lines = handset.log("ShopOut")
    assert lines.index("beacon 1 android_id -> 16 characters, 67640366") < lines.index(
        "app 1 android_id -> 16 characters, 67640366"
    ), "the library starts before the application"
    boxes = [node for node in handset.nodes() if node.get("checkable") == "true"]
    assert [box["checked"] for box in boxes] == ["true"]
    assert {"隐私政策提示", "不同意", "《隐私政策》", "《用户协议》"} <= set(handset.texts())
    handset.tap("同意并继续")
    for _ in range(3):
        node = next(iter(n for n in _wait_deny(handset) if "permission_deny" in n.get("resource-id", "")))
        left, top, right, bottom = map(int, re.findall(r"-?\d+", node["bounds"]))
        handset.shell(f"input tap {(left + right) // 2} {(top + bottom) // 2}")
    handset.wait_log("ShopOut", "android.permission.ACCESS_FINE_LOCATION -> denied")
    for _ in range(2):
        handset.shell("input keyevent 3")
        handset.shell("am start -n com.example.shop/.HomeActivity")
        handset.tap("取消")
    assert sum("dialog -> location" in line for line in handset.wait_log("ShopOut", "rationale -> refused")) >= 2


def _wait_deny(handset: Handset) -> list[dict[str, str]]:
    for _ in range(100):
        nodes = handset.nodes()
        if any("permission_deny" in node.get("resource-id", "") for node in nodes):
            return nodes
    raise AssertionError(f"no permission dialog: {handset.texts()}")


@pytest.mark.device
def test_clean_shop_does_nothing_before_the_tap_and_stops_on_withdrawal(handset: Handset, tmp_path: Path) -> None:
    start(handset, "shop-clean", "com.example.shopclean", tmp_path)
    handset.wait("同意并继续")
    assert handset.reads() == set()
    assert not any("POST" in line or "GET" in line for line in handset.log("ShopOut"))
    handset.tap("同意并继续")
    handset.wait("单独同意.*")
    assert handset.reads() == set()
    handset.tap("同意")
    handset.wait_log("ShopOut", "POST https://reg.pushwave.io")
    assert {kind for kind, _, _ in handset.reads()} == {"android_id", "sim_op"}
    handset.tap("设置")
    handset.tap("撤回同意")
    handset.wait_log("ShopOut", "withdraw -> done")
    before = len(handset.log("ShopOut"))
    handset.tap("返回")
    handset.tap("附近门店")
    handset.wait("请手动选择城市.*")
    assert not any("POST" in line for line in handset.log("ShopOut")[before:])
    assert "location" not in {kind for kind, _, _ in handset.reads()}
