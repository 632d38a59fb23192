"""A picture of the screen, drawn from the laid-out windows."""

import functools
import importlib.util
import io
import zlib
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from emulator.standin.state.device import DeviceState

from .layout import EM, LINE, MARGIN, STATUS_BAR, Placed, is_input, place, window_rect, wrap
from .screen import Window

_SYSTEM_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


@functools.cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font with Chinese glyphs: from the package, else the system's, else Pillow's own (Latin only)."""
    places: list[Path] = []
    spec = importlib.util.find_spec("manimgx_fonts_cjk")
    if spec and spec.origin:
        places += sorted(Path(spec.origin).parent.glob("*.ttc"))
    for path in [*places, *map(Path, _SYSTEM_FONTS)]:
        if path.exists():
            return ImageFont.truetype(str(path), size, index=2 if path.parent.name == "manimgx_fonts_cjk" else 0)
    return ImageFont.load_default(size)


def draw_screen(state: DeviceState) -> Image.Image:
    """The whole screen; dialogs lie over a dimmed activity."""
    image = Image.new("RGB", state.screen, "#dfe3e8")
    for window in _shown(state):
        if window.kind in ("dialog", "popup"):
            image = Image.blend(image, Image.new("RGB", image.size, "black"), 0.5)
        _window(image, window, state)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, state.screen[0], STATUS_BAR), fill="#2b2f36")
    pen.text((40, 16), _time(state), fill="white", font=font(40))
    return image


def png(state: DeviceState) -> bytes:
    """`draw_screen` as PNG. The last one is kept: screens are often photographed twice."""
    content = [(w.kind, w.title, w.token, w.scroll, w.focus, w.root) for w in _shown(state)]
    now = repr((state.screen, _time(state), content))
    if (kept := _kept.get(now)) is not None:
        return kept
    out = io.BytesIO()
    draw_screen(state).save(out, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    _kept.clear()
    return _kept.setdefault(now, out.getvalue())


_kept: dict[str, bytes] = {}


def _shown(state: DeviceState) -> list[Window]:
    """The last activity and what lies over it."""
    shown = [w for w in state.windows if w.visible]
    return shown[max((i for i, w in enumerate(shown) if w.kind == "activity"), default=0) :]


def _time(state: DeviceState) -> str:
    return state.clock.local().strftime("%H:%M")


def _window(image: Image.Image, window: Window, state: DeviceState) -> None:
    pen = ImageDraw.Draw(image)
    box = window_rect(window, state.screen)
    if window.kind == "activity":
        pen.rectangle((0, 0, *state.screen), fill="#f5f6f8")
    else:
        pen.rounded_rectangle((box[0] - 12, box[1] - 12, box[2] + 12, box[3] + 12), 28, fill="#ffffff")
    placed = place(window, state.screen)
    for item in placed.walk() if placed else ():
        _view(pen, item, window)


def _view(pen: ImageDraw.ImageDraw, item: Placed, window: Window) -> None:
    node = item.node
    left, top, right, bottom = item.bounds
    kind = str(node.get("class", "")).rsplit(".", 1)[-1]
    if right - left < 12 or bottom - top < 12:
        return
    text = str(node.get("text") or "")
    color = "#20242a"
    if kind.endswith("Button") and kind != "RadioButton":
        pen.rounded_rectangle((left + 8, top + 8, right - 8, bottom - 8), 20, fill="#1f6feb")
        color = "white"
    elif is_input(node):
        pen.rectangle(
            (left + 8, top + 8, right - 8, bottom - 8),
            outline="#1f6feb" if window.focus == node.get("id") else "#9aa4b2",
            width=3,
        )
        if not text:
            text, color = str(node.get("hint") or ""), "#9aa4b2"
        elif node.get("password"):
            text = "•" * len(text)
    elif kind == "ImageView":
        pen.rectangle((left + 8, top + 8, right - 8, bottom - 8), fill="#cfd6df")
        text = str(node.get("desc") or "")
    elif node.get("link"):
        color = "#1f6feb"
    x = left + MARGIN
    if node.get("checkable"):
        middle = (top + bottom) // 2
        pen.rectangle(
            (x, middle - 22, x + 44, middle + 22),
            outline="#20242a",
            width=4,
            fill="#1f6feb" if node.get("checked") else None,
        )
        x += 64
    y = top + 14
    for line in wrap(text, max(EM, right - x - MARGIN))[:80] if text else ():
        if y + LINE // 2 > bottom:
            break
        pen.text((x, y), line, fill=color, font=font(EM - 4))
        y += LINE
