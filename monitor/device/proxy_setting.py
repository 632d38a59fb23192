"""The device's global proxy: set, and put back exactly as its owner had it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from monitor.device.adb import AdbDevice
from monitor.device.change import Change, put_back

KEY: Final = "http_proxy"
#: Set by a device owner or the system: Android derives them anew from ``http_proxy`` whenever that is written.
DERIVED: Final = (
    "global_http_proxy_host",
    "global_http_proxy_port",
    "global_http_proxy_exclusion_list",
    "global_proxy_pac_url",
)
#: Off. Deleting the key would leave the last proxy in force until a reboot.
OFF: Final = ":0"


def before(device: AdbDevice) -> dict[str, str | None]:
    """The settings as they are; ``None`` = unset."""
    return {key: device.setting("global", key) for key in (KEY, *DERIVED)}


def change(value: str, was: Mapping[str, str | None]) -> Change:
    """Set the proxy to ``HOST:PORT``; undone, all of it is as it was (an unset proxy is switched off)."""
    host, port = was.get(DERIVED[0]), was.get(DERIVED[1])
    old = was.get(KEY) or (f"{host}:{port}" if host and port else OFF)
    also = [None] if old == OFF or not was.get(KEY) else []
    kept = {key: text for key in DERIVED if (text := was.get(key)) and text != "0"}
    then = "".join(f"; {_put(key, text)}" for key, text in kept.items())  # the first one has Android derive them anew
    return Change(f"setting {KEY}", "shell", _put(KEY, value), put_back("global", KEY, old, *also, then=then))


def different(now: Mapping[str, str | None], was: Mapping[str, str | None]) -> str:
    """Which of them is not as it was, empty = none. An unset proxy and one that is off are the same."""
    if not was.get(KEY) and not was.get(DERIVED[0]):
        return "" if (now.get(KEY) or OFF) == OFF else KEY
    return next((key for key in (KEY, *DERIVED) if was.get(key) and now.get(key) != was[key]), "")


def _put(key: str, value: str) -> str:
    return shlex.join(["settings", "put", "global", key, value])
