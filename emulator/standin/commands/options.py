"""Small option parsing, as toybox does it: `-ab`, `-n 3`, `-n3`, `--`."""

from __future__ import annotations

from emulator.standin.shell.context import Context


class Usage(ValueError):
    """Bad arguments; the text says which."""


def options(
    args: list[str], flags: str, valued: str = "", stop_early: bool = False
) -> tuple[dict[str, str], list[str]]:
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
            if stop_early:
                rest += args[at:]
                break
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


async def bad_usage(ctx: Context, name: str, why: str) -> int:
    """Says what was wrong; exit code 1 as toybox."""
    await ctx.complain(f"{name}: {why}")
    return 1
