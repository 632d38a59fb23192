"""Detect the loss of a device immediately, not at the next command to it."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from monitor.base.errors import EnvironmentFault, MonitorError
from monitor.collectors.attached import FRIDA_GONE
from monitor.device.adb import AdbDevice
from monitor.events import Event, Health

_EVERY_S: Final = 1.0
#: A moved cable or a restarted adb daemon is back within two seconds.
PATIENCE: Final = 4
_HINT: Final = "what was recorded up to then is sealed; restore the device with: monitor device restore"


@contextlib.contextmanager
def watched(gone: Callable[[], MonitorError | None], lost: Callable[[MonitorError], None]) -> Iterator[None]:
    """Ask ``gone`` every second during the block, in another thread, and tell ``lost`` once what it answers."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY_S):
            if (fault := gone()) is not None:
                lost(fault)
                return

    thread = threading.Thread(target=watch, name="device-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(5)


class Patience:
    """Whether a device, or its adb server, stays away."""

    def __init__(self, device: AdbDevice) -> None:
        self._device, self._away = device, 0

    def gone(self) -> MonitorError | None:
        """The fault, once it has been away at every question for a while."""
        why = _away(self._device)
        self._away = self._away + 1 if why else 0
        return _gone(self._device, why) if self._away >= PATIENCE else None


def frida_lost(device: AdbDevice, lost: Callable[[MonitorError], None]) -> threading.Thread:
    """Report to ``lost`` why Frida's connection broke: with the device or on its own. Returns the thread that
    checks."""

    def look() -> None:
        for _ in range(PATIENCE):
            if why := _away(device):
                lost(_gone(device, why))
                return
            time.sleep(_EVERY_S)
        hint = "what was recorded up to then is sealed; start frida-server again: monitor device prepare"
        lost(EnvironmentFault("Frida on the device ended", where=device.serial, hint=hint))

    thread = threading.Thread(target=look, name="frida-lost", daemon=True)
    thread.start()
    return thread


def _away(device: AdbDevice) -> str:
    """Why the device cannot be reached; empty if it can."""
    try:
        state = device.state()
    except EnvironmentFault as fault:
        return fault.message
    return "" if state == "device" else f"the device is {state}"


def _gone(device: AdbDevice, why: str) -> EnvironmentFault:
    return EnvironmentFault(f"{why}: it disconnected during the session", where=device.serial, hint=_HINT)


class FridaWatch:
    """Fed with every event; ends the session when Frida on the device has ended: once, however many processes tell."""

    def __init__(self, device: AdbDevice, lost: Callable[[MonitorError], None]) -> None:
        self._device, self._lost = device, lost
        self._looking: threading.Thread | None = None

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        gone = isinstance(event, Health) and event.component == "hooks" and event.detail.get("reason") in FRIDA_GONE
        if gone and self._looking is None:
            self._looking = frida_lost(self._device, self._lost)

    def settled(self) -> None:
        """Wait until it is known why: an app can end together with Frida, which is not the app's doing."""
        if self._looking is not None:
            self._looking.join(60)
