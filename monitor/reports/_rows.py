"""Findings and coverage lines as rows with names in the reader's language, joined with what their rules say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import yaml

from monitor.paths import package_data
from monitor.text import label, reasons

Row = dict[str, Any]
#: Details that the chain shows already.
_IN_CHAIN: Final = frozenset("api hook outcome host org party sent_to sent_to_host attribution".split())


def finding_row(data: Mapping[str, Any], lang: str) -> Row:
    """A finding's fields with the texts of its rule; what is missing is empty. Raises ``ValueError``, ``TypeError``."""
    rule = rules().get(str(data.get("rule", "")), {})
    zh = lang == "zh"
    row: Row = {
        key: str(data.get(key) or "")
        for key in ("rule", "status", "grade", "level", "app", "data_type", "sdk", "recipient", "permission", "id")
    }
    if not row["data_type"]:
        row["grade"] = ""  # a prompt or a window is not read
    for name in ("title", "description", "advice"):
        both = {**rule, **{key: value for key, value in data.items() if value}}
        row[name] = str((zh and both.get(f"{name}_zh")) or both.get(name) or (row["rule"] if name == "title" else ""))
    row["falsepositives"] = [str(item) for item in rule.get("falsepositives_zh" if zh else "falsepositives") or []]
    row["detail"] = {str(key): str(value) for key, value in dict(data.get("detail") or {}).items()}
    row["detail"] = {key: value for key, value in row["detail"].items() if key not in _IN_CHAIN}
    row["guards"] = [_guard(str(item), lang) for item in data.get("guards") or []]
    row["assumptions"] = [label("assumption", str(item), lang) for item in data.get("assumptions") or []]
    row["pattern"] = str(data.get("pattern") or "")
    row["first_seen"] = int(data.get("first_seen") or 0)
    row["events"] = [int(seq) for seq in data.get("events") or []]
    row["count"] = int(data.get("count") or len(row["events"]) or 1)
    row["fingerprint"] = str(data.get("fingerprint") or "")
    row["clauses"] = _led([_clause(item, lang) for item in data.get("clauses") or []])
    row["items"] = [int(item) for item in rule.get("items") or []]
    return row


def _guard(guard: str, lang: str) -> str:
    name, _, what = guard.partition(":")
    return f"{label('guard', name, lang)} {what}".strip()


def _led(clauses: list[Row]) -> list[Row]:
    """A law first, then an operational text, then the rest: what a finding must cite is seen without opening a list."""
    law = next((c for c in clauses if c["rank"] in "123"), None)
    operational = next((c for c in clauses if c["rank"] in "4567"), None)
    first = [c for c in (law, operational) if c]
    return first + [c for c in clauses if c not in first]


def _clause(item: object, lang: str) -> Row:
    data: Mapping[str, Any] = item if isinstance(item, Mapping) else {"ref": str(item)}
    rank, confidence = str(data.get("rank") or "unknown"), str(data.get("confidence") or "")
    return {
        "ref": str(data.get("ref") or ""),
        "pack": str(data.get("pack") or ""),
        "rank": rank,
        "rank_name": label("rank", rank, lang),
        "confidence": confidence,
        "confidence_name": label("confidence", confidence, lang),
    }


def coverage_row(data: Mapping[str, Any], lang: str) -> Row:
    """A coverage line with its words in the reader's language."""
    kind = str(data.get("line") or data.get("kind") or "rule")
    name, state, why = (str(data.get(key) or "") for key in ("id", "state", "why"))
    rule = rules().get(name, {}) if kind == "rule" else {}
    zh = lang == "zh"
    if zh and why and why == rule.get("limits"):
        why = str(rule.get("limits_zh") or why)
    limits = str(rule.get("limits_zh" if zh else "limits") or "") if state == "silent" else ""
    return {
        "kind": kind,
        "id": name,
        "title": str((zh and rule.get("title_zh")) or rule.get("title") or ""),
        "state": state,
        "state_name": label("coverage", state, lang),
        "why": "; ".join(filter(None, (reasons(why, lang), limits))),
        "items": [int(item) for item in rule.get("items") or []],
        "detail": {str(key): str(value) for key, value in dict(data.get("detail") or {}).items()},
        "events": [int(seq) for seq in data.get("events") or []],
    }


@cache
def rules() -> dict[str, Mapping[str, Any]]:
    """Rule files by id, as data: titles, advice and guideline items. The analysis validates them, reports only read."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(package_data("rules").glob("**/*.yaml")):
        try:
            data = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError:
            continue
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            found[data["id"]] = data
    return found
