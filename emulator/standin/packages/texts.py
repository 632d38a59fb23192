"""The permission dialog as a tree of views: which buttons it has, and what it says, in English and Chinese
(``dialog.yaml``)."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator.standin.state.file import table
from emulator.standin.window.screen import Node, node

_DATA: dict[str, Any] = table(Path(__file__).parent / "dialog.yaml")
ANSWERS: dict[str, int] = _DATA["answers"]
numbers = itertools.count(1)


@dataclass
class Look:
    """What a dialog depends on. ``group`` is without ``android.permission-group.``; ``again``: after a refusal;
    ``precise``: which of two radio buttons is on, None if there are none; ``ticked``: that it shall not ask again;
    ``page``: the radio button that is on, of a page of the settings, if one was chosen."""

    sdk: int
    locale: str
    app: str
    group: str
    again: bool
    precise: bool | None = None
    ticked: bool = False
    page: str = ""


def dialog(look: Look) -> Node:
    """The window's views."""
    texts = _DATA["zh" if look.locale.lower().startswith("zh") else "en"]
    if look.sdk <= 30:
        texts = {**texts, **texts["old"]}
    if look.group == "LOCATION/bg":
        texts = {**texts, **texts["bg"]}
    rid = f"com.android.{'packageinstaller' if look.sdk < 29 else 'permissioncontroller'}:id/"

    def view(kind: str, name: str, text: str = "", **more: Any) -> Node:
        return node(next(numbers), kind, rid + name, text, **more)

    def box(name: str, children: list[Node], kind: str = "LinearLayout", orientation: str = "vertical") -> Node:
        return view(kind, name, children=children, orientation=orientation)

    def radio(name: str, text: str, on: bool) -> Node:
        return view("RadioButton", name, text, clickable=True, focusable=True, checkable=True, checked=on)

    asks = texts["groups"].get(look.group.replace("/both", ""), look.group)
    nodes = [view("TextView", "permission_message", texts["question"].format(app=look.app, what=asks))]
    if look.group == "LOCATION/bg" and look.sdk >= 30:
        on = look.page or "allow_foreground_only_radio_button"
        names = [f"{name}_radio_button" for name in _DATA["page"]]
        nodes += [radio(rest, texts[name], rest == on) for rest, name in zip(names, _DATA["page"], strict=True)]
        return box("allow_radio_group", nodes, kind="RadioGroup")
    nodes.insert(0, view("ImageView", "permission_icon"))
    if look.precise is not None:
        accuracy = "permission_location_accuracy_radio_"
        choices = [
            radio(f"{accuracy}{name}", texts[name], look.precise == (name == "fine")) for name in ("fine", "coarse")
        ]
        nodes.append(box(f"{accuracy}group", choices, kind="RadioGroup", orientation="horizontal"))
    if look.sdk < 29 and look.again:
        ticked = {"checkable": True, "checked": look.ticked, "clickable": True, "focusable": True}
        nodes.append(view("CheckBox", "do_not_ask_checkbox", texts["box"], **ticked))
    levels: dict[int, dict[str, list[str]]] = _DATA["buttons"]
    kinds = levels[max(level for level in levels if level <= look.sdk)]
    for name in kinds.get(look.group, kinds["others"])[look.again].split():
        usable = not (look.ticked and name == "allow")
        nodes.append(
            view("Button", f"permission_{name}_button", texts[name], clickable=True, focusable=True, enabled=usable)
        )
    return box("grant_singleton", [box("grant_dialog", [box("content_container", nodes)])])
