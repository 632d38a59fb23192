"""Markdown for a merge request or a job's summary: conclusion, problems, findings, what was not tested."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from monitor.analysis.explain.about import broken_off
from monitor.reports import _rows, _text, _view
from monitor.reports._problems import SHOWN, conclusion, problems, unlisted
from monitor.reports._words import about, limits, unseen_hooks

TITLE = "Markdown for merge requests"
_SHOWN = 50
_LONG = 3_000
_STATE: Final = ("status", "level", "grade")
_ACTIVE = frozenset("\\|*_`[]<>&#!~$")


def render(view: _view.View) -> bytes:
    """A heading, a table of findings, what could not be observed, and the limitations."""
    app, t = view.session.app, view.t
    lines = [f"# {cell(view.pair(t('report.title'), f'{app.package} {app.version}'))}".rstrip(), "", *_front(view), ""]
    summary = t("cli.findings", n=len(view.findings), **view.counts())
    new = [finding for finding in view.findings if finding.fingerprint not in view.accepted]
    lines += _folded(summary, _findings(view, new)) if new else [summary]
    if old := [finding for finding in view.findings if finding.fingerprint in view.accepted]:
        lines += ["", f"## {cell(t('report.accepted'))}", ""]
        lines += [f"- {cell(view.pair(about(view, f) or f.title, view.accepted[f.fingerprint]))}" for f in old[:_SHOWN]]
    # What could not be observed: rules, hooks by reason, and what the tool never sees.
    lines += ["", f"## {cell(t('report.not_observable'))}", ""]
    if rules := [f"- {cell(view.pair(f'{row.id} {row.state_name}', row.why))}" for row in view.open_rules()]:
        shown = view.listed(f"{view.label('verdict', verdict)} {n}" for verdict, n in view.verdicts().items())
        lines += [*_folded(shown, rules), ""]
    counted, reasons = unseen_hooks(view)
    if counted:
        lines += [f"- {cell(counted)}", *(f"  - {cell(reason)}" for reason in reasons)]
    lines += [f"- {cell(t('limit.2'))}", "", f"## {cell(t('report.limits'))}", ""]
    lines += [f"{number}. {cell(text, _LONG)}" for number, text in enumerate(limits(view), 1)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _folded(said: str, lines: list[str]) -> list[str]:
    """Lines that a reader unfolds: HTML that the hosts of merge requests know, its text ours or escaped."""
    return [f"<details><summary>{escape(said)}</summary>", "", *lines, "", "</details>"]


def _front(view: _view.View) -> list[str]:
    """What page one of the other reports says: how the session ended, the conclusion, the problems with their law."""
    found, lines = problems(view), []
    if early := broken_off(view.session, view.lang):
        how, cause, note = map(cell, early)
        lines += [f"**{how}** {cause} {note}", ""]
    heading = cell(view.pair(view.t("report.conclusion"), "").rstrip())
    lines += [f"**{heading}** {cell(conclusion(view, found), _LONG)}"]
    if found and not view.accepted:  # with a baseline, what counts is the table of what is new
        lines += [""]
        for number, row in enumerate(found[:SHOWN], 1):
            parts = [view.label("level", row.level), view.label("status", row.status), row.against]
            parts += [view.parts(clause.name for clause in row.clauses)]
            lines += [f"{number}. **{cell(row.what)}** {cell(' · '.join(part for part in parts if part))}"]
        if more := unlisted(view, found):
            lines += ["", cell(more)]
    return lines


def _findings(view: _view.View, findings: list[_rows.FindingRow]) -> list[str]:
    headings = [*(view.t(f"cli.diff.{key}") for key in ("rule", "about", "state")), view.t("explain.advice")]
    rows = (
        [f"{f.rule} {f.title}", about(view, f) or f.title, " · ".join(view.words(f, *_STATE)), f.advice]
        for f in findings[:_SHOWN]
    )
    lines = table(headings, rows, _LONG)
    if len(findings) > _SHOWN:
        more = view.t("report.more_findings", n=len(findings) - _SHOWN)
        lines += ["", f"{cell(more)} `monitor findings BUNDLE`"]
    return lines


def table(headings: Sequence[str], rows: Iterable[Iterable[str]], most: int = 300) -> list[str]:
    """A table by its lines; the cells of its rows are escaped. ``most``: characters of the last one."""
    lines = [headings, ["---"] * len(headings), *([*map(cell, row), cell(last, most)] for *row, last in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def cell(text: str, most: int = 300) -> str:
    """Text that cannot leave its place or become markup, of at most so many characters: what is cut off ends in …."""
    shown = _text.clean(text)
    shown = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    return "".join(f"\\{c}" if c in _ACTIVE else c for c in shown)
