"""The Frida endpoint of a device, reached through an adb forward of its ``tcp:27042``: apps started by it, the
processes of an app that there are, and to which of them it gets.

Frida's own adb transport remembers the first adb server of the process and, where nothing listens, tries to install its
own server on the device; a forward does neither.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import frida

from monitor.base.errors import EnvironmentFault, printable
from monitor.collectors.agent_session import bounded, explain

NOBODY: Final = frozenset({""})
#: Time-outs in a row, of ten seconds each, after which Frida has gone.
_SLOW_LISTINGS: Final = 6
_UNANSWERED_S: Final = 60.0
"""Until the next attempt with a process that did not let Frida in: meanwhile the others are looked after."""


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
        raise _other(f"{printable(reported, 40)}, here it is {frida.__version__}")
    return reported


def _other(version: str) -> OtherFrida:
    return OtherFrida(f"Frida on the device is {version}", hint=f"run frida-server {frida.__version__} on the device")


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
        raise _other(f"of another major version than {frida.__version__}, which runs here") from None
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


class Listing:
    """The processes of ``app`` on a device of frida's. ``named``: as of ``HookCollector``."""

    def __init__(self, device: Any, app: str, named: Callable[[], Iterable[tuple[int, str]]] | None) -> None:
        self._device, self._app = device, app
        self.named = named or (lambda: [(int(item.pid), str(item.name)) for item in self._visible()])
        self.names: frozenset[str] | None = None
        """Processes that are looked for: if empty, ``app`` and ``app:*``; None: none so far."""
        self._failures = 0
        self._lost = False
        self._again: dict[int, float] = {}
        """When to try again with processes that Frida got no answer from: they may have been frozen."""

    def look(self) -> tuple[list[tuple[int, str]], set[int]]:
        """Pid and name of running processes, and the pids that Frida sees: one may be too new for it. Raises
        whatever Frida and the list of names do."""
        listed = list(self.named())
        visible = {int(found.pid) for found in self._visible()}
        self._failures = 0
        return listed, visible

    def is_lost(self, error: Exception) -> bool:
        """Whether a failure of ``look`` means that Frida has gone; said once.

        It does at the second consecutive failure: a process that ends during listing makes one fail, the end of Frida
        makes all fail. What only takes long has more tries: a busy machine may be slow.
        """
        self._failures += 1
        slow = isinstance(error, TimeoutError | frida.TimedOutError)
        said, self._lost = self._lost, self._lost or self._failures >= (_SLOW_LISTINGS if slow else 2)
        return self._lost and not said

    def wants(self, pid: int, name: str) -> bool:
        """Whether a process is one of the app's that are looked for, and due."""
        wanted = name in self.names if self.names else name == self._app or name.startswith(f"{self._app}:")
        return wanted and time.monotonic() >= self._again.get(pid, 0)

    def put_off(self, pid: int, unanswered: bool) -> bool:
        """A process could not be attached to; ``unanswered``: try later. Returns whether that is news."""
        known = pid in self._again
        if unanswered:
            self._again[pid] = time.monotonic() + _UNANSWERED_S
        return not known

    def _visible(self) -> list[Any]:
        return list(bounded(self._device.enumerate_processes, 10))
