"""Reports: one module per format, found by its file name; each has ``render(view) -> bytes`` and ``TITLE``.

Pure: session, events, findings and coverage in, bytes out. Modules whose names begin with ``_`` are shared helpers.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Unpack

from monitor.base.errors import EnvironmentFault, InputError
from monitor.base.paths import install_command
from monitor.events import Event
from monitor.reports._log import BYPASSED, Log
from monitor.reports._making import make_view
from monitor.reports._names import Names
from monitor.reports._problems import Front, front
from monitor.reports._view import Asked, Blobs, Hide, View
from monitor.session.manifest import Session

__all__ = ["BYPASSED", "Blobs", "Front", "Hide", "Log", "Names", "View", "formats", "front", "make_view", "render"]


def formats() -> dict[str, str]:
    """Format names and their purposes; including formats whose library is not installed."""
    return {name: _title(name) for name in _names()}


def _names() -> list[str]:
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))


def _title(name: str) -> str:
    try:
        return str(_module(name).TITLE)
    except EnvironmentFault as fault:
        return str(fault)


def render(
    format: str,
    session: Session,
    events: Iterable[Event],
    findings: Iterable[object],
    coverage: Iterable[object],
    lang: str = "en",
    *,
    on_view: Callable[[View], None] = lambda view: None,
    **asked: Unpack[Asked],
) -> bytes:
    """The report as bytes. Findings and coverage: structs of ``monitor.analysis`` or the dicts of their JSON lines.

    Raises ``InputError`` (unknown format) or ``EnvironmentFault`` (the format's library is not installed).
    """
    module = _known(format)
    view = make_view(session, events, findings, coverage, lang, **asked)
    on_view(view)
    try:
        return bytes(module.render(view))
    except ModuleNotFoundError as error:
        raise _missing(format, error) from None


def _missing(format: str, error: ModuleNotFoundError) -> EnvironmentFault:
    return EnvironmentFault(f"the format {format} needs {error.name}", hint=install_command("reports"))


def _known(format: str) -> ModuleType:
    if format not in (names := _names()):
        raise InputError(f"unknown report format {format!r}", hint=f"one of {', '.join(names)}")
    return _module(format)


def _module(name: str) -> ModuleType:
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        raise _missing(name, error) from None
    if not isinstance(getattr(module, "TITLE", None), str) or not callable(getattr(module, "render", None)):
        raise InputError(f"the format {name} needs a TITLE and a function render(view)", where=str(module.__file__))
    return module
