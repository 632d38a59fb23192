"""Everything in one JSON document, for programs: session, findings, coverage, recipients, matrix, health."""

from typing import Any

import msgspec

from monitor.reports import _results, _rows, _text, _view, _words

TITLE = "one document for programs"


def render(view: _view.View) -> bytes:
    """UTF-8 JSON; times in microseconds since the epoch."""
    document = {
        "schema": 1,
        "language": view.lang,
        "session": view.session.model_dump(by_alias=True),
        "evidence": {"events": len(view.events), "root": view.root},
        "summary": view.counts(),
        "findings": msgspec.to_builtins(view.findings),
        "coverage": [_line(row) for row in view.coverage],
        "verdicts": view.verdicts(),
        "recipients": [
            {**vars(one), "sdks": sorted(one.sdks), "types": sorted(one.types)} for one in view.recipients()
        ],
        "guideline": [
            {
                "item": number,
                "title": row.title,
                "observability": row.observability,
                "not_observable": row.blind,
                "verdict": row.verdict,
                "rules": [rule.id for rule in row.rules],
            }
            for number, row in enumerate(_results.matrix(view), 1)
        ],
        "health": [
            {"t": event.t, "component": event.component, "what": event.what, "n": event.n, "detail": event.detail}
            for event in view.trouble
        ],
        "limits": [*(view.t(f"limit.{number}") for number in range(1, 10)), *_words.stated(view)],
    }
    return _text.json_document(document)


def _line(row: _rows.CoverageRow) -> dict[str, Any]:
    verdict = {"verdict": row.verdict} if row.verdict else {}
    return {"kind": row.kind, "id": row.id, "title": row.title, "state": row.state, **verdict, "why": row.why,
            "detail": row.detail, "events": row.events}  # fmt: skip
