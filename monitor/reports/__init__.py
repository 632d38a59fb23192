"""Reports: one module per format, found by its file name; each has ``render(view) -> bytes`` and ``TITLE``.

Pure: session, events, findings and coverage in, bytes out. Modules whose names begin with ``_`` are shared helpers.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any, Unpack

import msgspec
from msgspec.structs import replace

from monitor.analysis.coverage.verdict import of_line, of_statuses
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError
from monitor.base.paths import install_command
from monitor.events import Event, Stack
from monitor.reports._log import BYPASSED, Log
from monitor.reports._problems import Front, front
from monitor.reports._rows import CoverageRow, RuleRow, coverage_row, finding_row, numbered
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


def render(
    format: str,
    session: Session,
    events: Iterable[Event],
    findings: Iterable[object],
    coverage: Iterable[object],
    lang: str = "en",
    *,
    on_view: Callable[[View], None] = lambda view: None,
    **extras: Unpack[Extras],
) -> bytes:
    """The report as bytes. Findings and coverage: structs of ``monitor.analysis`` or the dicts of their JSON lines.

    Raises ``InputError`` (unknown format) or ``EnvironmentFault`` (the format's library is not installed).
    """
    if format not in (names := _names()):
        raise InputError(f"unknown report format {format!r}", hint=f"one of {', '.join(names)}")
    module = _module(format)
    view = make_view(session, events, findings, coverage, lang, **extras)
    on_view(view)
    try:
        return bytes(module.render(view))
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
    """The view of a recording; arguments as ``monitor.reports.render``. Raises ``EvidenceDamaged``."""
    listed = events if isinstance(events, Log) else Log(events)
    view = View(session, lang if lang == "zh" else "en", listed, [], [], **extras)
    view.by_seq = listed.numbered()
    view.stacks = {event.stack: event.frames for event in listed.of(Stack)}
    clauses = view.names.clauses()
    try:
        rows = (finding_row(_plain(item), view.lang, view.names.rules, clauses) for item in findings)
        view.findings = numbered(rows, view.lang)
        view.lines = [msgspec.convert(line, Coverage) for line in coverage]
        view.coverage = [_coverage(view, line) for line in view.lines]
    except (TypeError, ValueError, AttributeError, msgspec.ValidationError):
        raise EvidenceDamaged(
            "findings or coverage are not in the form that the analysis writes", hint="monitor analyse rewrites them"
        ) from None
    return view


def _coverage(view: View, line: Coverage) -> CoverageRow:
    """A coverage line as a row; that of a rule with what it came to, in one of the five words."""
    owner = line.detail.get("owner", "")
    if owner in view.names.sdks:  # it names an owner of code: by the name that the reader knows
        name = {"owner": view.sdk(owner)}
        reasons = [replace(one, params=one.params | name) if "owner" in one.params else one for one in line.reasons]
        line = replace(line, reasons=reasons)
    row = coverage_row(line, view.lang, view.names.rules)
    if row.kind != "rule":
        return row
    statuses = [f.status for f in view.findings if f.rule == row.id] if row.state == "fired" else []
    verdict = of_statuses(statuses, "") if statuses else of_line(line)
    return RuleRow(**{**vars(row), "verdict": verdict, "state_name": view.label("verdict", verdict)})


def _plain(item: object) -> Mapping[str, Any]:
    data = msgspec.to_builtins(item)
    return data if isinstance(data, dict) else {}
