"""Findings as an analysis produces them."""

from __future__ import annotations

from typing import Any

from monitor.analysis.correlate.findings import Finding


def finding(**other: Any) -> Finding:
    """A finding with evidence, with other values where given."""
    values: dict[str, Any] = {
        "rule": "COL-01", "pattern": "main", "status": "evidenced", "grade": "access", "level": "high",
        "app": "com.example.shop", "data_type": "imei", "sdk": "app", "recipient": "", "permission": "",
        "first_seen": 1, "last_seen": 1, "events": [1], "count": 1, "fingerprint": "ab" * 8, "title": "Title",
        "title_zh": "标题", "clauses": [], "detail": {}, "guards": [], "assumptions": [], "advice": "", "advice_zh": "",
    }  # fmt: skip
    return Finding(**{**values, **other})
