"""Whether the collectors can work here: Frida, the agent, the right to trace, the proxy; and a device's Frida."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import frida

from monitor.checks import Check, tried
from monitor.collectors.agent_build import agent, bridge_file
from monitor.collectors.agent_session import bounded, explain
from monitor.errors import EnvironmentFault

_YAMA: Final = Path("/proc/sys/kernel/yama/ptrace_scope")
_SLEEPER: Final = "import sys; print(flush=True); sys.stdin.read()"
_YAMA_HINT: Final = "sysctl -w kernel.yama.ptrace_scope=0, or run as root"
_YAMA_3_HINT: Final = "yama 3 stays until the next boot: boot with kernel.yama.ptrace_scope=1 or less"
_CONTAINER_HINT: Final = "in a container: run it with --cap-add=SYS_PTRACE"


def tracing_hint(scope: str) -> str:
    """How to mend a refused trace, by the kernel's ``ptrace_scope``."""
    return {"none": _CONTAINER_HINT, "0": _CONTAINER_HINT, "3": _YAMA_3_HINT}.get(scope, _YAMA_HINT)


def check(*, tracing: bool = True) -> list[Check]:
    """Every check of the host. ``tracing``: whether apps run on this host (the stand-in), so that it must trace."""
    checks = [tried("frida", _frida), tried("agent", _agent), tried("proxy", _proxy)]
    return [*checks, tried("ptrace", ptrace)] if tracing else checks


def check_endpoint(serial: str) -> Check:
    """Whether Frida reaches an adb device: it must list its processes."""

    def attempt() -> str:
        try:
            device = bounded(lambda: frida.get_device(serial, timeout=10), 15)
            listed = len(bounded(device.enumerate_processes, 30))
        except Exception as error:  # noqa: BLE001 - frida raises many kinds
            fault = explain(error, 0)
            raise EnvironmentFault(fault.message, where=serial, hint=fault.hint) from None
        try:
            access = str(bounded(device.query_system_parameters, 15).get("access", "unknown"))
        except Exception:  # noqa: BLE001 - a portal or gadget has no such question
            access = "of single processes"
        return f"Frida answers: {listed} processes, access {access}"

    return tried("frida_endpoint", attempt)


def _frida() -> str:
    return f"frida {frida.__version__}, bridge {bridge_file().name}"


def _agent() -> str:
    began = time.monotonic()
    built = agent()
    return f"agent {built.key[:12]}, {len(built.code) // 1024} KiB, {time.monotonic() - began:.1f} s"


def ptrace() -> str:
    """Really attach to a process: a child of our own, as the stand-in does with the apps it starts."""
    scope = yama()
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
            fault = explain(error, process.pid)
            message = f"tracing a process failed, ptrace_scope {scope}: {fault.message}"
            raise EnvironmentFault(message, hint=tracing_hint(scope)) from None
        finally:
            process.kill()
    if scope not in ("0", "none"):
        return f"attached to a child; yama ptrace_scope is {scope}: processes that are no descendants may be refused"
    return f"attached to a process; yama ptrace_scope: {scope}"


def yama(file: Path = _YAMA) -> str:
    """The kernel's ``ptrace_scope``; ``none`` where the kernel has no yama."""
    try:
        return file.read_text("ascii").strip()[:8]
    except (OSError, UnicodeDecodeError):
        return "none"


def _proxy() -> str:
    """The version pin and the options that must not be there (``proxy/guard.py``)."""
    from monitor.collectors.proxy.check import check_proxy

    return check_proxy()
