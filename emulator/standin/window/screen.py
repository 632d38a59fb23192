"""What is on the screen: activities of the back stack, windows and their views."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from emulator.standin.packages.intents import Intent

Node = dict[str, Any]
"""A view as PROTOCOL.md describes it."""


def node(ident: int, kind: str, rid: str = "", text: str = "", **more: Any) -> Node:
    """A widget of the system's own; ``more`` is what differs from a plain one."""
    return {
        "id": ident, "class": f"android.widget.{kind}", "rid": rid, "text": text, "desc": "", "hint": "",
        "clickable": False, "checkable": False, "checked": False, "enabled": True, "focusable": False,
        "scrollable": False, "password": False, "link": None, "orientation": "vertical", "children": [], **more,
    }  # fmt: skip


@dataclass
class ActivityRecord:
    """One activity on the back stack (last in `DeviceState.activities` is on top)."""

    token: str
    component: str
    package: str
    uid: int
    task: int
    pid: int = 0
    state: str = "created"
    intent: Intent = field(default_factory=Intent)
    ident: str = field(default_factory=lambda: secrets.token_hex(4)[:7])
    process: str = ""


@dataclass
class Window:
    """One window on the screen; the last in `DeviceState.windows` is on top. ``window``+``pid`` name it to the app;
    pid 0 is the system's own (permission prompt). ``root`` is a node tree; layout keeps its results elsewhere."""

    window: int
    pid: int
    package: str
    kind: str = "activity"
    title: str = ""
    token: str = ""
    component: str = ""
    uid: int = 1000
    root: Node = field(default_factory=dict)
    visible: bool = True
    scroll: int = 0
    focus: int | None = None
    asked_focus: int | None = None
    """The field that the app itself last gave the focus to; a tap moves it on."""
    """Node id of the focused input field."""
    ident: str = field(default_factory=lambda: secrets.token_hex(4)[:7])

    @property
    def display_title(self) -> str:
        """What dumpsys prints: ``pkg/full.Class`` of the activity, else the title."""
        return self.component or self.title or self.package


def keyguard(title: str) -> Window:
    """The lock screen: a window of the system over all others, with nothing to tap."""
    label = node(1, "TextView", "com.android.systemui:id/keyguard_indication_text", "Swipe up to unlock")
    root = node(2, "FrameLayout", children=[label])
    return Window(0, 0, "com.android.systemui", "dialog", title=title, uid=10051, root=root)
