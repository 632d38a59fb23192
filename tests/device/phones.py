"""A stand-in device of some kind over the real adb server."""

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import adbutils
import yaml

from monitor.device.adb import AdbDevice
from monitor.device.standin import Standin
from monitor.device.wire.server import AdbServer
from monitor.scenario.apps import bundled_app

SHOP = "com.example.shop"
_PORT = "ANDROID_ADB_SERVER_PORT"


@functools.cache
def _server() -> AdbServer:
    """One server for all phones of this process: each stand-in is connected to it only while it is used."""
    home, before = Path(tempfile.mkdtemp(prefix="phones-")), os.environ.get(_PORT)
    server = AdbServer.private(home)
    os.environ.pop(_PORT) if before is None else os.environ.update({_PORT: before})
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.stop)
    return server


@contextlib.contextmanager
def phone(home: Path, profile: str = "rooted", api: int = 33, app: str = "", **state: object) -> Iterator[AdbDevice]:
    """``app``: a sample app that is installed. ``state`` is laid over the profile, as ``--state`` does it."""
    server, before = _server(), os.environ.get(_PORT)
    os.environ[_PORT] = str(server.port)
    try:
        with joined(server, home, profile, api, **state) as device:
            serial = device.serial
            if app:
                device.install(bundled_app(app, home))
            yield device
            adbutils.AdbClient(host="127.0.0.1", port=server.port).disconnect(serial)
    finally:
        os.environ.pop(_PORT) if before is None else os.environ.update({_PORT: before})


@contextlib.contextmanager
def joined(
    server: AdbServer, home: Path, profile: str = "rooted", api: int = 33, **state: object
) -> Iterator[AdbDevice]:
    """``phone`` behind a server that is there."""
    file = home / "state.yaml"
    file.write_text(yaml.safe_dump(state), "utf-8")
    options = ["--root", str(home / "root"), "--profile", profile, "--api", str(api), "--state", str(file)]
    with Standin.launch(home / "standin", options=options) as standin:
        device = AdbDevice(server.connect(standin.serial), port=server.port)
        device.require()
        yield device


def wait[T](ready: Callable[[], T], seconds: float = 60) -> T:
    """What ``ready`` gives as soon as it is true."""
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def in_front(device: AdbDevice, package: str = SHOP) -> bool:
    front = device.focus()
    return front is not None and front.package == package


def tap(device: AdbDevice, text: str = "", rid: str = "") -> None:
    """Tap the control with this text, or without a text the one whose id ends so, once it is on the screen."""
    found = wait(lambda: [one for one in device.ui()[0] if (one.text == text if text else one.rid.endswith(rid))])
    left, top, right, bottom = found[0].bounds
    device.tap((left + right) // 2, (top + bottom) // 2)
