"""What works here: the checks of every part, put together for ``monitor doctor``."""

from __future__ import annotations

import importlib.util
import platform
from pathlib import Path

from monitor.analysis.rules import load_rules
from monitor.catalogue import load_catalogue
from monitor.checks import Check, tried
from monitor.collectors import check as collectors
from monitor.device import check as device_side
from monitor.device.adb import AdbDevice
from monitor.device.selftest import selftest
from monitor.device.server import AdbServer
from monitor.errors import EnvironmentFault, MonitorError
from monitor.scenario.model import bundled_scenarios
from monitor.tables import load_organisations, load_sdks

_EXTRAS = {"docx": "python-docx", "xlsxwriter": "XlsxWriter"}


def diagnose(serial: str = "", save: Path | None = None) -> list[Check]:
    """Every check, in the order of a session. With ``serial`` also the device's own, its raw outputs into ``save``.

    Never raises for what does not work: that is what the checks say.
    """
    standin = not serial
    checks = [
        tried("python", _python),
        tried("data", _data),
        *collectors.check(tracing=standin),
        *device_side.check(standin=standin),
        tried("reports", _extras, needed=False),
    ]
    return [*checks, *_device(serial, save)] if serial else checks


def usable(checks: list[Check]) -> bool:
    """Whether a session can run: nothing that is needed failed."""
    return not any(check.needed and check.state == "fail" for check in checks)


def _python() -> str:
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def _data() -> str:
    counts = {
        "rules": load_rules(), "hooks": load_catalogue(), "scenarios": bundled_scenarios(),
        "organisations": load_organisations(), "SDKs": load_sdks(),
    }  # fmt: skip
    return ", ".join(f"{len(items)} {name}" for name, items in counts.items())  # type: ignore[arg-type]


def _extras() -> str:
    missing = [package for module, package in _EXTRAS.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise EnvironmentFault(
            f"not installed: {', '.join(missing)}", hint="pip install 'app-privacy-monitor[reports]'"
        )
    return ", ".join(_EXTRAS.values())


def _device(serial: str, directory: Path | None) -> list[Check]:
    try:
        server = AdbServer.users()
        device = AdbDevice(server.connect(serial) if ":" in serial else serial, port=server.port)
        device.require()
        checks = device_side.check_device(device)
        checks.append(collectors.check_endpoint(device.serial))
        parsed, outputs = selftest(device)
        checks += parsed
    except MonitorError as error:
        return [Check(name="device", state="fail", detail=str(error))]
    if directory is not None:
        checks.append(tried("saved", lambda: f"{device_side.save(outputs, directory)} files", needed=False))
    return checks
