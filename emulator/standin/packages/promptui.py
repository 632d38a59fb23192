"""Views of the permission dialog, as nodes."""

from __future__ import annotations

import itertools
from typing import Any

RID = "com.android.permissioncontroller:id/"
numbers = itertools.count(1)


def node(kind: str, rid: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": next(numbers), "class": f"android.widget.{kind}", "rid": RID + rid, "text": text, "desc": "", "hint": "",
        "clickable": False, "checkable": False, "checked": False, "enabled": True, "focusable": False,
        "scrollable": False, "password": False, "link": None, "orientation": "vertical", "children": [], **more,
    }  # fmt: skip


def button(rid: str, text: str) -> dict[str, Any]:
    return node("Button", rid, text, clickable=True, focusable=True)


def radio(rid: str, text: str, on: bool) -> dict[str, Any]:
    return node("RadioButton", rid, text, clickable=True, focusable=True, checkable=True, checked=on)


def group(rid: str, children: list[Any], kind: str = "LinearLayout", orientation: str = "vertical") -> dict[str, Any]:
    return node(kind, rid, children=children, orientation=orientation)
