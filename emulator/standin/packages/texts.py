"""The permission dialog: what it says, in English and Chinese, and its views as nodes."""

import itertools
from pathlib import Path
from typing import Any

from emulator.standin.state.file import table
from emulator.standin.window.screen import Node, node

_TEXTS: dict[str, Any] = table(Path(__file__).parent / "dialog.yaml")


def prompt_texts(locale: str, group: str, app: str) -> dict[str, str]:
    """By name, for a locale such as ``zh-CN``; the question is about a permission group."""
    texts = _TEXTS["zh" if locale.lower().startswith("zh") else "en"]
    name = group.rpartition("permission-group.")[2]
    return {**texts, "question": texts["question"].format(app=app, what=texts["groups"].get(name, name))}


RID = "com.android.permissioncontroller:id/"
numbers = itertools.count(1)


def view(kind: str, rid: str, text: str = "", **more: Any) -> Node:
    return node(next(numbers), kind, RID + rid, text, **more)


def button(rid: str, text: str) -> Node:
    return view("Button", rid, text, clickable=True, focusable=True)


def radio(rid: str, text: str, on: bool) -> Node:
    return view("RadioButton", rid, text, clickable=True, focusable=True, checkable=True, checked=on)


def box(rid: str, children: list[Node], kind: str = "LinearLayout", orientation: str = "vertical") -> Node:
    return view(kind, rid, children=children, orientation=orientation)
