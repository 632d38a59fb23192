"""What commands share: options as toybox has them, work on paths, users by number and by name."""

import re
from collections.abc import Callable

from emulator.standin.shell.context import Context

NAMES = {0: "root", 1000: "system", 1001: "radio", 1023: "media_rw", 2000: "shell", 3003: "inet", 9997: "everybody"}
IDS = {name: number for number, name in NAMES.items()}


class Usage(ValueError):
    """Bad arguments; the text says which. The shell says so, after the command's name; exit code 1 as toybox."""


def options(args: list[str], flags: str, valued: str = "") -> tuple[dict[str, str], list[str]]:
    """Returns given options (flag → "" or value) and the other arguments. Usage on an unknown option."""
    found: dict[str, str] = {}
    rest: list[str] = []
    at = 0
    while at < len(args):
        arg = args[at]
        at += 1
        if arg == "--":
            rest += args[at:]
            break
        if len(arg) < 2 or arg[0] != "-":
            rest.append(arg)
            continue
        for index, char in enumerate(arg[1:], 1):
            if char in valued:
                value = arg[index + 1 :]
                if not value:
                    if at >= len(args):
                        raise Usage(f"Missing argument to -{char}")
                    value = args[at]
                    at += 1
                found[char] = value
                break
            if char not in flags:
                raise Usage(f"Unknown option '{char}'")
            found[char] = ""
    return found, rest


async def for_each(ctx: Context, name: str, paths: list[str], action: Callable[[str], object]) -> int:
    """Does it to every path, says what failed; exit code 1 if anything did."""
    code = 0
    for path in paths:
        try:
            action(path)
        except OSError as bad:
            await ctx.complain(f"{name}: {path}: {bad.strerror}")
            code = 1
    return code


def user_name(uid: int) -> str:
    """`root`, `shell`, `u10_a123`, or the number."""
    if uid in NAMES:
        return NAMES[uid]
    user, app = divmod(uid, 100_000)
    return f"u{user}_a{app - 10000}" if 10000 <= app < 20000 else str(uid)


def user_id(name: str) -> int:
    """Reverse of `user_name`; ValueError if unknown."""
    if name in IDS:
        return IDS[name]
    if match := re.fullmatch(r"u(\d+)_a(\d+)", name):
        return int(match.group(1)) * 100_000 + 10000 + int(match.group(2))
    if name.isdigit():
        return int(name)
    raise ValueError(f"bad user '{name}'")
