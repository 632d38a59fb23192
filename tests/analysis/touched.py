"""The runner's touches of a scenario: without them nothing shows that anyone tapped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def touches(raws: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runner's view of each tap that a hook tells of, where there are steps."""
    if not any(raw["kind"] == "step" for raw in raws):
        return []
    hooked = (raw for raw in raws if raw["kind"] == "tap" and raw.get("via", "hook") == "hook")
    return [{**raw, "via": "runner", "src": "runner", "window": 0} for raw in hooked]
