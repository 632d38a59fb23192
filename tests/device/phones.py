"""A stand-in device of some kind over the real adb server, and a recording sink."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

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


@contextlib.contextmanager
def phone(home: Path, profile: str = "rooted", api: int = 33, **state: object) -> Iterator[AdbDevice]:
    """``state`` is laid over the profile, as ``--state`` does it."""
    with AdbServer.private(home / "adb") as server, joined(server, home, profile, api, **state) as device:
        yield device


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
