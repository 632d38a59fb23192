"""What elements of a screen say; never what a person typed into them."""

from collections.abc import Sequence
from typing import Final

from monitor.events import CheckBox
from monitor.session.handset import Node

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
