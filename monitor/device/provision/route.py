"""Find the address at which a device reaches a port on this host, by trying.

The only proof is that our own listener accepts a connection: what the device's tools print and return differs by
version and vendor, and some devices have no suitable tool.
"""

import contextlib
import secrets
import socket
import threading
from typing import Final, NamedTuple

from monitor.base.errors import EnvironmentFault
from monitor.device.adb import AdbDevice

#: This host's loopback as seen from the device: the same (stand-in), or the emulator's alias.
CANDIDATES: Final = ("127.0.0.1", "10.0.2.2")
_WAIT: Final = 0.5
_SHELL: Final = 10.0
_TRIES: Final = 5
_NOWHERE: Final = "the device reaches this host neither directly nor over adb reverse"


class Route(NamedTuple):
    """Where the device finds the proxy.

    ``port`` is the device's; ``reverse`` is the host port to which it is forwarded by ``adb reverse``, 0 = direct.
    ``proven``: a connection was seen to arrive. ``keeps_ports``: the proxy sees the app's own local ports, so that a
    flow can be looked up in the device's tables; neither adb nor the emulator's network keeps them.
    """

    host: str
    port: int
    reverse: int = 0
    proven: bool = True
    keeps_ports: bool = False


def find_route(device: AdbDevice, port: int) -> Route:
    """The first address that reaches this host's loopback, otherwise ``adb reverse`` of a free device port.

    Makes no lasting change. Raises ``EnvironmentFault`` if the device has a tool to test with and reaches nothing.
    """
    missing = False
    for address in CANDIDATES:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            reached, missing = _comes(device, listener, address, listener.getsockname()[1])
        if reached:
            return Route(address, port, keeps_ports=address == CANDIDATES[0])
        if missing:
            break
    return Route("127.0.0.1", unused_port(device), reverse=port, proven=not missing and _reverse_works(device))


def unused_port(device: AdbDevice, taken: int = 0) -> int:
    """A device port on which nothing listens and nothing is reversed, by the device's own tables."""
    used = {taken, *device.listening()}
    while (port := 20_000 + secrets.randbelow(12_000)) in used:
        continue
    return port


def _reverse_works(device: AdbDevice) -> bool:
    """Try ``adb reverse`` with our own listener. Raises ``EnvironmentFault`` if no connection arrives."""
    device_port = unused_port(device)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        try:
            device.reverse(device_port, listener.getsockname()[1])
        except EnvironmentFault as fault:
            hint = "adb opens no reverse here: connect by USB, or use a newer Android"
            raise EnvironmentFault(f"{_NOWHERE} ({fault.message})", where=device.serial, hint=hint) from fault
        try:
            if any(_comes(device, listener, "127.0.0.1", device_port)[0] for _ in range(_TRIES)):
                return True
        finally:
            device.reverse_remove(device_port)
    raise EnvironmentFault(_NOWHERE, where=device.serial, hint="check for a firewall or a VPN app on the device")


def _comes(device: AdbDevice, listener: socket.socket, address: str, port: int) -> tuple[bool, bool]:
    """Whether a connection from the device is accepted; if not, whether the device lacks a tool to make one."""
    came = threading.Event()

    def accept() -> None:
        with contextlib.suppress(OSError):
            listener.settimeout(_SHELL + _WAIT)
            listener.accept()[0].close()  # immediately: the tool waits for it
            came.set()

    thread = threading.Thread(target=accept, name="route", daemon=True)
    thread.start()
    text, code = "", 0
    with contextlib.suppress(EnvironmentFault):
        result = device.shell(f"nc -w 2 {address} {port} </dev/null", timeout=_SHELL)
        text, code = result.text.lower(), result.code
    if came.wait(_WAIT):
        return True, False
    return False, code == 127 or any(word in text for word in ("not found", "unknown option", "usage:"))
