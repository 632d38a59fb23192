"""What happens to phones: one clear line each, the session is sealed, and the device is restored or can be."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.standin import Standin
from monitor.device.wire.server import AdbServer
from tests.session.command import Command
from tests.session.test_faults import PLAIN, verified

pytestmark = pytest.mark.device
SHOP = "com.example.shopclean"


class Phone:
    """A stand-in started by someone else: the session is given its serial, as for a phone."""

    def __init__(self, standin: Standin, server: AdbServer, state: Path) -> None:
        self.standin, self.server, self._state = standin, server, state
        self.device = AdbDevice(server.connect(standin.serial), port=server.port)
        self.device.require()

    def session(self, home: Path, seconds: int = 300) -> Command:
        scenario = home / "waiting.yaml"
        scenario.write_text(PLAIN % seconds, "utf-8")
        words = ["run", scenario, "--device", self.device.serial, "--proxy", "sinkhole", "--out", home / "out"]
        env = {"ANDROID_ADB_SERVER_PORT": str(self.server.port), "XDG_STATE_HOME": str(self._state)}
        command = Command(*words, env=env)
        command.until(lambda: any("waiting" in line for line in (*command.out, *command.err)), 150)
        return command

    def journal(self) -> Journal:
        return Journal(self.device, self._state / "app-privacy-monitor")


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    options = ["--root", str(tmp_path / "root"), "--profile", "rooted"]
    with (
        Standin.launch(tmp_path / "standin", options=options) as standin,
        AdbServer.private(tmp_path / "adb") as server,
    ):
        yield Phone(standin, server, tmp_path / "state")


def ended(command: Command, bundle: Path, said: str) -> None:
    assert command.wait(120) == 3, command.err
    assert re.search(said, command.fault), command.fault
    assert not any("Traceback" in line for line in command.err)
    verified(bundle)


def put_back(phone: Phone) -> None:
    assert phone.device.setting("global", "http_proxy") == ":0"
    assert not phone.journal().pending()
    assert "owner" not in phone.device.as_root(["iptables", "-S", "OUTPUT"]).out


def test_unplugged(phone: Phone, tmp_path: Path) -> None:
    """The device cannot be put back then: what is to be undone stays written down."""
    command = phone.session(tmp_path)
    os.kill(phone.standin.pid, signal.SIGKILL)
    ended(command, tmp_path / "out", "disconnected during|device is (absent|offline)|connection lost")
    assert list((tmp_path / "state" / "app-privacy-monitor").glob("journal-*.jsonl"))


def test_the_adb_server_is_gone(phone: Phone, tmp_path: Path) -> None:
    command = phone.session(tmp_path)
    phone.server.stop()
    ended(command, tmp_path / "out", "adb server|disconnected during|connection lost")


def test_frida_is_killed(phone: Phone, tmp_path: Path) -> None:
    command = phone.session(tmp_path)
    (pid,) = phone.device.pids("frida-server")
    assert phone.device.as_root(["kill", "-9", str(pid)]).code == 0
    ended(command, tmp_path / "out", "Frida on the device ended")
    put_back(phone)


def test_the_app_is_uninstalled(phone: Phone, tmp_path: Path) -> None:
    command = phone.session(tmp_path, 8)
    phone.device.run_ok(["pm", "uninstall", SHOP])
    ended(command, tmp_path / "out", "uninstalled|process ended|not installed")
    put_back(phone)
