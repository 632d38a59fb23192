"""Whether the collectors can work here: Frida, the agent, permission to trace, the proxy; and a device's Frida."""

import contextlib
import importlib.metadata
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import frida

from monitor.base import host
from monitor.base.checks import Check, failed, tried
from monitor.base.errors import EnvironmentFault, MonitorError
from monitor.collectors.agent_build import agent, bridge_file
from monitor.collectors.endpoint import NoAnswer, OtherFrida, bounded, explain, frida_endpoint, require_same

_YAMA: Final = Path("/proc/sys/kernel/yama/ptrace_scope")
_SLEEPER: Final = "import sys; print(flush=True); sys.stdin.read()"
_YAMA_HINT: Final = "sysctl -w kernel.yama.ptrace_scope=0, or run as root"
_YAMA_3_HINT: Final = "yama level 3 stays until the next boot: boot with kernel.yama.ptrace_scope=1 or less"
_NO_APP: Final = "none.such.app.monitor"
_PROXY_HINT: Final = "pip install 'mitmproxy>=12.2.3,<12.3'"
_CONTAINER_HINT: Final = "in a container: run it with --cap-add=SYS_PTRACE"


def tracing_hint(scope: str) -> str:
    """How to fix a refused trace, by the kernel's ``ptrace_scope``."""
    return {"none": _CONTAINER_HINT, "0": _CONTAINER_HINT, "3": _YAMA_3_HINT}.get(scope, _YAMA_HINT)


def check(*, tracing: bool = True) -> list[Check]:
    """All checks of the host. ``tracing``: whether apps run on this host (the stand-in), so that it must be able to
    trace."""
    checks = [
        tried("frida", lambda: f"frida {frida.__version__}, bridge {bridge_file().name}"),
        tried("agent", lambda: f"agent {(built := agent()).key[:12]}, {len(built.code) // 1024} KiB"),
        tried("proxy", _proxy),
    ]
    return [*checks, tried("ptrace", ptrace)] if tracing else checks


def check_endpoint(port: int) -> list[Check]:
    """Frida on a device as a session uses it: through the host's ``port``, an adb forward of its endpoint. Frida's own
    adb transport is not a valid test: without a server it lists processes with a helper that it pushes."""
    found: list[Check] = []

    try:
        with frida_endpoint(port) as device:
            found.append(tried("frida_version", lambda: _same_version(device), needed=False))
            found.append(tried("frida_start", lambda: _starts(device), needed=False))
            listed = f"{len(bounded(device.enumerate_processes, 30))} processes"
    except OtherFrida as other:
        return [failed("frida_version", other)]
    except MonitorError as error:
        return [failed("frida_endpoint", error), *found]
    return [Check(name="frida_endpoint", state="ok", detail=listed), *found]


def _same_version(device: Any) -> str:
    """The server's version, from a script inside it: pid 0 is the server itself."""
    try:
        session = bounded(lambda: device.attach(0), 15)
    except Exception:  # noqa: BLE001 - a portal or gadget has no process of its own to ask
        return f"unknown until an app is attached to; {frida.__version__} here"
    try:
        script = session.create_script("rpc.exports = { version: () => Frida.version };")
        bounded(script.load, 15)
        reported = str(bounded(script.exports_sync.version, 15))
    finally:
        with contextlib.suppress(Exception):
            bounded(session.detach, 10)
    return require_same(reported)


def _starts(device: Any) -> str:
    """Whether the endpoint can spawn apps, tested with a name that no app has."""
    try:
        bounded(lambda: device.spawn(_NO_APP), 30)
    except frida.ExecutableNotFoundError:
        pass
    except (frida.NotSupportedError, frida.InvalidOperationError):
        return "cannot spawn apps: they are held over adb instead"
    except Exception as error:  # noqa: BLE001 - frida raises many kinds
        raise explain(error, 0) from None
    return "starts apps suspended"


def ptrace() -> str:
    """Actually attach to a process: a child of our own, like the apps that the stand-in starts. Once more where Frida
    got no answer: it waits five seconds, in which a busy machine may not have run the child."""
    scope = yama()
    try:
        try:
            _trace_a_child()
        except NoAnswer:
            _trace_a_child()
    except EnvironmentFault as fault:
        message = f"tracing a process failed, ptrace_scope {scope}: {fault.message}"
        raise EnvironmentFault(message, hint=tracing_hint(scope)) from None
    if scope not in ("0", "none"):
        return f"attached to a child; yama ptrace_scope is {scope}: processes that are not descendants may be refused"
    return f"attached to a process; yama ptrace_scope: {scope}"


def _trace_a_child() -> None:
    with subprocess.Popen(
        [sys.executable, "-I", "-c", _SLEEPER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            process.stdout.readline()
            session = bounded(lambda: frida.attach(process.pid), 30)
            bounded(session.detach, 15)
        except Exception as error:  # noqa: BLE001 - frida raises many kinds
            raise explain(error, process.pid) from None
        finally:
            # Popen.kill asks waitpid first, which gives a tracer's stop as well: it would be taken for an end.
            with contextlib.suppress(ProcessLookupError):
                host.kill(process.pid)


def yama(file: Path = _YAMA) -> str:
    """The kernel's ``ptrace_scope``; ``none`` where the kernel has no yama."""
    try:
        return file.read_text("ascii").strip()[:8]
    except (OSError, UnicodeDecodeError):
        return "none"


def _proxy() -> str:
    """``mitmproxy VERSION`` if it is within the pin."""
    try:
        from monitor.collectors.proxy.guard import Unsafe, check_version
    except ImportError as error:
        raise EnvironmentFault(f"mitmproxy cannot be loaded: {error.name}", hint=_PROXY_HINT) from None
    try:
        return f"mitmproxy {check_version()} (pin: >=12.2.3,<12.3)"
    except (Unsafe, importlib.metadata.PackageNotFoundError) as error:
        raise EnvironmentFault(str(error), hint=_PROXY_HINT) from None
