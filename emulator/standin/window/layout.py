"""Where views are: stacks node trees into bounds, finds the view under a tap, writes uiautomator's XML."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from emulator.standin.state.device import DeviceState

from .screen import Node, Window

STATUS_BAR = 80
NAV_BAR = 130
MARGIN = 24
EM = 44
LINE = 62
DIALOG_WIDTH = 940
_LONGEST = 20_000
_MAX_NODES = 5_000
_MAX_DEPTH = 60
_SMALL = ("CheckBox", "RadioButton", "Switch", "SwitchCompat", "ToggleButton", "ImageButton")
_GROUPS = ("Layout", "ScrollView", "ListView", "RecyclerView", "ViewGroup", "WebView", "RadioGroup", "CardView")

Rect = tuple[int, int, int, int]


@dataclass
class Placed:
    """A node with its bounds (left, top, right, bottom), clipped to what is visible."""

    node: Node
    bounds: Rect
    children: list[Placed] = field(default_factory=list)

    def walk(self) -> Iterator[Placed]:
        yield self
        for child in self.children:
            yield from child.walk()


def text_width(text: str) -> int:
    """Rough width in pixels: wide characters one em, others a bit more than half."""
    return sum(EM if unicodedata.east_asian_width(c) in "WF" else int(EM * 0.56) for c in text)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` pixels; breaks anywhere, keeps given line breaks."""
    lines: list[str] = []
    for part in text.split("\n"):
        line, used = "", 0
        for char in part:
            size = text_width(char)
            if line and used + size > width:
                lines.append(line)
                line, used = "", 0
            line += char
            used += size
        lines.append(line)
    return lines


def _kids(node: Node) -> list[Node]:
    kids = node.get("children")
    return [k for k in kids if isinstance(k, dict) and k.get("visible", True)] if isinstance(kids, list) else []


def _given(node: Node, side: str) -> int:
    """The width or height that the app set; 0 = none."""
    size = node.get(side)
    return size if type(size) is int and 0 < size <= _LONGEST else 0


def _fit(node: Node, side: str, room: int) -> int:
    """The same as far as there is room for it; all of the room if none was set."""
    return min(_given(node, side) or room, room)


