"""How a scenario names an element of the screen, and what elements say; never what a person typed into them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.base.yamlfile import Strict, matching
from monitor.events import CheckBox
from monitor.session.handset import Node

MAX_PATTERN: Final = 500
_TEXT_SEEN: Final = 300
_POINT = re.compile(r"(\d{1,5})(%?)\s*,\s*(\d{1,5})(%?)")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


Pattern = Annotated[str, AfterValidator(_pattern), Field(max_length=MAX_PATTERN)]


class Selector(Strict):
    """An element by text (regular expression matching all of it, case ignored), ID (the last part suffices), state or
    point.

    ``index`` picks among several, 0 = first in document order; without it, the first that can be tapped, as in Maestro:
    a dialog's title may say what its button says. ``point`` is ``x,y`` in pixels or per cent.
    """

    text: Pattern = ""
    id: Pattern = ""
    index: int = Field(0, ge=0, le=1000)
    point: Annotated[str, matching(f"({_POINT.pattern})?", "not a point such as 50%,50% or 540,960")] = ""
    enabled: bool | None = None
    checked: bool | None = None
    selected: bool | None = None

    @model_validator(mode="after")
    def _something(self) -> Selector:
        if not (self.text or self.id or self.point):
            raise ValueError("needs text, id or point")
        return self

    def title(self) -> str:
        """Short name for progress and steps."""
        return self.text or self.id or self.point

    def matches(self, node: Node) -> bool:
        """Whether a node is visible and meant."""
        left, top, right, bottom = node.bounds
        if right <= left or bottom <= top:
            return False
        texts = [plain(text) for text in (node.text, node.desc) if text]
        if self.text and not any(re.fullmatch(self.text, text, re.I | re.S) for text in texts):
            return False
        if self.id and not any(re.fullmatch(self.id, name, re.I) for name in (node.rid, node.rid.rpartition("/")[2])):
            return False
        states = ("enabled", "checked", "selected")
        return all(getattr(self, state) in (None, getattr(node, state)) for state in states)

    def find(self, nodes: Sequence[Node]) -> Node | None:
        """The node meant, or ``None``."""
        found = list(filter(self.matches, nodes))
        if "index" in self.model_fields_set:
            return found[self.index] if self.index < len(found) else None
        return next((node for node in found if node.clickable or node.checkable), found[0] if found else None)


Where = Annotated[Selector, BeforeValidator(lambda value: {"text": value} if isinstance(value, str) else value)]
"""An element; a bare text is a text pattern."""


def plain(text: str) -> str:
    """Text as patterns see it: truncated, trimmed, typographic apostrophes replaced by typed ones."""
    return text[:_TEXT_SEEN].replace("’", "'").strip()


def point(text: str, size: tuple[int, int]) -> tuple[int, int]:
    """``50%,50%`` or ``540,960`` in pixels of a screen of ``size``."""
    if not (match := _POINT.fullmatch(text)):
        raise ValueError(text)
    axes = (match[1], match[2], size[0]), (match[3], match[4], size[1])
    x, y = (min(int(n) * whole // 100 if per_cent else int(n), whole - 1) for n, per_cent, whole in axes)
    return x, y


def control_at(nodes: Sequence[Node], x: int, y: int) -> Node | None:
    """The control under a point: of those that can be tapped or typed into, the one drawn last."""
    for node in reversed(nodes):
        left, top, right, bottom = node.bounds
        control = node.clickable or node.checkable or node.cls.endswith("EditText")
        if control and left <= x < right and top <= y < bottom:
            return node
    return None


def screen_size(nodes: Sequence[Node]) -> tuple[int, int]:
    """Width and height that the nodes cover."""
    width = max((node.bounds[2] for node in nodes), default=0)
    height = max((node.bounds[3] for node in nodes), default=0)
    return (width, height) if width and height else (1080, 1920)


MAX_TEXTS: Final = 200
MAX_TEXT: Final = 500


def label_of(node: Node) -> str:
    """The text on an element; never what a person typed into one."""
    if node.takes_text:
        return node.rid.rpartition("/")[2] or "input field"
    return (node.text or node.desc or node.rid.rpartition("/")[2] or node.cls.rpartition(".")[2]).strip()


def named(node: Node) -> tuple[str, str]:
    """View and new position of an element (``on``, ``off``, or empty if it has none), as in the event of a tap."""
    view = node.cls if node.takes_text else node.rid or node.cls
    return view, "" if not node.checkable else "off" if node.checked else "on"


def describe(
    nodes: Sequence[Node], longest: int = MAX_TEXT
) -> tuple[list[str], list[str], list[CheckBox], dict[str, list[int]]]:
    """Texts, buttons, check boxes and button sizes of a screen without typed text; each text at most ``longest``."""
    texts: list[str] = []
    buttons: list[str] = []
    boxes: list[CheckBox] = []
    sizes: dict[str, list[int]] = {}
    for node in nodes:
        text = (node.text or node.desc).strip()[:longest]
        if not text or node.takes_text:
            continue
        if node.checkable:
            boxes.append(CheckBox(label=text, checked=node.checked))
        elif node.clickable or node.cls.endswith("Button"):
            buttons.append(text)
            sizes.setdefault(text, list(node.bounds))
        texts.append(text)
    return texts[:MAX_TEXTS], buttons[:MAX_TEXTS], boxes[:MAX_TEXTS], dict(list(sizes.items())[:MAX_TEXTS])
