"""Text that no ``input text`` takes, typed through a keyboard for tests."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.device.changes.journal import Journal
from tests.device.phones import phone

pytestmark = pytest.mark.device
PROBE = Path(__file__).parents[1] / "standin" / "apps" / "probe.zip"
NAME = "com.example.probe"


def test_chinese_is_typed_and_the_keyboard_put_back(tmp_path: Path) -> None:
    with phone(tmp_path) as device:
        journal = Journal(device, tmp_path / "state")
        device.note = journal.note
        before = device.setting("secure", "default_input_method")
        assert device.shell(["input", "text", "林致远"]).code != 0, "as on any Android"
        device.install(PROBE)
        device.start(NAME)
        end = time.monotonic() + 60
        while not (field := next((n for n in device.ui()[0] if n.rid.endswith("/name")), None)):
            assert time.monotonic() < end
        device.tap((field.bounds[0] + field.bounds[2]) // 2, (field.bounds[1] + field.bounds[3]) // 2)
        device.text("林致远, café")
        device.text(" 7%s")
        assert next(n for n in device.ui()[0] if n.rid.endswith("/name")).text == "林致远, café 7%s"
        assert device.setting("secure", "default_input_method") == before
        assert journal.pending()
        device.run_ok(["ime", "set", "com.android.adbkeyboard/.AdbIME"])  # as if the session had ended while typing
        assert journal.undo() == []
        assert device.setting("secure", "default_input_method") == before


def test_without_such_a_keyboard_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.device.adb.ADB_KEYBOARD", "com.example/.None")
    with phone(tmp_path) as device, pytest.raises(EnvironmentFault, match="no keyboard on the device") as told:
        device.text("林致远")
    assert "林致远" not in str(told.value)
