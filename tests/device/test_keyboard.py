"""Text that no ``input text`` takes, typed through a keyboard for tests."""

from pathlib import Path

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from tests.device.phones import tap

pytestmark = pytest.mark.device
PROBE = Path(__file__).parents[1] / "standin" / "apps" / "probe.zip"


def test_chinese_is_typed_and_the_keyboard_put_back(rooted: AdbDevice, journal: Journal) -> None:
    rooted.note = journal.note
    before = rooted.setting("secure", "default_input_method")
    assert rooted.shell(["input", "text", "林致远"]).code != 0, "as on any Android"
    rooted.install(PROBE)
    rooted.start("com.example.probe")
    tap(rooted, rid="/name")
    rooted.text("林致远, café")
    rooted.text(" 7%s")
    assert next(n for n in rooted.ui()[0] if n.rid.endswith("/name")).text == "林致远, café 7%s"
    assert rooted.setting("secure", "default_input_method") == before
    assert journal.pending()
    rooted.run_ok(["ime", "set", "com.android.adbkeyboard/.AdbIME"])  # as if the session had ended while typing
    assert journal.undo() == []
    assert rooted.setting("secure", "default_input_method") == before


def test_without_such_a_keyboard_it_is_said(rooted: AdbDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.device.adb.ADB_KEYBOARD", "com.example/.None")
    with pytest.raises(EnvironmentFault, match="no keyboard on the device") as told:
        rooted.text("林致远")
    assert "林致远" not in str(told.value)
