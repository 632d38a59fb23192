"""What commands share: options as toybox has them, work on paths, users by number and by name."""

import getopt
import inspect
import itertools
import re
from collections.abc import Callable

from emulator.standin.shell.context import Context

NAMES = {0: "root", 1000: "system", 1001: "radio", 1023: "media_rw", 2000: "shell", 3003: "inet", 9997: "everybody"}
IDS = {name: number for number, name in NAMES.items()}


class Usage(ValueError):
    """Bad arguments; the text says which. The shell says so, after the command's name; exit code 1 as toybox."""


def options(args: list[str], flags: str, valued: str = "") -> tuple[dict[str, str], list[str]]:
    """Returns given options (flag → "" or value) and the other arguments. Usage on an unknown option."""
    try:
        found, rest = getopt.gnu_getopt(args, flags + "".join(f"{letter}:" for letter in valued))
    except getopt.GetoptError as bad:
        unknown = bad.opt not in [*valued]
        raise Usage(f"Unknown option '{bad.opt}'" if unknown else f"Missing argument to -{bad.opt}") from None
    return {name[1:]: value for name, value in found}, rest


async def for_each(ctx: Context, name: str, paths: list[str], action: Callable[[str], object]) -> int:
    """Does it to every path, at once or as a coroutine, says what failed; exit code 1 if anything did."""
    code = 0
    for path in paths:
        try:
            if inspect.isawaitable(done := action(path)):
                await done
        except BrokenPipeError:
            raise
        except OSError as bad:
            code = await ctx.complain(f"{name}: {path}: {bad.strerror}")
    return code


async def java_error(ctx: Context, verb: str, kind: str, message: str) -> int:
    """A failure as a Java exception on standard error."""
    frames = "\tat com.android.server.pm.PackageManagerShellCommand.onCommand(PackageManagerShellCommand.java:263)"
    if ctx.state.sdk < 30:
        return await ctx.complain(f"Error: {kind}: {message}", 255)
    return await ctx.complain(f"\nException occurred while executing '{verb}':\n{kind}: {message}\n{frames}", 255)


def plain(args: list[str], valued: tuple[str, ...] = ("--user",)) -> list[str]:
    """Arguments without options; options in ``valued`` take one with them."""
    return [
        arg
        for before, arg in itertools.pairwise(["", *args])
        if before not in valued and (len(arg) < 2 or not arg.startswith("-"))
    ]


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
