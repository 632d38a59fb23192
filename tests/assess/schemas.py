"""JSON Schemas (2020-12) of the JSON Lines that the package writes: events, findings, coverage.

Generated from the structs that write them, and from ``monitor/schemas/fields.yaml``, which says what each field means;
the files in ``monitor/schemas`` publish them for other programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from monitor.analysis.correlate.findings import GRADES, LEVELS, STATUSES, Finding
from monitor.base import yamlfile
from monitor.base.paths import package_data
from monitor.events import CERTAINTIES, HEALTH, OUTCOMES, PARTIES, Event
from monitor.text.reasons import Code, Coverage

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_LINES: Final = {
    "events": (Event, "One event, as `monitor events BUNDLE --json` writes it; the log has no inferred fields."),
    "findings": (Finding, "One finding: a line of findings.jsonl, as `monitor findings BUNDLE --json` writes it."),
    "coverage": (Coverage, "One line of coverage.jsonl, as `monitor coverage BUNDLE --json` writes it."),
}  # fmt: skip
#: Vocabularies of fields that are plain text in the structs.
_WORDS: Final[dict[str, dict[str, Iterable[str]]]] = {
    "ApiCall": {"outcome": OUTCOMES},
    "Match": {"certainty": CERTAINTIES},
    "Transmission": {"party": PARTIES, "decoded": ("yes", "partial", "no", "opaque")},
    "Health": {"what": HEALTH},
    "Step": {"state": ("started", "ok", "failed", "skipped")},
    "Finding": {"status": STATUSES, "grade": GRADES, "level": LEVELS},
    "Coverage": {
        "line": ("rule", "hook", "item", "consent", "note", "reference"),
    },
    "Reason": {"code": [str(code) for code in Code]},
}


def meanings() -> dict[str, str]:
    """What a field means, by its name or by ``Struct.field``."""
    return dict(yamlfile.load(package_data("schemas") / "fields.yaml"))


def schema(name: str) -> dict[str, Any]:
    """The schema of one line of ``events``, ``findings`` or ``coverage``. Raises ``KeyError``, also for a field that
    ``fields.yaml`` does not explain."""
    kind, title = _LINES[name]
    made = msgspec.json.schema(kind)
    for struct, fields in _WORDS.items():
        for field, words in fields.items():
            if struct in made["$defs"]:
                made["$defs"][struct]["properties"][field]["enum"] = sorted(words)
    meant = meanings()
    for struct, shape in made["$defs"].items():
        for field, value in shape["properties"].items():
            value["description"] = meant.get(f"{struct}.{field}") or meant[field]
    return {"$schema": DIALECT, "$id": f"urn:app-privacy-monitor:{name}", "title": title, **made}


def schemas() -> dict[str, str]:
    """File name to text of every schema."""
    return {f"{name}.schema.json": json.dumps(schema(name), indent=1, ensure_ascii=False) + "\n" for name in _LINES}
