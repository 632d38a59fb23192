"""偏离情况: what departed from the procedure. The record of extraction and the inspection report say the same."""

from itertools import groupby
from typing import Final

from monitor.analysis.explain.about import broken_off
from monitor.reports._inert import clean
from monitor.reports._view import View
from monitor.reports._words import standin, trouble

_LINES: Final = 100


def deviations(view: View) -> list[str]:
    """Departures by statement, by the way in which the session was run, and by fault of the monitor: equal faults in a
    row once, with their number and the first time."""
    session = view.session
    lines = [view.pair(d.what, d.reason) for d in session.record.deviations]
    if early := broken_off(session, view.lang):
        lines.append(" ".join(early))
    if session.imported:
        lines.append(view.t("deviation.imported", format=session.imported))
    if session.device.standin:
        lines.append(standin(view))
    elif not session.device.contained:
        lines.append(view.t("report.uncontained"))
    if session.unpinning in ("none", "hooks"):
        lines.append(view.pair(view.t("report.unpinning"), view.label("unpinning", session.unpinning)))
    if view.bypassed[0]:
        lines.append(view.t("report.bypassed", n=view.bypassed[0], hosts=view.bypassed[1]))
    faults = [(trouble(view, event), view.moment(event.t)) for event in view.trouble]
    for what, group in groupby(faults, key=lambda one: one[0]):
        times = [moment for _, moment in group]
        lines.append(f"{times[0]} {what}" + (f" ×{len(times)}" if len(times) > 1 else ""))
    if len(lines) > _LINES:
        lines[_LINES:] = [view.t("report.more", n=len(lines) - _LINES)]
    return [clean(line) for line in lines]
