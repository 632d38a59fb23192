"""A stand-in device of some kind over the real adb server, and a recording sink."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import adbutils
import yaml

from monitor.device.adb import AdbDevice
from monitor.device.standin import Standin
from monitor.device.wire.server import AdbServer
from monitor.events import Health
from monitor.record.selftest_lines import Observations


class Kept(Observations):
    """A sink."""

    def health(self, what: str) -> list[Health]:
        return [one for one in self.of(Health) if one.what == what]


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
def phone(home: Path, profile: str = "rooted", api: int = 33, **state: object) -> Iterator[AdbDevice]:
    """``state`` is laid over the profile, as ``--state`` does it."""
    server, before = _server(), os.environ.get(_PORT)
    os.environ[_PORT] = str(server.port)
    try:
        with joined(server, home, profile, api, **state) as device:
            serial = device.serial
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
