"""``monitor device`` on stand-ins of several kinds: what works is reported to work, what does not is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.checks import Check
from monitor.device.change import Change
from monitor.device.frida_server import read
from monitor.device.journal import Journal
from monitor.errors import EnvironmentFault, InputError
from monitor.record import preparing, selftest
from tests.device.phones import phone

pytestmark = pytest.mark.device


@pytest.fixture(autouse=True)
def journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_a_rooted_device(tmp_path: Path) -> None:
    with phone(tmp_path) as device:
        checks = selftest.run(device.serial, raw=tmp_path / "raw")
    found = by_name(checks)
    assert not [check for check in checks if check.state == "fail"], checks
    for name in ("root", "frida_endpoint", "clock", "route", "apart", "quic", "ca", "start", "first_line", "screen",
                 "neighbour", "undo", "kill"):  # fmt: skip
        assert found[name].state == "ok", found[name]
    assert found["start"].detail.startswith("held, ")
    assert "[ro.hardware]" in (tmp_path / "raw" / "getprop.txt").read_text("utf-8")


def test_a_phone_as_it_is_sold(tmp_path: Path) -> None:
    """No root, no Frida: a session is possible, and what it cannot see is stated."""
    with phone(tmp_path, "user") as device:
        found = by_name(checks := selftest.run(device.serial))
    assert not [check for check in checks if check.state == "fail"], checks
    warned = {name for name, check in found.items() if check.state == "warn"}
    assert {"root", "frida_endpoint", "apart", "quic", "ca", "start"} <= warned
    assert found["route"].state == found["undo"].state == found["kill"].state == "ok"


def test_a_vendors_system(tmp_path: Path) -> None:
    """Root by ``su``, no ``nc``, apps that cannot be held, screens that move."""
    with phone(tmp_path, "vendor") as device:
        found = by_name(checks := selftest.run(device.serial))
        steps = by_name(preparing.prepare(device.serial))
    assert not [check for check in checks if check.state == "fail"], checks
    assert found["root"].state == "ok" and found["root"].detail.startswith("su")
    assert found["route"].state == "warn" and "no tool" in found["route"].detail
    assert found["start"].state == "warn" and found["start"].detail.startswith("late")
    assert found["screen"].state == "ok"
    assert {"step_usb_security", "step_autostart"} <= set(steps)
    assert "unverified" in steps["step_autostart"].detail


def test_a_certificate_that_apps_do_not_see(tmp_path: Path) -> None:
    with phone(tmp_path, api=34, traits={"zygote_bind": False}) as device:
        found = by_name(selftest.run(device.serial))
    assert found["ca"].state == "fail" and "namespace" in found["ca"].detail


def test_a_device_is_put_back_from_another_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with phone(tmp_path) as device:
        Journal(device).make(Change("x", "shell", "settings put global x 1", "settings delete global x"))
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "elsewhere"))
        assert preparing.restore(device.serial) == (["x"], [])
        assert device.setting("global", "x") is None
        assert preparing.restore(device.serial) == ([], [])


def test_a_frida_server_that_does_not_start(tmp_path: Path) -> None:
    """The stand-in runs no programs: the refusal is reported, and the file is removed again."""
    file = tmp_path / "frida-server"
    file.write_bytes(b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little") + bytes(100))
    with phone(tmp_path) as device:
        checks = by_name(preparing.prepare(device.serial, file, port=27999))
        assert checks["frida_server"].state == "fail" and "Exec format" in checks["frida_server"].detail
        names, faults = preparing.restore(device.serial)
        assert names == ["frida-server"] and not faults
        assert "ELF" not in device.shell("cat /data/local/tmp/* 2>/dev/null").out


@pytest.mark.parametrize(
    ("data", "sha256", "said"),
    [(b"PK", "", "not a program"), (b"\x7fELF" + bytes(30), "", "a different processor"), (b"x", "00", "SHA-256")],
)
def test_a_file_that_is_no_frida_server(tmp_path: Path, data: bytes, sha256: str, said: str) -> None:
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read(tmp_path / "f", sha256, "x86_64")


def test_no_such_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with phone(tmp_path), pytest.raises(EnvironmentFault, match="absent"):
        preparing.restore("nothing-1")