def _columns(node: Node, width: int) -> list[int]:
    """Widths of the children of a horizontal group."""
    kids = _kids(node)
    small = [120 if str(k.get("class", "")).endswith(_SMALL) and not k.get("text") else 0 for k in kids]
    fixed = [min(_given(k, "width"), width) or other for k, other in zip(kids, small, strict=True)]
    shares = max(1, fixed.count(0))
    rest = max(0, width - sum(fixed))
    return [f or rest // shares for f in fixed]


def measure(node: Node, width: int, depth: int = 0) -> int:
    """Natural height of a node at a width."""
    if depth > _MAX_DEPTH:
        return 0
    if height := _given(node, "height"):
        return height
    width = _fit(node, "width", width)
    kids = _kids(node)
    if kids and node.get("orientation") == "horizontal":
        return max(measure(k, w, depth + 1) for k, w in zip(kids, _columns(node, width), strict=True))
    if kids:
        return sum(measure(k, width, depth + 1) for k in kids)
    if str(node.get("class", "")).endswith(_GROUPS):
        return 0
    text = str(node.get("text") or node.get("hint") or "")
    kind = str(node.get("class", "")).rsplit(".", 1)[-1]
    height = len(wrap(text, max(EM, width - 2 * MARGIN))) * LINE + 28
    if kind in ("Button", "EditText") or node.get("clickable"):
        return max(height, 120)
    if kind == "ImageView":
        return 240
    return height if text else 40 if kind in ("View", "Space") else 90


def place(window: Window, screen: tuple[int, int]) -> Placed | None:
    """Bounds of every visible node of a window, None if it has no tree."""
    if not window.root:
        return None
    return _tree(window.root, window_rect(window, screen), window)


def window_rect(window: Window, screen: tuple[int, int]) -> Rect:
    """Where a window is: activities fill the screen, dialogs are centred, toasts sit low."""
    width, height = screen
    if window.kind == "activity":
        return 0, STATUS_BAR, width, height - NAV_BAR
    inner = min(DIALOG_WIDTH, width - 80)
    natural = min(measure(window.root, inner), int(height * 0.75)) if window.root else 200
    top = height - 420 - natural if window.kind == "toast" else (height - natural) // 2
    left = (width - inner) // 2
    return left, top, left + inner, top + natural


def overflow(window: Window, screen: tuple[int, int]) -> int:
    """How far the window can be scrolled, in pixels."""
    if not window.root:
        return 0
    left, top, right, bottom = window_rect(window, screen)
    return max(0, measure(window.root, right - left) - (bottom - top))


def _scroller(node: Node, depth: int = 0) -> bool:
    return depth < _MAX_DEPTH and (bool(node.get("scrollable")) or any(_scroller(k, depth + 1) for k in _kids(node)))


def _tree(root: Node, rect: Rect, window: Window) -> Placed:
    budget = [_MAX_NODES]
    scroll_root = not _scroller(root)

    def build(node: Node, at: Rect, clip: Rect, depth: int) -> Placed | None:
        budget[0] -= 1
        visible = _meet(at, clip)
        if budget[0] < 0 or depth > _MAX_DEPTH or visible is None:
            return None
        placed = Placed(node, visible)
        left, top, right, bottom = at
        kids = _kids(node)
        if not kids:
            return placed
        if node.get("orientation") == "horizontal":
            for kid, width in zip(kids, _columns(node, right - left), strict=True):
                low = top + _fit(kid, "height", bottom - top)
                child = build(kid, (left, top, left + width, low), visible, depth + 1)
                placed.children += [child] if child else []
                left += width
            return placed
        scrolls = bool(node.get("scrollable")) or (scroll_root and depth == 0)
        y = top - (window.scroll if scrolls else 0)
        for kid, height in zip(kids, _heights(kids, right - left, bottom - top, scrolls), strict=True):
            child = build(kid, (left, y, left + _fit(kid, "width", right - left), y + height), visible, depth + 1)
            placed.children += [child] if child else []
            y += height
        return placed

    return build(root, rect, rect, 0) or Placed(root, rect)


def _heights(kids: list[Node], width: int, room: int, scrolls: bool) -> list[int]:
    """Heights of stacked children; children that can scroll give way when there is too little room."""
    natural = [measure(k, width) for k in kids]
    soft = [i for i, k in enumerate(kids) if _scroller(k)]
    excess = sum(natural) - room
    if scrolls or not soft:
        return natural
    if excess > 0:
        for i in soft:
            natural[i] = max(160, natural[i] - excess // len(soft))
    return natural


def _meet(a: Rect, b: Rect) -> Rect | None:
    box = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return box if box[0] < box[2] and box[1] < box[3] else None


def hit(placed: Placed, x: int, y: int, held: bool = False) -> Node | None:
    """The view that takes a tap: the deepest one there, or its nearest clickable ancestor. ``held``: a long press."""
    taker: Node | None = None
    here: Placed | None = placed
    while here is not None:
        node = here.node
        takes = node.get("clickable") or node.get("checkable") or is_input(node) or (held and node.get("long"))
        if node.get("enabled", True) and takes:
            taker = node
        spot = (x, y, x + 1, y + 1)
        here = next((child for child in reversed(here.children) if _meet(child.bounds, spot)), None)
    return taker


def is_input(node: Node) -> bool:
    """Whether text can be typed into it."""
    return str(node.get("class", "")).endswith("EditText")


def find_node(root: Node, ident: int | None, depth: int = 0) -> Node | None:
    """The node with an id."""
    if ident is None or depth > _MAX_DEPTH:
        return None
    if root.get("id") == ident:
        return root
    return next((f for k in _kids(root) if (f := find_node(k, ident, depth + 1))), None)


_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def _xml(value: object) -> str:
    text = "".join(c if c in "\n\t\r" or c.isprintable() else "." for c in str(value if value is not None else ""))
    return "".join(_ESCAPES.get(c, c) for c in text)


def hierarchy_xml(state: DeviceState) -> str | None:
    """The active window as `uiautomator dump` writes it; None if there is none."""
    window = state.focused_window()
    placed = place(window, state.screen) if window else None
    if window is None or placed is None:
        return None
    out = ["<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">"]
    _write(placed, 0, window, out)
    return "".join(out) + "</hierarchy>"


def _write(placed: Placed, index: int, window: Window, out: list[str]) -> None:
    node = placed.node
    left, top, right, bottom = placed.bounds

    def flag(name: str, default: bool = False) -> str:
        return "true" if node.get(name, default) else "false"

    field_ = is_input(node)
    text = str(node.get("text") or "")
    shown = ("•" * len(text) if node.get("password") else text) or str(node.get("hint") or "")  # as TextView tells it
    out.append(
        f'<node index="{index}" text="{_xml(shown)}" resource-id="{_xml(node.get("rid"))}" '
        f'class="{_xml(node.get("class", "android.view.View"))}" package="{_xml(window.package)}" '
        f'content-desc="{_xml(node.get("desc"))}" checkable="{flag("checkable")}" checked="{flag("checked")}" '
        f'clickable="{flag("clickable")}" enabled="{flag("enabled", True)}" '
        f'focusable="{flag("focusable", bool(node.get("clickable")) or field_)}" '
        f'focused="{"true" if window.focus is not None and window.focus == node.get("id") else "false"}" '
        f'scrollable="{flag("scrollable")}" long-clickable="{flag("long")}" password="{flag("password")}" '
        f'selected="false" '
        f'bounds="[{left},{top}][{right},{bottom}]"'
    )
    if not placed.children:
        out.append(" />")
        return
    out.append(">")
    for number, child in enumerate(placed.children):
        _write(child, number, window, out)
    out.append("</node>")
