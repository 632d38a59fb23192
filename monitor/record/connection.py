"""The device of a session and the programs beside it: begun at once, connected, and watched for their loss."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final

from monitor.base import clock, process
from monitor.base.errors import EnvironmentFault, MonitorError
from monitor.base.process import Scratch
from monitor.collectors.agent_build import Agent, agent
from monitor.collectors.attached import FRIDA_GONE
from monitor.collectors.proxy.parent import WORKER
from monitor.device.adb import AdbDevice
from monitor.device.standin import Standin, options_of
from monitor.device.wire.server import AdbServer
from monitor.events import Event, Health
from monitor.session.options import Options

_EVERY_S: Final = 1.0
#: Seconds: a moved cable or a restarted adb daemon is back within two.
_PATIENCE: Final = 4
_CLOSING_S: Final = 0.5
_SEALED: Final = "what was recorded up to then is sealed"


OwnDevice = tuple[Future[Standin], Future[AdbServer]]
"""The stand-in and the adb server in front of it."""


class Starting(contextlib.ExitStack):
    """The programs that a session needs. Each takes a second to load: all begin with the object, are waited for where
    they are needed, and are ended with the block. Raises ``InputError`` for a stand-in that there is not."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        words = [*options_of(options.target), *(["--contain", "none"] if options.uncontained else [])]
        self._pool = self.enter_context(ThreadPoolExecutor(5, "starting"))
        self.agent: Future[Agent] | None = self._pool.submit(agent) if options.hooked else None
        self.proxy: Future[subprocess.Popen[bytes]] | None = None
        self.device: OwnDevice | None = None
        home = self.enter_context(Scratch()).path
        self.truth = home / "truth.jsonl"
        """The stand-in's own log, for tests."""
        if not options.target.serial:
            places = ["--root", str(home / "root"), "--truth", str(self.truth), "--temp", str(home)]
            server = self.begin(partial(AdbServer.private, home / "adb"), AdbServer.stop)
            launch = partial(Standin.launch, home / "standin", options=[*places, *words])
            self.device = self.begin(launch, Standin.stop), server
        if options.mode != "none":
            self.proxy = self.begin(partial(process.spawn, WORKER), _kill)

    def begin[T](self, start: Callable[[], T], end: Callable[[T], None]) -> Future[T]:
        """Begin something in a thread; what came of it is ended with the block."""

        def finish() -> None:
            if begun.exception() is None:
                end(begun.result())

        begun = self._pool.submit(start)
        self.callback(finish)
        return begun


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def reach(serial: str) -> AdbDevice:
    """The user's device, ready for commands. Raises ``EnvironmentFault``."""
    server = AdbServer.users()
    try:
        device = AdbDevice(server.connect(serial) if ":" in serial else serial, port=server.port)
        device.require()
    except MonitorError:
        server.stop()  # one that was started for this device only
        raise
    return device


@contextlib.contextmanager
def forwarded(device: AdbDevice, port: int) -> Iterator[int]:
    """A port on this host forwarded to the device's, for the duration of the block."""
    here = device.forward(f"tcp:{port}")
    try:
        yield here
    finally:
        device.forward_remove(here)


@contextlib.contextmanager
def connected(serial: str, own: OwnDevice | None, lost: Callable[[MonitorError], None]) -> Iterator[AdbDevice]:
    """The device with the given adb serial, or our own stand-in. ``lost`` is called, from another thread, if device or
    adb server end before the block does. Raises ``EnvironmentFault``."""
    if own is None:
        device = reach(serial)
        with _watched(partial(_absence, device), lost, _PATIENCE):
            yield device
        return
    standin, server = own[0].result(), own[1].result()
    device = AdbDevice(server.connect(standin.serial), port=server.port)
    device.require()

    def ended() -> EnvironmentFault | None:
        name = "" if standin.alive else "stand-in device"
        name = name or ("" if server.alive else "adb server")
        hint = f"{_SEALED}; start again"
        return EnvironmentFault(f"the {name} ended before the session did", hint=hint) if name else None

    with _watched(ended, lost):
        try:
            yield device
        except MonitorError:
            # "The device is gone" is more informative than the call that failed because of it. Its connections close
            # a moment before its process ends.
            until = time.monotonic() + _CLOSING_S
            while (fault := ended()) is None and time.monotonic() < until:
                time.sleep(0.02)
            if fault is not None:
                lost(fault)
            raise


def _watched(
    fault: Callable[[], MonitorError | None], lost: Callable[[MonitorError], None], patience: int = 1
) -> contextlib.AbstractContextManager[None]:
    """Ask ``fault`` every second during the block, in another thread, and tell ``lost`` once what it answers so many
    times in a row: the loss of a device is noticed at once, not at the next command to it."""
    faults: list[MonitorError] = []

    def report() -> bool:
        found = fault()
        faults[:] = [*faults, found] if found is not None else []
        if len(faults) >= patience:
            lost(faults[-1])
        return len(faults) >= patience

    return clock.repeated(report, _EVERY_S, "device-watch", join_s=5)


def _absence(device: AdbDevice) -> EnvironmentFault | None:
    """Why a device, or its adb server, is away; None if it is there."""
    try:
        state = device.state()
        why = "" if state == "device" else f"the device is {state}"
    except EnvironmentFault as fault:
        why = fault.message
    hint = f"{_SEALED}; restore the device with: monitor device restore"
    gone = f"{why}: it disconnected during the session"
    return EnvironmentFault(gone, where=device.serial, hint=hint) if why else None


class FridaWatch:
    """An observer that ends the session when Frida on the device has ended: once, however many processes tell."""

    def __init__(self, device: AdbDevice, lost: Callable[[MonitorError], None]) -> None:
        self._device, self._lost = device, lost
        self._examination: threading.Thread | None = None

    def feed(self, event: Event) -> None:
        """The next event of the log."""
        gone = isinstance(event, Health) and event.component == "hooks" and event.detail.get("reason") in FRIDA_GONE
        if gone and self._examination is None:
            self._examination = threading.Thread(target=self._examine, name="frida-lost", daemon=True)
            self._examination.start()

    def _examine(self) -> None:
        """Report why the connection broke: with the device, or on its own."""
        for _ in range(_PATIENCE):
            if (fault := _absence(self._device)) is not None:
                self._lost(fault)
                return
            time.sleep(_EVERY_S)
        hint = f"{_SEALED}; start frida-server again: monitor device prepare"
        self._lost(EnvironmentFault("Frida on the device ended", where=self._device.serial, hint=hint))

    def settled(self) -> None:
        """Wait until it is known why: an app can end together with Frida, which is not the app's doing."""
        if self._examination is not None:
            self._examination.join(60)
