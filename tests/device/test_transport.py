"""The wire to a device, when the server behind it is gone."""

from __future__ import annotations

import socket
import sys

import pytest

from monitor.device.transport import Transport
from monitor.errors import EnvironmentFault


def test_no_server_is_started_where_none_answers() -> None:
    """What is closed late, by a timer, would start a server that nobody ends."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # listens to nobody
        started: list[str] = []
        sys.addaudithook(lambda event, _: started.append(event) if event == "subprocess.Popen" else None)
        device = Transport("emulator-5554", port=taken.getsockname()[1])
        device.forward_remove(4711)
        with pytest.raises(EnvironmentFault):
            device.shell(["true"])
    assert started == []
