"""The steps of a session as a table: in the order in which they began, equal ones in a row once."""

from __future__ import annotations

from monitor.events import Step
from monitor.reports._blocks import Table, Text
from monitor.reports._view import View, clean
from monitor.reports._words import step


def steps(view: View) -> Table | Text:
    """Number in the script, what was done, when, and the result; a step that holds others precedes them."""
    rows: list[list[str]] = []
    times: list[int] = []
    for begun, done in steps_begun(view):
        row = [str(done.index), step(view, done), view.label("step_state", done.state), clean(done.detail)]
        if rows and rows[-1][:1] + rows[-1][2:] == [row[0], clean(row[1]), *row[2:]]:
            times[-1] += 1
            continue
        rows.append([row[0], view.clock(begun), clean(row[1]), *row[2:]])
        times.append(1)
    if not rows:
        return Text(view.t("report.none"))
    headings = [view.t(key) for key in ("inspection.step", "report.begun", "inspection.action", "inspection.result")]
    cells = [
        [number, time, f"{action} ×{count}" if count > 1 else action, view.aside(state, detail)]
        for (number, time, action, state, detail), count in zip(rows, times, strict=True)
    ]
    return Table(headings, cells, (2, 4, 12, 5))


def steps_begun(view: View) -> list[tuple[int, Step]]:
    """Each step that ended, with the time at which it began, in that order."""
    open_: dict[int, list[int]] = {}
    found: list[tuple[int, int, Step]] = []
    for event in view.events:
        if not isinstance(event, Step):
            continue
        if event.state == "started":
            open_.setdefault(event.index, []).append(event.seq)
            continue
        waiting = open_.get(event.index)
        found.append((waiting.pop() if waiting else event.seq, event.index, event))
    return [(_time(view, seq, done), done) for seq, _, done in sorted(found, key=lambda one: one[:2])]


def _time(view: View, seq: int, done: Step) -> int:
    begun = view.by_seq.get(seq)
    return begun.t if begun else done.t
