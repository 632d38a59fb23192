"""What a device tells of its own identifiers, as different kinds of devices tell it."""

from pathlib import Path

import pytest

from monitor.device.adb import AdbDevice
from monitor.device.identifiers import _parcel, identifiers
from tests.device.phones import SHOP, phone

pytestmark = pytest.mark.device

#: As a phone prints it (Android 10), the digits changed.
PARCEL = """Result: Parcel(
  0x00000000: 00000000 0000000f 00360038 00300030 '........8.6.0.0.'
  0x00000010: 00320031 00340033 00360035 00380037 '1.2.3.4.5.6.7.8.'
  0x00000020: 00340039 00000000                   '9.4.....        ')
"""
#: What apps have as their Android ID, and what only the system has from Android 8 on.
OWN, SYSTEMS = "ca11ab1e5eed0a1d", "5ca1ab1e0ddba11e"


def told(device: AdbDevice, api: int) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for data_type, value, _ in identifiers(device, SHOP, api):
        found.setdefault(data_type, set()).add(value)
    return found


def test_a_parcel_of_a_phone() -> None:
    assert "860012345678" in _parcel(PARCEL)


def test_root_is_told_all_but_an_id_that_the_app_has_not_asked_for(rooted: AdbDevice) -> None:
    assert told(rooted, 33) == {
        "serial": {"STANDINCANARY7731"}, "imei": {"860012340567894"}, "iccid": {"89860012345678901238"},
        "phone_no": {"+8613800001357"}, "mac": {"3c:5a:b4:ca:11:e5"}, "bt_mac": {"3C:5A:B4:CA:11:B7"},
        "accounts": {"canary.user@canary.example", "+8613800001357"},
    }  # fmt: skip


@pytest.mark.parametrize(("api", "more"), [(33, set()), (24, {"android_id"})])
def test_the_shell_user_is_told_less(tmp_path: Path, api: int, more: set[str]) -> None:
    with phone(tmp_path, "user", api) as device:
        found = told(device, api)
        assert found.keys() == {"serial", "imei", "bt_mac", "accounts"} | more
        assert found.get("android_id", {OWN}) == {OWN}
        assert device.shell(["settings", "get", "secure", "android_id"]).out.strip() == (OWN if more else SYSTEMS)
        assert device.shell(["cat", "/data/system/users/0/settings_ssaid.xml"]).code


def test_the_setting_is_no_apps_android_id(rooted: AdbDevice) -> None:
    assert rooted.setting("secure", "android_id") == SYSTEMS
    assert "<settings" in rooted.as_root("cat /data/system/users/0/settings_ssaid.xml").out
