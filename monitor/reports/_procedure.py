"""The steps of a session as a table, in the order in which they began; and 偏离情况, what departed from the procedure.

The record of extraction and the inspection report say the same of both.
"""

from itertools import groupby
from typing import Final

from monitor.analysis.explain.about import broken_off
from monitor.base.errors import printable
from monitor.events import Step, Tap
from monitor.reports._blocks import Table, Text
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.reports._words import standin, step_why, trouble
from monitor.text import step_done

_TAPPING: Final = frozenset({"tapOn", "longPressOn", "consent", "permission", "withdraw", "toggle"})
_DEVIATIONS: Final = 100


def steps(view: View) -> Table | Text:
    """What was done, numbered in its order, when, and the result; a step that holds others precedes them. Equal steps
    in a row stand once; what a script repeats is done, and numbered, as often."""
    lines = [
        (str(done.index), clean(action), view.label("step_state", done.state), clean(step_why(view, done)), begun)
        for begun, action, done in steps_begun(view)
    ]
    cells = []
    for number, ((_, action, state, why), equal) in enumerate(groupby(lines, key=lambda line: line[:4]), 1):
        times = [begun for *_, begun in equal]
        text = f"{action} ×{len(times)}" if len(times) > 1 else action
        cells.append([str(number), view.clock(times[0]), text, view.aside(state, why)])
    if not cells:
        return Text(view.t("report.none"))
    headings = [view.t(key) for key in ("inspection.step", "report.begun", "inspection.action", "inspection.result")]
    headings[1] = view.aside(headings[1], view.zone)
    return Table(headings, cells, (2, 4, 12, 5))


def steps_begun(view: View) -> list[tuple[int, str, Step]]:
    """Each step that ended, with the time at which it began and what was done, in that order."""
    running: dict[int, list[int]] = {}
    found: list[tuple[int, int, Step]] = []
    for event in view.events.of(Step):
        if event.state == "started":
            running.setdefault(event.index, []).append(event.seq)
        else:
            starts = running.get(event.index)
            found.append((starts.pop() if starts else event.seq, event.index, event))
    taps = [event for event in view.events.of(Tap) if event.via == "runner"]
    return [
        (view.by_seq.get(seq, done).t, _action(view, done, [tap for tap in taps if seq < tap.seq < done.seq]), done)
        for seq, _, done in sorted(found, key=lambda one: one[:2])
    ]


def _action(view: View, done: Step, taps: list[Tap]) -> str:
    """A step with what it tapped; one that taps more than once, or holds other steps, by its name alone."""
    tapped = printable(taps[0].label, 60) if len(taps) == 1 and done.verb in _TAPPING else ""
    return step_done(done.verb, done.label, tapped, view.lang)


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
    for what, group in groupby(view.trouble, key=lambda event: trouble(view, event)):
        times = [event.t for event in group]
        lines.append(f"{view.moment(times[0])} {what}" + (f" ×{len(times)}" if len(times) > 1 else ""))
    return [clean(line) for line in view.first(lines, _DEVIATIONS)]
