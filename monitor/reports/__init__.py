"""Reports: one module per format, found by its file name; each has ``render(view) -> bytes`` and ``TITLE``.

Pure: session, events, findings and coverage in, bytes out. Modules whose names begin with ``_`` are shared helpers.
"""

import importlib
import pkgutil
from types import ModuleType

from monitor.base.errors import EnvironmentFault, InputError
from monitor.base.paths import install_command
from monitor.reports import _walks as walks
from monitor.reports._log import BYPASSED, Log
from monitor.reports._problems import Front, front
from monitor.reports._view import Names, View

__all__ = ["BYPASSED", "Front", "Log", "Names", "View", "formats", "front", "render", "walks"]


def formats() -> dict[str, str]:
    """Format names and their purposes; including formats whose library is not installed."""
    titles = {}
    for name in _names():
        try:
            titles[name] = str(_module(name).TITLE)
        except EnvironmentFault as fault:
            titles[name] = str(fault)
    return titles


def _names() -> list[str]:
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def _module(name: str) -> ModuleType:
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        raise _missing(name, error) from None
    if not isinstance(getattr(module, "TITLE", None), str) or not callable(getattr(module, "render", None)):
        raise InputError(f"the format {name} needs a TITLE and a function render(view)", where=str(module.__file__))
    return module


def _missing(format: str, error: ModuleNotFoundError) -> EnvironmentFault:
    return EnvironmentFault(f"the format {format} needs {error.name}", hint=install_command("reports"))


def render(format: str, view: View) -> bytes:
    """The report as bytes. Raises ``InputError`` (unknown format) or ``EnvironmentFault`` (the format's library is not
    installed)."""
    if format not in (names := _names()):
        raise InputError(f"unknown report format {format!r}", hint=f"one of {', '.join(names)}")
    try:
        return bytes(_module(format).render(view))
    except ModuleNotFoundError as error:
        raise _missing(format, error) from None
