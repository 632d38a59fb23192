"""The screen during a session: on, unlocked and still. Otherwise nothing can be read or tapped."""

import shlex
import time
from collections.abc import Mapping
from typing import Final

from monitor.base.errors import EnvironmentFault
from monitor.device import parse
from monitor.device.adb import AdbDevice
from monitor.device.changes.change import Change

#: Namespace, key and value of the settings of a session. A phone turns its screen off after half a minute without a
#: touch, which pauses the app; and ``uiautomator dump`` waits until nothing moves.
SETTINGS: Final = (
    ("global", "window_animation_scale", "0"),
    ("global", "transition_animation_scale", "0"),
    ("global", "animator_duration_scale", "0"),
    ("system", "screen_off_timeout", "86400000"),
)
_UNLOCK_S: Final = 5.0
_WAKE: Final = "input keyevent KEYCODE_WAKEUP; cmd statusbar collapse; wm dismiss-keyguard"


def before(device: AdbDevice) -> dict[str, str | None]:
    """The present value of each setting."""
    return {key: device.setting(namespace, key) for namespace, key, _ in SETTINGS}


def changes(values: Mapping[str, str | None]) -> list[Change]:
    """The settings of a session, undone to ``values``."""
    return [setting(namespace, key, value, values.get(key)) for namespace, key, value in SETTINGS]


def setting(namespace: str, key: str, value: str, old: str | None) -> Change:
    """Put a setting; undone by its old value, or by deleting it."""
    put = shlex.join(["settings", "put", namespace, key, value])
    return Change(f"setting {key}", "shell", put, ("setting", namespace, key, old))


def wake(device: AdbDevice) -> None:
    """Turn the screen on and swipe away what covers it. Raises ``EnvironmentFault`` if only a person can."""
    device.shell(_WAKE)  # vendors may block input over adb: what counts is what is seen then
    end = time.monotonic() + _UNLOCK_S
    while parse.window.covered(device.shell(["dumpsys", "window"]).out):
        if time.monotonic() > end:
            hint = "unlock it, and set the screen lock to None or Swipe for the session"
            raise EnvironmentFault("the screen is locked", where=device.serial, hint=hint)
        time.sleep(0.2)
