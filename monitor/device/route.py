"""Find the address by which a device reaches a port of this host, by trying."""

from __future__ import annotations

import contextlib
import shlex
import socket
from typing import Final, NamedTuple

from monitor.device.adb import AdbDevice
from monitor.errors import EnvironmentFault

#: This host's loopback as seen from the device: itself (the stand-in), the emulator's alias.
CANDIDATES: Final = ("127.0.0.1", "10.0.2.2")


class Route(NamedTuple):
    """Where the device finds the proxy; ``reverse`` = only through ``adb reverse`` of that port."""

    host: str
    port: int
    reverse: bool = False


def find_route(device: AdbDevice, port: int) -> Route:
    """The first address that reaches this host's loopback, else ``adb reverse``.

    Tried on a port of our own that sees who comes, so that another listener on the device is not taken for ours.
    """
    for address in CANDIDATES:
        if _reaches(device, address):
            return Route(address, port)
    return Route("127.0.0.1", port, reverse=True)


def check(device: AdbDevice, route: Route) -> None:
    """Raise ``EnvironmentFault`` unless the device can open a connection to the route."""
    result = device.shell(_nc(route.host, route.port), timeout=10)
    if result.code:
        raise EnvironmentFault(
            f"the device does not reach the proxy at {route.host}:{route.port}",
            where=device.serial,
            hint="is a firewall between them?",
        )


def _reaches(device: AdbDevice, address: str) -> bool:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        with contextlib.suppress(EnvironmentFault, TimeoutError):
            if device.shell(_nc(address, listener.getsockname()[1]), timeout=10).code == 0:
                listener.accept()[0].close()
                return True
    return False


def _nc(address: str, port: int) -> str:
    return shlex.join(["nc", "-z", "-w", "2", address, str(port)])
