"""One offline HTML file: it makes no request, runs no script but our own, and shows names as plain text only."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain.about import broken_off
from monitor.events import Transmission
from monitor.reports._page import flows, panel, timeline
from monitor.reports._problems import SHOWN, conclusion, problems
from monitor.reports._results import groups, matrix
from monitor.reports._rows import STATUSES, CoverageRow, FindingRow, heading, subject, unique
from monitor.reports._story import against, near, pictures, story
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.reports._words import (
    detail,
    device,
    frequency,
    happened,
    limits,
    setting,
    standin,
    step_why,
    steps_begun,
    tools,
    trouble,
    unseen_hooks,
)

TITLE = "one offline page with timeline, chains of evidence and coverage"
_FILES = Path(__file__).parent / "page"
_CONTENTS = (
    ("summary", "report.contents.summary"), ("problems", "report.problems"), ("timeline-h", "report.timeline"),
    ("findings", "report.findings"), ("recipients", "report.recipients"), ("flows", "report.flows"),
    ("untested", "report.not_observable"),
    ("coverage", "report.contents.coverage"), ("items", "report.contents.items"), ("steps", "report.steps"),
    ("limits", "report.limits"), ("evidence", "report.bundle"),
)  # fmt: skip
#: Filters of the findings: name on the page, and the field of a finding whose values it offers.
_FILTERS = {"status": "status", "level": "level", "sdk": "sdk", "data": "data_type", "rule": "rule"}
#: What the template calls.
_FUNCTIONS = (against, story, heading, frequency, happened, near, trouble, step_why, setting, detail)


def render(view: View) -> bytes:
    """The page. Screenshots are in it only if the view has ``blobs``."""
    style, script = ((_FILES / name).read_text("utf-8") for name in ("report.css", "report.js"))
    head = _in_style(f"{view.t('report.title')} · {view.session.app.package}")
    style += "@page{@top-left{font-size:9pt;content:" + head + "}}"
    drawing, items, found = timeline(view), matrix(view), problems(view)
    text = page_template(_FILES / "report.html.j2", finalize=_shown).render(
        {function.__name__: function for function in _FUNCTIONS},
        v=view,
        s=view.session,
        t=view.t,
        label=view.label,
        clock=view.clock,
        counts=view.counts(),
        statuses=STATUSES,
        verdicts=view.verdicts(),
        groups=[_group(view, found) for found in groups(view).values()],
        matrix=items,
        problems=found,
        shown=SHOWN,
        conclusion=conclusion(view, found),
        broken=broken_off(view.session, view.lang),
        untested=_untested(view),
        contents=[pair for pair in _CONTENTS if {"problems": found, "items": items}.get(pair[0], True)],
        filters=_filters(view),
        style=Markup(style),
        script=Markup(script),
        policy=page_policy(style, script, "img-src data:"),
        data=Markup(in_script(drawing)),
        cut=drawing["cut"],
        flows=flows(view),
        total_flows=view.events.number(Transmission),
        panel=Markup(in_script(panel(view))),
        pictures=pictures(view),
        limits=limits(view),
        unseen_hooks=unseen_hooks(view),
        steps=steps_begun(view),
        tools=tools(view),
        standin=standin(view),
        device=device(view),
        duration=max(view.session.end - view.session.start, 0) // 1_000_000,
    )
    return text.encode("utf-8", "replace")


@cache
def page_template(file: Path, **more: Any) -> Template:
    """A page's template, compiled once per process: what is inserted is escaped."""
    environment = Environment(
        loader=FileSystemLoader(file.parent),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **more,
    )
    return environment.get_template(file.name)


def _group(view: View, findings: Sequence[FindingRow]) -> dict[str, Any]:
    """The findings of a rule, of which the first has the rule's texts; the clauses and names of all of them once."""
    cited = {clause.ref: clause for finding in findings for clause in finding.clauses}
    return {
        "first": findings[0],
        "findings": findings,
        "statuses": Counter(finding.status for finding in findings),
        "clauses": sorted(cited.values(), key=lambda clause: clause.draft),
        "what": unique(subject(finding, view.lang) for finding in findings),
        "sdks": unique(view.sdk(finding.sdk) for finding in findings if finding.sdk),
        "recipients": unique(view.org(finding.recipient) for finding in findings),
    }


def _untested(view: View) -> list[tuple[str, list[CoverageRow]]]:
    """Rules without a result in this session, by reason, the most frequent first."""
    by_reason: dict[str, list[CoverageRow]] = {}
    for row in view.covered("rule"):
        if row.verdict in (Verdict.NOT_EXERCISED, Verdict.NOT_OBSERVABLE):
            by_reason.setdefault(row.why, []).append(row)
    return sorted(by_reason.items(), key=lambda pair: -len(pair[1]))


def _filters(view: View) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, text key and options (value, text) of each filter of the findings."""
    filters = []
    own: dict[str, Callable[[str], str]] = {"sdk": view.sdk, "rule": str}
    for name, field in _FILTERS.items():
        word = own.get(field) or partial(view.label, field)
        options = [(value, word(value)) for value in unique(getattr(finding, field) for finding in view.findings)]
        filters.append((name, f"report.{field}", sorted(options, key=lambda pair: pair[1])))
    items = sorted({item for finding in view.findings for item in finding.items})
    return [*filters, ("item", "report.item", [(str(item), f"{item} {view.t(f'item.{item}')}") for item in items])]


def _shown(value: object) -> object:
    """Every text inserted into the page, made inert before it is escaped."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def in_script(data: object) -> str:
    """JSON that cannot close the script element that contains it, nor start a comment there."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _in_style(text: str) -> str:
    """A string for the style sheet, which no name in it can end."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in clean(text)) + '"'


def page_policy(style: str, script: str, *more: str) -> str:
    """Content-Security-Policy: only this style and this script, by digest, and what ``more`` directives allow."""
    digests = (base64.b64encode(sha256(text.encode()).digest()).decode() for text in (style, script))
    own = (f"{kind}-src 'sha256-{digest}'" for kind, digest in zip(("style", "script"), digests, strict=True))
    return "; ".join(("default-src 'none'", *own, *more, "base-uri 'none'", "form-action 'none'"))
