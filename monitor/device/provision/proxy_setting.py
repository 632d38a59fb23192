"""The device's global proxy: set, and put back exactly as its owner had it."""

import shlex
from collections.abc import Mapping
from typing import Final

from monitor.device.adb import AdbDevice
from monitor.device.changes.change import Change
from monitor.device.changes.undo import DERIVED_PROXY as DERIVED

KEY: Final = "http_proxy"
#: Off. Deleting the key would leave the last proxy in force until a reboot.
OFF: Final = ":0"


def before(device: AdbDevice) -> dict[str, str | None]:
    """The settings as they are; ``None`` = unset."""
    return {key: device.setting("global", key) for key in (KEY, *DERIVED)}


def change(value: str, was: Mapping[str, str | None]) -> Change:
    """Set the proxy to ``HOST:PORT``; undone, all of it is as it was (an unset proxy is switched off)."""
    host, port = was.get(DERIVED[0]), was.get(DERIVED[1])
    old = was.get(KEY) or (f"{host}:{port}" if host and port else OFF)
    unset = "unset" if old == OFF or not was.get(KEY) else ""
    kept = [text if (text := was.get(key)) and text != "0" else None for key in DERIVED]
    put = shlex.join(["settings", "put", "global", KEY, value])
    return Change(f"setting {KEY}", "shell", put, ("proxy", old, unset, *kept))


def different(now: Mapping[str, str | None], was: Mapping[str, str | None]) -> str:
    """Which of them is not as it was, empty = none. An unset proxy and one that is off are the same."""
    if not was.get(KEY) and not was.get(DERIVED[0]):
        return "" if (now.get(KEY) or OFF) == OFF else KEY
    return next((key for key in (KEY, *DERIVED) if was.get(key) and now.get(key) != was[key]), "")
