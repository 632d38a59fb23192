"""How a scenario names an element of the screen, and what elements say; never what a person typed into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, field_validator, model_validator

from monitor.base.yamlfile import Strict
from monitor.events import CheckBox
from monitor.session.handset import Node

MAX_PATTERN: Final = 500
_TEXT_SEEN: Final = 300
_POINT = re.compile(r"(\d{1,5})(%?)\s*,\s*(\d{1,5})(%?)")


class Selector(Strict):
    """An element by text (regular expression matching all of it, case ignored), ID (the last part suffices), state or
    point.

    ``index`` picks among several, 0 = first in document order; without it, the first that can be tapped, as in Maestro:
    a dialog's title may say what its button says. ``point`` is ``x,y`` in pixels or per cent.
    """

    text: str = Field("", max_length=MAX_PATTERN)
    id: str = Field("", max_length=MAX_PATTERN)
    index: int = Field(0, ge=0, le=1000)
    point: str = ""
    enabled: bool | None = None
    checked: bool | None = None
    selected: bool | None = None

    @field_validator("text", "id")
    @classmethod
    def _pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value

    @field_validator("point")
    @classmethod
    def _point(cls, value: str) -> str:
        if value and not _POINT.fullmatch(value):
            raise ValueError("not a point such as 50%,50% or 540,960")
        return value

    @model_validator(mode="after")
    def _something(self) -> Selector:
        if not (self.text or self.id or self.point):
            raise ValueError("needs text, id or point")
        return self

    def title(self) -> str:
        """Short name for progress and steps."""
        return self.text or self.id or self.point

    def matches(self, nodes: Sequence[Node]) -> Iterator[Node]:
        """Visible matching nodes, in document order."""
        text = re.compile(self.text, re.IGNORECASE | re.DOTALL) if self.text else None
        rid = re.compile(self.id, re.IGNORECASE) if self.id else None
        for node in nodes:
            left, top, right, bottom = node.bounds
            if right <= left or bottom <= top:
                continue
            if text and not any(text.fullmatch(plain(value)) for value in (node.text, node.desc) if value):
                continue
            if rid and not (rid.fullmatch(node.rid) or rid.fullmatch(node.rid.rpartition("/")[2])):
                continue
            wanted = ((self.enabled, node.enabled), (self.checked, node.checked), (self.selected, node.selected))
            if all(want is None or want == have for want, have in wanted):
                yield node

    def find(self, nodes: Sequence[Node]) -> Node | None:
        """The node meant, or ``None``."""
        found = list(self.matches(nodes))
        if "index" in self.model_fields_set:
            return found[self.index] if self.index < len(found) else None
        return next((node for node in found if node.clickable or node.checkable), found[0] if found else None)


def selector(value: Any) -> Any:
    """A bare text is a text pattern."""
    return {"text": value} if isinstance(value, str) else value


Where = Annotated[Selector, BeforeValidator(selector)]


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
