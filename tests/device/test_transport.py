"""The wire to a device, when the server behind it is gone."""

import socket
import sys
import threading

import pytest

from monitor.base.errors import EnvironmentFault
from monitor.device.wire.transport import Transport


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


def test_no_command_waits_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """adbutils pauses at the end of each connection, of which a session makes hundreds."""
    monkeypatch.setattr("adbutils._adb.time.sleep", lambda seconds: pytest.fail(f"slept {seconds} s"))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with server.accept()[0] as client:
                client.recv(1000)
                client.sendall(b"OKAY0006device")
                assert client.recv(1000) == b""

        peer = threading.Thread(target=answer)
        peer.start()
        assert Transport("emulator-5554", port=server.getsockname()[1]).state() == "device"
        peer.join(10)
        assert not peer.is_alive()
