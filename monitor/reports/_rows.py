"""Findings and coverage lines as rows with names in the reader's language, joined with what their rules say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from monitor.law import Provision, item_of
from monitor.reasons import line_words
from monitor.text import label, listed, parts, scope_name

Row = dict[str, Any]
#: Rule files by id, as data.
Rules = Mapping[str, Mapping[str, Any]]
#: Details already shown in the chain of evidence.
_IN_CHAIN: Final = frozenset("api hook outcome host org party sent_to sent_to_host attribution".split())


def finding_row(data: Mapping[str, Any], lang: str, rules: Rules, provisions: Mapping[str, Provision]) -> Row:
    """A finding's fields with the texts of its rule; what is missing is empty. Raises ``ValueError``, ``TypeError``."""
    rule = rules.get(str(data.get("rule", "")), {})
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
    # That a person must decide is what the status says.
    row["guards"] = [_guard(str(item), lang) for item in data.get("guards") or [] if item != "needs_a_person"]
    row["assumptions"] = [label("assumption", str(item), lang) for item in data.get("assumptions") or []]
    row["pattern"] = str(data.get("pattern") or "")
    row["first_seen"] = int(data.get("first_seen") or 0)
    row["events"] = [int(seq) for seq in data.get("events") or []]
    row["count"] = int(data.get("count") or len(row["events"]) or 1)
    row["fingerprint"] = str(data.get("fingerprint") or "")
    row["clauses"] = _led([_clause(item, lang, provisions) for item in data.get("clauses") or []])
    row["raw"] = dict(data)
    row["items"] = sorted({item for clause in row["clauses"] if (item := item_of(clause["ref"]))})
    return row


def _guard(guard: str, lang: str) -> str:
    name, _, what = guard.partition(":")
    return f"{label('guard', name, lang)} {what}".strip()


def _led(clauses: list[Row]) -> list[Row]:
    """A law first, then an operational text, one in force if there is any, then the rest: the main citations are
    visible without expanding a list."""
    law = next((c for c in clauses if c["rank"] in "123"), None)
    operational = min((c for c in clauses if c["rank"] in "4567"), key=lambda c: bool(c["draft"]), default=None)
    first = [c for c in (law, operational) if c]
    return first + [c for c in clauses if c not in first]


def _clause(item: object, lang: str, provisions: Mapping[str, Provision]) -> Row:
    data: Mapping[str, Any] = item if isinstance(item, Mapping) else {"ref": str(item)}
    rank, confidence = str(data.get("rank") or "unknown"), str(data.get("confidence") or "")
    ref = str(data.get("ref") or "")
    known = provisions.get(ref)
    text = known.text.get(lang) if known else ""
    return {
        "ref": ref,
        "name": known.name(lang) if known else ref,
        "text": text,
        "summary": known.summary.get(lang) if known and not text else "",
        "practice": known.practice.get(lang) if known else "",
        "issuer": known.issuer.get(lang) if known else "",
        "number": known.number if known else "",
        "effective": known.effective if known else "",
        "source": known.source.where if known else "",
        "pack": str(data.get("pack") or ""),
        "rank": rank,
        "rank_name": label("rank", "draft" if known and known.draft else rank, lang),
        "draft": bool(known and known.draft),
        "confidence": confidence,
        "confidence_name": label("confidence", known.checked if known else confidence, lang),
    }


def _items(rule: Mapping[str, Any]) -> list[int]:
    """Items of the guideline that a rule file cites."""
    cited = [c["ref"] if isinstance(c, dict) else c for refs in (rule.get("clauses") or {}).values() for c in refs]
    return sorted({item for ref in cited if (item := item_of(str(ref)))})


def _said(key: str, value: str, lang: str) -> str:
    """The value of a note's detail; scopes and states of consent by their names."""
    if key in ("scope", "may_be_about"):
        return listed((scope_name(scope, lang) for scope in value.split(", ")), lang)
    return label("consent_state", value, lang) if key in ("stated", "observed") else value


def coverage_row(data: Mapping[str, Any], lang: str, rules: Rules) -> Row:
    """A coverage line worded in the reader's language."""
    kind = str(data.get("line") or data.get("kind") or "rule")
    name, state = (str(data.get(key) or "") for key in ("id", "state"))
    rule = rules.get(name, {}) if kind == "rule" else {}
    zh = lang == "zh"
    limited = state == "silent" or bool(rule.get("documentary"))
    limits = str(rule.get("limits_zh" if zh else "limits") or "") if limited else ""
    return {
        "kind": kind,
        "id": name,
        "title": str((zh and rule.get("title_zh")) or rule.get("title") or ""),
        "state": state,
        "state_name": label("hook_coverage" if kind == "hook" else "coverage", state, lang),
        "why": parts(filter(None, (line_words(data, lang), limits)), lang),
        "items": _items(rule),
        "detail": {
            str(key): _said(str(key), str(value), lang) for key, value in dict(data.get("detail") or {}).items()
        },
        "events": [int(seq) for seq in data.get("events") or []],
    }
