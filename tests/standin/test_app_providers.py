"""Providers of the system without a JVM: permissions, selections, visibility of columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.standin.apps.applayer import Process
from emulator.standin.apps.providers import AppError, Providers, select
from emulator.standin.packages.installed import Grant, Package
from emulator.standin.state.device import DeviceState, load_state

P = "android.permission."
PACKAGE = "com.example.reader"


@pytest.fixture
def state(tmp_path: Path) -> DeviceState:
    made = load_state(None, tmp_path / "root")
    requested = [P + "READ_CONTACTS", P + "READ_SMS"]
    made.add_package(Package(name=PACKAGE, uid=10200, apk="/data/app/x/base.apk", target_sdk=33, requested=requested))
    return made


@pytest.fixture
def process() -> Process:
    return Process(4711, PACKAGE, PACKAGE, 10200)


def test_refused_without_the_permission(state: DeviceState, process: Process) -> None:
    with pytest.raises(AppError, match=r"requires android\.permission\.READ_CONTACTS") as caught:
        Providers(state).query(process, {"uri": "content://com.android.contacts/contacts"})
    assert caught.value.java == "java.lang.SecurityException"


def test_projection_and_selection(state: DeviceState, process: Process) -> None:
    state.packages[PACKAGE].grants[P + "READ_CONTACTS"] = Grant(True)
    asked = {"uri": "content://com.android.contacts/data/phones", "projection": ["display_name", "data1"]}
    everyone = Providers(state).query(process, asked)
    assert everyone["columns"] == ["display_name", "data1"] and len(everyone["rows"]) == 4
    one = Providers(state).query(process, {**asked, "selection": "contact_id = ? AND data2=2", "args": ["2"]})
    assert one["rows"] == [["雀爸爸", "+8613700007531"]]
    with pytest.raises(AppError, match="Invalid column nonsense"):
        Providers(state).query(process, {**asked, "projection": ["nonsense"]})
    with pytest.raises(AppError, match="cannot evaluate the selection"):
        Providers(state).query(process, {**asked, "selection": "length(data1) IN (1,2)"})


def test_media_without_permission_is_empty(state: DeviceState, process: Process) -> None:
    answer = Providers(state).query(process, {"uri": "content://media/external/images/media"})
    assert answer["rows"] == []


def test_a_picture_that_an_app_saves_is_its_own(state: DeviceState, process: Process) -> None:
    providers, images = Providers(state), "content://media/external/images/media"
    values = {"_display_name": "receipt.jpg", "mime_type": "image/jpeg", "relative_path": "Pictures/Shop"}
    saved = providers.insert(process, {"uri": images, "values": values})
    place = providers.file(process, {"uri": saved, "mode": "w"})
    assert place is not None and Path(place).read_bytes() == b"" and place.endswith("/Pictures/Shop/receipt.jpg")
    rows = providers.query(process, {"uri": images, "projection": ["_display_name"]})["rows"]
    assert rows == [["receipt.jpg"]]
    for bad in ({"_display_name": "../x"}, {"_display_name": "x", "relative_path": "../../data"}):
        with pytest.raises(AppError, match="Invalid display name"):
            providers.insert(process, {"uri": images, "values": bad})


def test_identifiers_and_settings(state: DeviceState, process: Process) -> None:
    providers = Providers(state)
    oaid = state.get("identifiers.oaid")
    uri = "content://com.vivo.vms.IdProvider/IdentifierId/OAID"
    assert providers.query(process, {"uri": uri, "projection": ["value"]})["rows"] == [[oaid]]
    called = providers.call(process, {"authority": "cn.nubia.identity", "method": "getOAID"})
    assert called and called["id"] == oaid
    called = providers.call(process, {"authority": "settings", "method": "GET_secure", "arg": "android_id"})
    assert called == {"value": "ca11ab1e5eed0a1d"}
    state.data["identifiers"]["providers"] = []
    for unknown in ("cn.nubia.identity", "no.such.authority"):
        assert not providers.exists(process, {"authority": unknown})
    with pytest.raises(AppError, match="Unknown URL"):
        providers.query(process, {"uri": "content://cn.nubia.identity/x"})


@pytest.mark.parametrize(
    ("selection", "args", "ids"),
    [
        ("name LIKE ?", ["a%"], [1]),
        ("n > 1", [], [2, 3]),
        ("n != ? and name is not null", ["2"], [1]),
        ("name IS NULL", [], [3]),
        ("name = 'bo'", [], [2]),
    ],
)
def test_select(selection: str, args: list[str], ids: list[int]) -> None:
    rows = [{"_id": 1, "n": 1, "name": "abc"}, {"_id": 2, "n": 2, "name": "bo"}, {"_id": 3, "n": 3, "name": None}]
    assert [r["_id"] for r in select(rows, selection, args)] == ids
