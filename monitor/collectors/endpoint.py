"""The Frida endpoint of a device, reached through an adb forward of its ``tcp:27042``.

Frida's own adb transport remembers the first adb server of the process and, where nothing listens, tries to install its
own server on the device; a forward does neither.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import frida

from monitor.base.errors import EnvironmentFault, printable
from monitor.collectors.agent_session import bounded, explain


class OtherFrida(EnvironmentFault):
    """Frida on the device is of a version that this one cannot talk to."""


class SpawnUnsupported(EnvironmentFault):
    """The Frida endpoint cannot spawn apps (a portal or a gadget): the caller does a held start and attaches."""


class SpawnFailed(EnvironmentFault):
    """Frida could not start the app; another way of starting it may do."""


class SpawnTimedOut(SpawnFailed):
    """The device did not start the app suspended in time: some vendors start apps from a pool that Frida misses."""


def require_same(reported: str) -> str:
    """``reported``, the version of the device's Frida, if it is the version here. Raises ``OtherFrida``."""
    if reported != frida.__version__:
        raise OtherFrida(
            f"Frida on the device is {printable(reported, 40)}, here it is {frida.__version__}", hint=_same()
        )
    return reported


def _same() -> str:
    return f"run frida-server {frida.__version__} on the device"


@contextlib.contextmanager
def frida_endpoint(port: int) -> Iterator[Any]:
    """The frida device behind a local port, for the duration of the block. Raises ``EnvironmentFault`` if nothing
    answers there, ``OtherFrida`` if its major version is another one: it does not know what it is asked."""
    address = f"127.0.0.1:{port}"
    manager = frida.get_device_manager()
    try:
        device = bounded(lambda: manager.add_remote_device(address), 15)
        bounded(device.enumerate_processes, 15)
    except frida.ProtocolError:
        said = f"Frida on the device is of another major version than {frida.__version__}, which runs here"
        raise OtherFrida(said, hint=_same()) from None
    except Exception as error:  # noqa: BLE001 - any other failure has the same fix
        hint = f"does frida-server {frida.__version__} run on it? Otherwise record without it: --hooks none"
        raise EnvironmentFault(f"no Frida endpoint on the device ({type(error).__name__})", hint=hint) from None
    try:
        yield device
    finally:
        with contextlib.suppress(Exception):
            bounded(lambda: manager.remove_remote_device(address), 5)


def spawned(device: Any, package: str, user: int, timeout: float) -> int:
    """The pid of the app, started suspended; ``user``: whose copy. Raises ``SpawnUnsupported`` where the endpoint
    cannot, ``SpawnFailed`` where it could not this time, ``EnvironmentFault`` if the app is not installed."""
    # Frida calls the number of an Android user "uid"; without it, it starts user 0's copy of the app.
    whose = {"uid": user} if user else {}
    try:
        return int(bounded(lambda: device.spawn(package, **whose), timeout))
    except (frida.NotSupportedError, frida.InvalidOperationError):
        raise SpawnUnsupported("this Frida endpoint cannot start apps", where=package) from None
    except frida.ExecutableNotFoundError:
        raise EnvironmentFault("the app is not installed", where=package) from None
    except (TimeoutError, frida.TimedOutError):
        raise SpawnTimedOut("the device did not start the app in time", where=package) from None
    except Exception as error:  # noqa: BLE001 - frida raises many kinds
        fault = explain(error, 0)
        raise SpawnFailed(fault.message, where=package, hint=fault.hint) from None
