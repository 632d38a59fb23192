"""Text that `input text` does not take, as Android types printable ASCII over adb and nothing else: it goes through a
keyboard app that receives it as a broadcast, as ADBKeyBoard does. The device must have one."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Final

from monitor.base.errors import EnvironmentFault
from monitor.device.changes.change import Change
from monitor.device.changes.undo import KEYBOARD

if TYPE_CHECKING:
    from monitor.device.adb import AdbDevice

#: Keyboards that take ``ADB_INPUT_B64`` with the text in ``msg``, as base64 of UTF-8.
KEYBOARDS: Final = ("com.android.adbkeyboard/.AdbIME",)
_ACTION: Final = "ADB_INPUT_B64"
#: For the keyboard to come up for the field that has the focus, in seconds.
_BOUND_S: Final = 1.0


def typed(device: AdbDevice, text: str) -> None:
    """Type any text into the focused field; the keyboard that was in use is put back. Raises ``EnvironmentFault``."""
    there = device.shell(["ime", "list", "-a", "-s"]).out.split()
    keyboard = next((name for name in KEYBOARDS if name in there), None)
    if keyboard is None:
        raise EnvironmentFault(
            "only printable ASCII can be typed over adb, and no keyboard on the device takes other text",
            where=device.serial,
            hint="install ADBKeyBoard (com.android.adbkeyboard), or use pinyin or a number",
        )
    before = device.setting("secure", KEYBOARD)
    if before != keyboard:
        device.note(Change(f"setting {KEYBOARD}", "shell", f"ime set {keyboard}", ("keyboard", before)))
        device.run_ok(["ime", "enable", keyboard])
        device.run_ok(["ime", "set", keyboard])
        time.sleep(_BOUND_S)
    packed = base64.b64encode(text.encode()).decode()
    try:
        package = keyboard.partition("/")[0]
        device.run_ok(["am", "broadcast", "-a", _ACTION, "--es", "msg", packed, "-p", package])
        time.sleep(_BOUND_S)  # it is delivered to another process: what follows may read the field
    finally:
        if before and before != keyboard:
            device.run_ok(["ime", "set", before])
