"""Everything in one JSON document, for programs: session, findings, coverage, recipients, matrix, health."""

from __future__ import annotations

import json

from monitor.output import inert_json
from monitor.reports._matrix import matrix
from monitor.reports._view import View, counts
from monitor.reports._words import stated

TITLE = "one document for programs"
SUFFIX = ".json"
_COVERAGE = ("kind", "id", "title", "state", "verdict", "why", "detail", "events")


def render(view: View) -> bytes:
    """UTF-8 JSON; times in microseconds since the epoch."""
    document = {
        "schema": 1,
        "language": view.lang,
        "session": view.session.model_dump(by_alias=True),
        "evidence": {"events": len(view.events), "root": view.root},
        "summary": counts(view),
        "findings": view.findings,
        "coverage": [{key: row[key] for key in _COVERAGE if row[key] or key != "verdict"} for row in view.coverage],
        "verdicts": view.verdicts(),
        "recipients": [
            {**row, "sdks": sorted(row["sdks"]), "types": sorted(row["types"])} for row in view.recipients()
        ],
        "guideline": [
            {
                "item": number,
                "title": row.title,
                "observability": row.observability,
                "not_observable": row.blind,
                "verdict": row.verdict,
                "rules": [rule["id"] for rule in row.rules],
            }
            for number, row in enumerate(matrix(view), 1)
        ],
        "health": [
            {"t": event.t, "component": event.component, "what": event.what, "n": event.n, "detail": event.detail}
            for event in view.trouble
        ],
        "limits": [*(view.t(f"limit.{number}") for number in range(1, 10)), *stated(view)],
    }
    return inert_json(json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")) + b"\n"
