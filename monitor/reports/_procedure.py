"""The steps of a session as a table: in the order in which they began, equal ones in a row once."""

from typing import Final

from monitor.base.errors import printable
from monitor.events import Step, Tap
from monitor.reports._blocks import Table, Text
from monitor.reports._inert import clean
from monitor.reports._view import View
from monitor.reports._words import step_why
from monitor.text import step_done

_TAPPING: Final = frozenset({"tapOn", "longPressOn", "consent", "permission", "withdraw", "toggle"})


def steps(view: View) -> Table | Text:
    """What was done, numbered in its order, when, and the result; a step that holds others precedes them. What a script
    repeats is done, and numbered, as often."""
    rows: list[list[str]] = []
    times: list[int] = []
    for begun, action, done in steps_begun(view):
        row = [str(done.index), action, view.label("step_state", done.state), clean(step_why(view, done))]
        if rows and rows[-1][:1] + rows[-1][2:] == [row[0], clean(row[1]), *row[2:]]:
            times[-1] += 1
            continue
        rows.append([row[0], view.clock(begun), clean(row[1]), *row[2:]])
        times.append(1)
    if not rows:
        return Text(view.t("report.none"))
    headings = [view.t(key) for key in ("inspection.step", "report.begun", "inspection.action", "inspection.result")]
    headings[1] = view.aside(headings[1], view.zone)
    cells = [
        [str(number), time, f"{action} ×{count}" if count > 1 else action, view.aside(state, detail)]
        for number, ((_, time, action, state, detail), count) in enumerate(zip(rows, times, strict=True), 1)
    ]
    return Table(headings, cells, (2, 4, 12, 5))


def steps_begun(view: View) -> list[tuple[int, str, Step]]:
    """Each step that ended, with the time at which it began and what was done, in that order."""
    open_: dict[int, list[int]] = {}
    found: list[tuple[int, int, Step]] = []
    for event in view.events.of(Step):
        if event.state == "started":
            open_.setdefault(event.index, []).append(event.seq)
            continue
        waiting = open_.get(event.index)
        found.append((waiting.pop() if waiting else event.seq, event.index, event))
    taps = [event for event in view.events.of(Tap) if event.via == "runner"]
    return [
        (_time(view, seq, done), _action(view, done, [tap for tap in taps if seq < tap.seq < done.seq]), done)
        for seq, _, done in sorted(found, key=lambda one: one[:2])
    ]


def _action(view: View, done: Step, taps: list[Tap]) -> str:
    """A step with what it tapped; one that taps more than once, or holds other steps, by its name alone."""
    tapped = printable(taps[0].label, 60) if len(taps) == 1 and done.verb in _TAPPING else ""
    return step_done(done.verb, done.label, tapped, view.lang)


def _time(view: View, seq: int, done: Step) -> int:
    begun = view.by_seq.get(seq)
    return begun.t if begun else done.t
