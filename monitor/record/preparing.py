"""Prepare a device for sessions, and restore it: ``monitor device prepare`` and ``restore``."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from monitor.base.checks import Check, tried
from monitor.base.errors import EnvironmentFault
from monitor.collectors import check as collectors
from monitor.device.adb import AdbDevice
from monitor.device.changes.change import Change
from monitor.device.changes.journal import Journal
from monitor.device.changes.undo import DEBUG_PROPERTY
from monitor.device.profile import profile
from monitor.device.provision import frida_server, vendors
from monitor.record.target import reach


@contextlib.contextmanager
def forwarded(device: AdbDevice, port: int) -> Iterator[int]:
    """A port on this host forwarded to the device's, for the duration of the block."""
    here = device.forward(f"tcp:{port}")
    try:
        yield here
    finally:
        device.forward_remove(here)


def prepare(
    serial: str, server: Path | None = None, sha256: str = "", port: int = 27042, *, first: bool = False
) -> list[Check]:
    """What was in place, what was set up, and the manual steps. Raises ``MonitorError``.

    ``server``: a frida-server to install on the device, with its expected digest; ``first``: start it before Android's
    framework, which is stopped for that. Every change is journalled and stays
    until ``restore``.
    """
    device = reach(serial)
    about = profile(device)
    data = frida_server.read(server, sha256, about.device.abi) if server else b""
    journal = Journal(device)
    checks = [tried("root", lambda: root(device), needed=False)]
    if about.device.api_level >= 34 and about.capabilities["held_start"].state == "unknown" and device.rooted():
        checks.append(tried("held_start", lambda: _debuggable(device, journal), needed=False))
    if data:
        checks.append(tried("frida_server", lambda: frida_server.start(device, data, port, journal, first=first)))
    with forwarded(device, port) as here:
        checks += collectors.check_endpoint(here)
    by_hand = vendors.steps(about.device.manufacturer)
    seen = "" if by_hand.verified else ", unverified"
    detail = f"{about.device.manufacturer}{seen}"
    return [*checks, *(Check(name=f"step_{step}", state="warn", detail=detail, needed=False) for step in by_hand.steps)]


def restore(serial: str) -> tuple[list[str], list[str], str]:
    """Undo the changes that this user has journalled: names of those undone, those that could not be, with reasons, and
    the names of what another host or user has journalled on the device, empty = nothing.

    Raises ``MonitorError``.
    """
    journal = Journal(reach(serial))
    names = [change.name for change in journal.pending()]
    faults = journal.undo()
    left = [change.name for change in journal.pending()]
    for name in left:
        names.remove(name)
    return names, faults, journal.foreign_names()


def root(device: AdbDevice) -> str:
    """The means of root access and how long one command takes. Raises ``EnvironmentFault`` without root."""
    began = time.monotonic()
    if not device.rooted():
        raise EnvironmentFault("no root: the certificate, QUIC blocking and per-app traffic need it")
    device.as_root(["id", "-u"])
    return f"{device.root_way()}, {round((time.monotonic() - began) * 1000)} ms"


def _debuggable(device: AdbDevice, journal: Journal) -> str:
    """Allow every app to be held for a debugger; zygote reads the property when it starts."""
    journal.make(Change("apps debuggable", "root", f"setprop {DEBUG_PROPERTY} 1", ("debuggable",)))
    return f"{DEBUG_PROPERTY}=1, effective after a reboot"
