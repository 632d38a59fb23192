"""One offline HTML file: no request leaves it, no script but our own runs in it, names in it are text and only text."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from monitor.reports._matrix import matrix
from monitor.reports._timeline import timeline
from monitor.reports._view import STATES, STATUSES, View, clean, clock, counts, subject

TITLE = "one offline page with timeline, chains of evidence and coverage"
SUFFIX = ".html"
_FILES = Path(__file__).parent / "page"
_MAX_PICTURE = 8 << 20


def render(view: View) -> bytes:
    """The page. Screenshots are in it only if the view has ``blobs``."""
    environment = Environment(
        loader=FileSystemLoader(_FILES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    style, script = ((_FILES / name).read_text("utf-8") for name in ("report.css", "report.js"))
    template = environment.get_template("report.html.j2")
    drawing = timeline(view)
    text = template.render(
        v=view,
        s=view.session,
        t=view.t,
        label=view.label,
        clock=clock,
        counts=counts(view),
        statuses=STATUSES,
        states=STATES,
        state_counts={state: sum(1 for row in view.rules if row["state"] == state) for state in STATES},
        groups=view.groups(),
        subject=lambda finding: subject(finding, view.lang),
        matrix=matrix(view),
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        data=Markup(in_script(drawing)),
        cut=drawing["cut"],
        pictures=_pictures(view),
        limits=[*(f"limit.{n}" for n in range(1, 10)), *(["limit.standin"] if view.session.device.standin else [])],
        duration=max(view.session.end - view.session.start, 0) // 1_000_000,
    )
    return text.encode("utf-8", "replace")


def _shown(value: object) -> object:
    """Every text that is put into the page, made inert before it is escaped."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def in_script(data: object) -> str:
    """JSON that cannot end the script element it stands in, nor start a comment there."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(style: str, script: str) -> str:
    """Content-Security-Policy: nothing but this style and this script, by digest, and pictures inside the page."""

    def digest(text: str) -> str:
        return base64.b64encode(sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src 'sha256-{digest(style)}'; script-src 'sha256-{digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _pictures(view: View) -> list[dict[str, str]]:
    """Screens with their picture as a data address where it may be shown and is a PNG or JPEG."""
    shown = []
    for event in view.snapshots:
        data = view.blobs(event.screenshot) if view.blobs and event.screenshot else None
        kind = ""
        if data and len(data) <= _MAX_PICTURE:
            kind = "png" if data.startswith(b"\x89PNG") else "jpeg" if data.startswith(b"\xff\xd8") else ""
        source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}" if data and kind else ""
        row = {"name": event.name, "time": clock(event.t), "seq": str(event.seq)}
        shown.append({**row, "source": source, "sha256": event.screenshot})
    return shown
