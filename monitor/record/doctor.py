"""A computer and its device: checked (``monitor doctor``), prepared for sessions and restored (``monitor device``)."""

import importlib.util
import platform
import time
from pathlib import Path

from monitor.analysis.rules.load import load_rules
from monitor.base import errors, paths
from monitor.base.checks import Check, failed, tried
from monitor.collectors import check as collectors
from monitor.device import checks as device_side
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.changes.undo import DEBUG_PROPERTY, Change
from monitor.device.checks import run_parsers
from monitor.device.profile import profile, vendor
from monitor.device.provision import frida_server
from monitor.device.standin import containment
from monitor.knowledge import catalogue, tables
from monitor.record.connection import forwarded, reach
from monitor.scenario.model import bundled_scenarios


def diagnose(serial: str = "", frida_port: int = 27042) -> list[Check]:
    """Every check, in the order of a session. With ``serial`` also those of the device. Never raises for what does not
    work: the checks report it."""
    standin = not serial
    return [
        tried("python", lambda: f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"),
        tried("data", _data),
        *collectors.check(tracing=standin),
        *device_side.check(standin=standin),
        tried("reports", _extras, needed=False),
        *([tried("containment", containment)] if standin else _device(serial, frida_port)),
    ]


def usable(checks: list[Check]) -> bool:
    """Whether a session can run: no required check failed."""
    return not any(check.needed and check.state == "fail" for check in checks)


def _data() -> str:
    rows = catalogue.load_catalogue()
    on = sum(row.enabled and row.kind != "field" for row in rows)  # as many as a session asks the agent for
    counts = {
        "rules": load_rules(), f"hooks ({on} on by default)": rows, "scenarios": bundled_scenarios(),
        "organisations": tables.load_organisations(), "SDKs": tables.load_sdks(),
    }  # fmt: skip
    return ", ".join(f"{len(items)} {name}" for name, items in counts.items())  # type: ignore[arg-type]


def _extras() -> str:
    packages = {"docx": "python-docx", "xlsxwriter": "XlsxWriter"}
    missing = [package for module, package in packages.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise errors.EnvironmentFault(f"not installed: {', '.join(missing)}", hint=paths.install_command("reports"))
    return ", ".join(packages.values())


def _device(serial: str, frida_port: int) -> list[Check]:
    try:
        device = reach(serial)
        checks = device_side.check_device(device)
        with forwarded(device, frida_port) as port:
            checks += collectors.check_endpoint(port)
        return checks + run_parsers(device)[0]
    except errors.MonitorError as error:
        return [failed("device", error)]


def prepare(
    serial: str, server: Path | None = None, sha256: str = "", port: int = 27042, *, first: bool = False
) -> list[Check]:
    """What was in place, what was set up, and the manual steps. Raises ``MonitorError``. ``server``: a frida-server to
    install on the device, with its expected digest; ``first``: start it before Android's framework, which is stopped
    for that. Every change is journalled and stays until ``restore``."""
    device = reach(serial)
    properties = profile(device)
    data = frida_server.read(server, sha256, properties.device.abi) if server else b""
    journal = Journal(device)

    def debuggable() -> str:
        """Allow every app to be held for a debugger; zygote reads the property when it starts."""
        journal.make(Change("apps debuggable", "root", f"setprop {DEBUG_PROPERTY} 1", ("debuggable",)))
        return f"{DEBUG_PROPERTY}=1, effective after a reboot"

    checks = [tried("root", lambda: root(device), needed=False)]
    unheld = properties.device.api_level >= 34 and properties.capabilities["held_start"].state == "unknown"
    if unheld and device.rooted():
        checks.append(tried("held_start", debuggable, needed=False))
    if data:
        checks.append(tried("frida_server", lambda: frida_server.start(device, data, port, journal, first=first)))
    with forwarded(device, port) as here:
        checks += collectors.check_endpoint(here)
    by_hand = vendor(properties.device.manufacturer)
    detail = f"{properties.device.manufacturer}{'' if by_hand.verified else ', unverified'}"
    return [*checks, *(Check(name=f"step_{step}", state="warn", detail=detail, needed=False) for step in by_hand.steps)]


def restore(serial: str) -> tuple[list[str], list[str], str]:
    """Undo the changes that this user has journalled: names of those undone, those that could not be, with reasons, and
    the names of what another host or user has journalled on the device, empty = nothing. Raises ``MonitorError``."""
    journal = Journal(reach(serial))
    names = [change.name for change in journal.pending()]
    faults = journal.undo()
    for change in journal.pending():
        names.remove(change.name)
    return names, faults, journal.foreign()


def root(device: AdbDevice) -> str:
    """The means of root access and how long one command takes. Raises ``EnvironmentFault`` without root."""
    began = time.monotonic()
    if not device.rooted():
        raise errors.EnvironmentFault("no root: the certificate, QUIC blocking and per-app traffic need it")
    device.as_root(["id", "-u"])
    return f"{device.root_way()}, {round((time.monotonic() - began) * 1000)} ms"
