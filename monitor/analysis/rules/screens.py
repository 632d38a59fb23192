"""What a window or snapshot says, as rules read it."""

from __future__ import annotations

from typing import Any

from monitor.analysis.consent.prompts import system_prompt
from monitor.analysis.consent.screens import Screen, screen


def seen(e: Any) -> Screen:
    """What a window or snapshot says; a system permission prompt does not count as the app's text."""
    if system_prompt(getattr(e, "focus", "")):
        return screen("", (), (), ())
    return screen(getattr(e, "title", ""), e.texts, e.buttons, e.boxes, getattr(e, "links", ()))
