"""The view of a recording, from its lines."""

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

import msgspec
from msgspec.structs import replace

from monitor.analysis.coverage.verdict import of_line, of_statuses
from monitor.base.errors import EvidenceDamaged
from monitor.events import Event, Stack
from monitor.reports._log import Log
from monitor.reports._order import numbered, rank
from monitor.reports._rows import CoverageRow, RuleRow, coverage_row, finding_row
from monitor.reports._view import Asked, View
from monitor.session.manifest import Session
from monitor.text.reasons import Coverage


def make_view(
    session: Session,
    events: Iterable[Event],
    findings: Iterable[object],
    coverage: Iterable[object],
    lang: str = "en",
    **asked: Unpack[Asked],
) -> View:
    """The view of a recording; arguments as ``monitor.reports.render``. Raises ``EvidenceDamaged``."""
    listed = events if isinstance(events, Log) else Log(events)
    view = View(session, lang if lang == "zh" else "en", listed, [], [], **asked)
    view.by_seq = listed.numbered()
    view.stacks = {event.stack: event.frames for event in listed.of(Stack)}
    clauses = view.names.clauses()
    try:
        view.findings = sorted(
            (finding_row(_plain(item), view.lang, view.names.rules, clauses) for item in findings), key=rank
        )
        view.findings = numbered(view.findings, view.lang)
        view.lines = [msgspec.convert(line, Coverage) for line in coverage]
        view.coverage = [_judged(view, coverage_row(_owned(view, line), view.lang, view.names.rules), line)
                         for line in view.lines]  # fmt: skip
    except (TypeError, ValueError, AttributeError, msgspec.ValidationError):
        raise EvidenceDamaged(
            "findings or coverage are not in the form that the analysis writes", hint="monitor analyse rewrites them"
        ) from None
    return view


def _owned(view: View, line: Coverage) -> Coverage:
    """A line that names an owner of code, with the owner's name in the reader's language."""
    owner = line.detail.get("owner", "")
    if owner not in view.names.sdks:
        return line
    named = {"owner": view.sdk(owner)}
    reasons = [replace(one, params=one.params | named) if "owner" in one.params else one for one in line.reasons]
    return replace(line, reasons=reasons)


def _judged(view: View, row: CoverageRow, line: Coverage) -> CoverageRow:
    """A row; that of a rule with what it came to, in one of the five words."""
    if row.kind != "rule":
        return row
    found = [f.status for f in view.findings if f.rule == row.id] if row.state == "fired" else []
    verdict = of_statuses(found, "") if found else of_line(line)
    return RuleRow(**{**vars(row), "verdict": verdict, "state_name": view.label("verdict", verdict)})


def _plain(item: object) -> Mapping[str, Any]:
    data = msgspec.to_builtins(item)
    return data if isinstance(data, dict) else {}
