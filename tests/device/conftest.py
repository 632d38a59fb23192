"""Fixtures of the device tests: outputs of real devices (licence and origin of each in fixtures/device/INDEX.tsv), a
phone that the tests of a file share, and a port that the proxy would have."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import ON_DEVICE, Journal
from tests.device.phones import phone

FIXTURES = Path(__file__).parents[1] / "fixtures" / "device"


@pytest.fixture
def outputs() -> Callable[[str], dict[str, str]]:
    """``outputs(command)``: file name to text of every recorded output of that command."""

    def read(command: str) -> dict[str, str]:
        files = sorted((FIXTURES / command).iterdir())
        assert files
        return {path.name: path.read_bytes().decode("utf-8", "replace") for path in files}

    return read


@pytest.fixture(scope="module")
def rooted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdbDevice]:
    with phone(tmp_path_factory.mktemp("rooted")) as device:
        yield device


@pytest.fixture
def journal(rooted: AdbDevice, tmp_path: Path) -> Iterator[Journal]:
    """Of the shared phone, which has no other; what a test leaves is undone."""
    rooted.shell(["rm", "-f", ON_DEVICE])
    kept = Journal(rooted, tmp_path / "here")
    yield kept
    kept.undo()


@pytest.fixture
def proxy() -> Iterator[int]:
    """The port of a listener of ours."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
