"""What a window or snapshot says, as rules read it."""

from monitor.analysis.consent.screen import Screen
from monitor.analysis.consent.screens import screen
from monitor.events import UiSnapshot, Window
from monitor.prompts import system_prompt


def seen(e: Window | UiSnapshot, layer: str = "") -> Screen:
    """What a window or snapshot says; a system permission prompt does not count as the app's text. ``layer``: of what
    a window is known to be the second layer."""
    if isinstance(e, Window):
        return screen(e.title, e.texts, e.buttons, e.boxes, e.links, layer)
    return screen("", (), (), ()) if system_prompt(e.focus, e.app) else screen("", e.texts, e.buttons, e.boxes, ())
