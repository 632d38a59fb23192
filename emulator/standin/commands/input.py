"""Input and screen: input, uiautomator, screencap, wm."""

import asyncio
import base64
import binascii
import re

from emulator.standin.packages.intents import Intent
from emulator.standin.shell.context import Context
from emulator.standin.window.draw import png
from emulator.standin.window.layout import find_node, hierarchy_xml, hit, is_input, overflow, place, window_rect
from emulator.standin.window.screen import Window

from .common import Usage

KEYS = {3: "HOME", 4: "BACK", 24: "VOLUME_UP", 25: "VOLUME_DOWN", 26: "POWER", 66: "ENTER", 67: "DEL", 82: "MENU"}
_MAX_TEXT = 10_000
#: Milliseconds after which a touch is a long press.
LONG_PRESS = 400


async def input_(ctx: Context, args: list[str]) -> int:
    verb, values = (args[0], args[1:]) if args else ("", [])
    await ctx.state.app.rest()
    if verb == "tap" and len(values) == 2 and all(_number(v) for v in values):
        await tap(ctx, int(values[0]), int(values[1]))
    elif verb == "swipe" and len(values) in (4, 5) and all(_number(v) for v in values):
        await _swipe(ctx, [int(v) for v in values[:4]], int(values[4]) if len(values) == 5 else 0)
    elif verb == "text" and values and not values[0].isascii():
        return await ctx.complain("java.lang.NullPointerException: Attempt to get length of null array", 255)
    elif verb == "text" and values:
        await type_text(ctx, values[0].replace("%s", " "))
    elif verb == "keyevent" and values:
        for name in values:
            await _key(ctx, name)
    else:
        return await ctx.complain(
            f"Error: Unknown command: {verb}" if verb else "Usage: input [<source>] <command> [<arg>...]", 255
        )
    return 0


def _number(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,6}", text) is not None


async def tap(ctx: Context, x: int, y: int, held: bool = False) -> None:
    """Delivers a tap, or a long press, to the top window there; a dialog takes those outside itself too, and drops
    them."""
    window = ctx.state.focused_window()
    placed = place(window, ctx.state.screen) if window else None
    if window is None or placed is None:
        return
    left, top, right, bottom = window_rect(window, ctx.state.screen)
    if not (left <= x < right and top <= y < bottom):
        return
    node = hit(placed, x, y, held)
    if node is None:
        return
    if is_input(node):
        window.focus = node.get("id")
        if not node.get("clickable"):
            return
    await ctx.state.app.click(window, node, held)


async def _swipe(ctx: Context, at: list[int], ms: int) -> None:
    x1, y1, x2, y2 = at
    if abs(x1 - x2) < 10 and abs(y1 - y2) < 10:
        await tap(ctx, x1, y1, ms >= LONG_PRESS)
        return
    window = ctx.state.focused_window()
    if window:
        window.scroll = max(0, min(overflow(window, ctx.state.screen), window.scroll + y1 - y2))


def _field(window: Window | None) -> dict[str, object] | None:
    return find_node(window.root, window.focus) if window else None


async def type_text(ctx: Context, text: str) -> None:
    window = ctx.state.focused_window()
    node = _field(window)
    if window is None or node is None:
        return
    node["text"] = (str(node.get("text") or "") + text)[:_MAX_TEXT]
    await ctx.state.app.text(window, node, str(node["text"]))


async def _key(ctx: Context, name: str) -> None:
    key = KEYS.get(int(name), f"KEYCODE_{name}") if name.isdigit() else name.upper().removeprefix("KEYCODE_")
    window = ctx.state.focused_window()
    node = _field(window)
    if key == "DEL" and window is not None and node is not None:
        node["text"] = str(node.get("text") or "")[:-1]
        await ctx.state.app.text(window, node, str(node["text"]))
        return
    await ctx.state.app.key(key)


async def uiautomator(ctx: Context, args: list[str]) -> int:
    if args[:1] != ["dump"]:
        return await ctx.complain("Usage: uiautomator <subcommand> [options]")
    path = next((a for a in args[1:] if not a.startswith("-")), "/sdcard/window_dump.xml")
    if ctx.state.traits.restless and ctx.state.animated():
        return await ctx.say("ERROR: could not get idle state.")
    await ctx.state.app.rest()
    text = hierarchy_xml(ctx.state)
    if text is None:
        return await ctx.say("ERROR: null root node returned by UiTestAutomationBridge.")
    ctx.state.fs.write(path, text.encode("utf-8", "replace"), ctx.cwd)
    return await ctx.say(f"UI hierchary dumped to: {path}")


async def screencap(ctx: Context, args: list[str]) -> int:
    paths = [a for i, a in enumerate(args) if not a.startswith("-") and (i == 0 or args[i - 1] != "-d")]
    picture = await asyncio.to_thread(png, ctx.state)
    if paths:
        ctx.state.fs.write(paths[0], picture, ctx.cwd)
        return 0
    if "-p" not in args:
        raise Usage("only PNG (-p) is supported")
    await ctx.out.write(picture)
    return 0


async def wm(ctx: Context, args: list[str]) -> int:
    if args == ["dismiss-keyguard"]:
        if ctx.state.lock == "swipe":
            ctx.state.keyguard = None
        return 0
    return await ctx.complain(f"Unknown command: {' '.join(args[:1])}", 255)


OWN, OVER_ADB = "com.android.inputmethod.latin/.LatinIME", "com.android.adbkeyboard/.AdbIME"
_DEFAULT, _ENABLED = "default_input_method", "enabled_input_methods"


def _enabled(ctx: Context) -> list[str]:
    return [name for name in ctx.state.settings["secure"].get(_ENABLED, OWN).split(":") if name]


async def ime(ctx: Context, args: list[str]) -> int:
    verb, rest = (args[0], args[1:]) if args else ("", [])
    names = [a for a in rest if not a.startswith("-")]
    secure = ctx.state.settings["secure"]
    if verb == "list":
        for name in (OWN, OVER_ADB) if "-a" in rest else _enabled(ctx):
            await ctx.say(name if "-s" in rest else f"mId={name}:")
        return 0
    if verb not in ("enable", "disable", "set") or len(names) != 1:
        return await ctx.complain(f"Unknown command: {verb}" if verb else "ime <command>", 255)
    (name,) = names
    if name not in (OWN, OVER_ADB):
        return await ctx.say(
            f"Unknown input method {name} cannot be {'selected' if verb == 'set' else verb + 'd'} for user #0", 255
        )
    if verb == "set" and name not in _enabled(ctx):
        return await ctx.say(f"Unknown input method {name} cannot be selected for user #0", 255)
    if verb == "set":
        secure[_DEFAULT] = name
        return await ctx.say(f"Input method {name} selected for user #0")
    kept = [other for other in _enabled(ctx) if other != name]
    secure[_ENABLED] = ":".join([*kept, name] if verb == "enable" else kept)
    return await ctx.say(f"Input method {name}: now {verb}d for user #0")


async def received(ctx: Context, intent: Intent) -> None:
    """What the keyboard for tests does with a broadcast while it is in use."""
    if intent.action != "ADB_INPUT_B64" or ctx.state.settings["secure"].get(_DEFAULT) != OVER_ADB:
        return
    try:
        text = base64.b64decode(str(intent.extras.get("msg", "")), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return
    await type_text(ctx, text)


COMMANDS = {"input": input_, "uiautomator": uiautomator, "screencap": screencap, "wm": wm, "ime": ime}
