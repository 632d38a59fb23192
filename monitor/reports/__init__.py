"""Reports: one module per format, found by its file name; each has ``render(view) -> bytes`` and ``TITLE``.

Pure: session, events, findings and coverage in, bytes out. Modules whose names begin with ``_`` are shared helpers.
"""

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType
from typing import Unpack

import msgspec
from msgspec.structs import replace

from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError
from monitor.base.paths import install_command
from monitor.events import Event
from monitor.reports._log import BYPASSED, Log
from monitor.reports._problems import Front, front
from monitor.reports._rows import coverage_row, finding_row, numbered
from monitor.reports._view import Blobs, Extras, Hide, Names, View
from monitor.session.manifest import Session
from monitor.text.reasons import Coverage

__all__ = ["BYPASSED", "Blobs", "Front", "Hide", "Log", "Names", "View", "formats", "front", "make_view", "render"]


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


def make_view(
    session: Session,
    events: Iterable[Event],
    findings: Iterable[object],
    coverage: Iterable[object],
    lang: str = "en",
    **extras: Unpack[Extras],
) -> View:
    """What the reports of a recording show. Findings and coverage: structs of ``monitor.analysis`` or the dicts of
    their JSON lines. Raises ``EvidenceDamaged``."""
    lang = lang if lang == "zh" else "en"
    view = View(session, lang, events if isinstance(events, Log) else Log(events), [], [], **extras)
    rules, clauses = view.names.rules, view.names.clauses()
    statuses: dict[str, list[str]] = {}
    try:
        plain = (item if isinstance(item, dict) else {} for item in map(msgspec.to_builtins, findings))
        view.findings = numbered((finding_row(item, lang, rules, clauses) for item in plain), lang)
        for row in view.findings:
            statuses.setdefault(row.rule, []).append(row.status)
        view.lines = [msgspec.convert(line, Coverage) for line in coverage]
        view.coverage = [coverage_row(_with_owner(view, line), lang, rules, statuses) for line in view.lines]
    except (TypeError, ValueError, AttributeError, msgspec.ValidationError):
        raise EvidenceDamaged(
            "findings or coverage are not in the form that the analysis writes", hint="monitor analyse rewrites them"
        ) from None
    return view


def _with_owner(view: View, line: Coverage) -> Coverage:
    """A line that names an owner of code, by the name that the reader knows."""
    owner = line.detail.get("owner", "")
    if owner not in view.names.sdks:
        return line
    name = {"owner": view.sdk(owner)}
    reasons = [replace(one, params=one.params | name) if "owner" in one.params else one for one in line.reasons]
    return replace(line, reasons=reasons)
