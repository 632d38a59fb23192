"""Keyboards: `ime`. The device has its own one, and one for tests that takes text as a broadcast, off by default."""

import base64
import binascii

from emulator.standin.packages.intents import Intent
from emulator.standin.shell.context import Context

from .input import type_text

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


COMMANDS = {"ime": ime}
