"""The file that a user sends: what was planted on the device is not in it, and its outputs are still samples."""

import zipfile
from pathlib import Path

import pytest

from monitor.base.checks import Check
from monitor.base.errors import InputError
from monitor.device.checks import PROBES, TABLE, run_parsers, scrubbed, spoilt_samples, write_sendable
from tests.device.phones import phone

#: What identifies a device or a person, by where it is planted.
PLANTED = {
    "serial": "R58M42ABCDE", "imei": "860012340567894", "account": "ann.smith@example.org", "wifi": "Anns Wi-Fi 5G",
    "name": "Smiths Fairphone", "address": "192.168.77.23", "address6": "fd12:3456:789a:1::42",
    "host": "proxy.smith.test", "android_id": "9774d56d682e549c", "app": "org.smith.diary", "user": "annsmith",
    "mac": "3c:5a:b4:ca:11:b7",
    "screen": "Dear Ann", "log": "meet at Elm Street", "telephone": "+8613800001357", "owner": "Ann Owner",
}  # fmt: skip
STATE = {
    "props": {"ro.serialno": PLANTED["serial"], "ro.boot.serialno": PLANTED["serial"], "ril.imei": PLANTED["imei"],
              "persist.owner": PLANTED["owner"], "persist.ssid": PLANTED["wifi"], "persist.ip": PLANTED["address"]},
    "settings": {"global": {"device_name": PLANTED["name"], "http_proxy": f"{PLANTED['host']}:3128"},
                 "secure": {"android_id": PLANTED["android_id"]}},
}  # fmt: skip
LINE = "05-12 12:34:56.789  1000  1234  1234 I Diary   : "
TEXTS = {
    "uiautomator_dump": f'<hierarchy><node text="{PLANTED["screen"]}" content-desc="{PLANTED["app"]}"/></hierarchy>',
    "logcat_main": f"{LINE}{PLANTED['log']}\n{LINE}/home/{PLANTED['user']}/x {PLANTED['mac']} {PLANTED['telephone']}\n",
    "accounts": f"Account {{name={PLANTED['account']}, type=com.google}} /Users/{PLANTED['user']}/y"
    f" inet6 {PLANTED['address6']}/64 {PLANTED['name']} at {PLANTED['host']}\n",
    "proc_net_tcp6": "   0: 0000000000000000FFFF0000174DA8C0:A1B2 00000000000000000000000000000000:0000 0A"
    " 00000000:00000000 00:00000000 00000000 10100        0 12345 1\n",
}


@pytest.mark.device
def test_nothing_that_was_planted_is_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "send.zip"
    with phone(tmp_path, "user", **STATE) as device:
        _, outputs = run_parsers(device)
        outputs = {**outputs, **TEXTS, "pm_list": f"{outputs['pm_list']}package:{PLANTED['app']}\n"}
        outputs["ps"] += f"u0_a123      4321   530 3670016 131072 0                   0 S {PLANTED['app']}\n"
        checks = [
            Check(name="start", state="fail", detail=f"{device.serial}: {PLANTED['app']} and {PLANTED['serial']}")
        ]
        assert all(value in "".join(outputs.values()) for name, value in PLANTED.items() if name != "android_id")
        said = write_sendable(file, device, outputs, checks)
        serial = device.serial
        with pytest.raises(InputError, match="exists already"):
            write_sendable(file, device, outputs, checks)
    assert said.startswith("send.zip: ")
    with zipfile.ZipFile(file) as archive:
        kept = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    everything = "\n".join(kept.values())
    for name, value in {**PLANTED, "adb": serial, "hexadecimal": "174DA8C0"}.items():
        assert value not in everything, name
        for word in value.split():
            assert len(word) < 4 or word not in everything, (name, word)
    assert kept[TABLE].startswith("start\tfail\t") and "xxx.xxxxx.xxxxx" in kept[TABLE]
    # They are samples still: every parser reads as much as before, and nothing is left to remove.
    samples = {name.removesuffix(".txt"): text for name, text in kept.items() if name != TABLE}
    assert {probe.name for probe in PROBES} <= set(samples)
    assert spoilt_samples({name: outputs[name] for name in samples}, samples) == []
    assert all(scrubbed(text) == text for text in samples.values())
    assert "[ro.build.version.sdk]: [33]" in samples["getprop"]
