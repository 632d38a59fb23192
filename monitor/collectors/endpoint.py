"""Frida: calls to it that cannot hang, its errors, and a device's endpoint, reached through an adb forward of its
``tcp:27042``.

Frida's own adb transport remembers the first adb server of the process and, where nothing listens, tries to install its
own server on the device; a forward does neither.
"""

import contextlib
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any, Final

import frida

from monitor.base import host
from monitor.base.errors import EnvironmentFault, printable
from monitor.base.process import cleared

#: The only file in its directory, and the seconds in which it may still be written.
_HELPER: Final = "idund"
_NEW_S: Final = 60
_LOOK_S: Final = 0.5
"""One wait for an answer: it takes longer by as much again only where this process does not run."""
_PATIENCE: Final = 10
"""An agent that goes on reporting gets so many times the limit that one that says nothing gets: the device is slow."""


class NoAnswer(EnvironmentFault):
    """Frida got no answer from a process in time."""

    def __init__(self, pid: int) -> None:
        hint = "is it stopped, frozen or being debugged?"
        super().__init__("Frida got no answer from the process in time", where=f"process {pid}", hint=hint)


class AgentTimeout(EnvironmentFault):
    """The agent did not answer in time; its script was interrupted or terminated."""


def explain(error: Exception, pid: int) -> EnvironmentFault:
    """A frida error as one line with its fix."""
    where = f"process {pid}"
    if isinstance(error, EnvironmentFault):
        return error
    if isinstance(error, frida.ProcessNotRespondingError | frida.TimedOutError) or "timeout was reached" in str(error):
        return NoAnswer(pid)
    for kinds, message, hint in _FAULTS:
        if isinstance(error, kinds):
            return EnvironmentFault(message, where=where, hint=hint)
    return EnvironmentFault(printable(f"Frida failed: {type(error).__name__}: {error}", 300), where=where)


_FAULTS: Final = (
    (frida.ProcessNotFoundError, "no such process", "start the app first"),
    (frida.PermissionDeniedError, "tracing the process is not permitted",
     "run as root or allow it: sysctl kernel.yama.ptrace_scope=0; on a device use a rooted frida-server"),
    ((frida.ServerNotRunningError, frida.TransportError),
     "no Frida server answers", "start frida-server on the device"),
)  # fmt: skip


def bounded(fn: Callable[[], Any], timeout: float, heard: Callable[[], float] | None = None) -> Any:
    """``fn()`` on a daemon thread. Raises ``TimeoutError`` after ``timeout`` seconds; its own exceptions pass through.
    Time in which this process did not run does not count: an answer that has come meanwhile is not read yet. ``heard``:
    when, by the monotonic clock, something last came from what it waits for; the time counts from then."""
    answer: Future[Any] = Future()

    def work() -> None:
        try:
            answer.set_result(fn())
        except Exception as error:  # noqa: BLE001 - handed to the caller
            answer.set_exception(error)

    threading.Thread(target=work, name="agent-call", daemon=True).start()
    end = time.monotonic() + timeout
    most = end + (_PATIENCE - 1) * timeout
    while (began := time.monotonic()) < end:
        step = min(end - began, _LOOK_S)
        if wait([answer], step).done:
            return answer.result()
        if (still := time.monotonic() - began - step) > _LOOK_S:
            end, most = end + still, most + still
        if heard and time.monotonic() >= end:
            end = min(heard() + timeout, most)
    raise TimeoutError


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
    sweep()
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


def sweep() -> None:
    """Remove what Frida's helper for Apple's devices left when it ended, ten megabytes each time."""
    for place in Path(tempfile.gettempdir()).glob("frida-*"):
        with contextlib.suppress(OSError):
            about = place.lstat()
            own = host.own(about) and stat.S_ISDIR(about.st_mode) and about.st_mtime < time.time() - _NEW_S
            if own and [file.name for file in place.iterdir()] == [_HELPER]:
                (place / _HELPER).open("r+b").close()  # refused while it runs
                cleared(place)


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
