"""The checks of every part, combined for ``monitor doctor``."""

import importlib.util
import platform

from monitor.analysis.rules.load import load_rules
from monitor.base.checks import Check, tried
from monitor.base.errors import EnvironmentFault, MonitorError, printable
from monitor.base.paths import install_command
from monitor.collectors import check as collectors
from monitor.device.checks import adbside as device_side
from monitor.device.checks.selftest import selftest
from monitor.device.standin import containment
from monitor.knowledge.catalogue import load_catalogue
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.record.preparing import forwarded
from monitor.record.target import reach
from monitor.scenario.model import bundled_scenarios

_EXTRAS = {"docx": "python-docx", "xlsxwriter": "XlsxWriter"}


def diagnose(serial: str = "", frida_port: int = 27042) -> list[Check]:
    """Every check, in the order of a session. With ``serial`` also those of the device.

    Never raises for what does not work: the checks report it.
    """
    standin = not serial
    checks = [
        tried("python", _python),
        tried("data", _data),
        *collectors.check(tracing=standin),
        *device_side.check(standin=standin),
        tried("reports", _extras, needed=False),
        *([tried("containment", containment)] if standin else []),
    ]
    return [*checks, *_device(serial, frida_port)] if serial else checks


def usable(checks: list[Check]) -> bool:
    """Whether a session can run: no required check failed."""
    return not any(check.needed and check.state == "fail" for check in checks)


def _python() -> str:
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def _data() -> str:
    rows = load_catalogue()
    on = sum(row.enabled and row.kind != "field" for row in rows)  # as many as a session asks the agent for
    counts = {
        "rules": load_rules(), f"hooks ({on} on by default)": rows, "scenarios": bundled_scenarios(),
        "organisations": load_organisations(), "SDKs": load_sdks(),
    }  # fmt: skip
    return ", ".join(f"{len(items)} {name}" for name, items in counts.items())  # type: ignore[arg-type]


def _extras() -> str:
    missing = [package for module, package in _EXTRAS.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise EnvironmentFault(f"not installed: {', '.join(missing)}", hint=install_command("reports"))
    return ", ".join(_EXTRAS.values())


def _device(serial: str, frida_port: int) -> list[Check]:
    try:
        device = reach(serial)
        checks = device_side.check_device(device)
        with forwarded(device, frida_port) as port:
            checks += collectors.check_endpoint(port)
        checks += selftest(device)[0]
    except MonitorError as error:
        said = f"{error.where}: {error.message}" if error.where else error.message
        return [Check(name="device", state="fail", detail=printable(said), hint=error.hint)]
    return checks
