"""Conditions: test and [."""

from __future__ import annotations

import stat as st_mod

from emulator.standin.shell.context import Context


async def test(ctx: Context, args: list[str]) -> int:
    try:
        return 0 if _test(ctx, args) else 1
    except (IndexError, ValueError) as bad:
        await ctx.complain(f"test: {bad}")
        return 2


async def bracket(ctx: Context, args: list[str]) -> int:
    if not args or args[-1] != "]":
        await ctx.complain("[: missing ]")
        return 2
    return await test(ctx, args[:-1])


def _test(ctx: Context, args: list[str]) -> bool:
    fs = ctx.state.fs
    if not args:
        return False
    for joint in ("-o", "-a"):
        if joint in args[1:-1] and len(args) > 3:
            at = args.index(joint, 1)
            sides = _test(ctx, args[:at]), _test(ctx, args[at + 1 :])
            return any(sides) if joint == "-o" else all(sides)
    if args[0] == "!":
        return not _test(ctx, args[1:])
    if len(args) == 1:
        return args[0] != ""
    if len(args) == 2:
        operator, value = args
        if operator in ("-n", "-z"):
            return (value != "") == (operator == "-n")
        if operator in ("-e", "-r", "-w"):
            return fs.exists(value, ctx.cwd)
        if not fs.exists(value, ctx.cwd) and operator not in ("-L", "-h"):
            if operator in ("-f", "-d", "-s", "-x"):
                return False
            raise ValueError(f"{operator}: unknown operator")
        try:
            st = fs.stat(value, ctx.cwd, follow=operator not in ("-L", "-h"))
        except OSError:
            return False
        checks = {
            "-f": st_mod.S_ISREG(st.mode),
            "-d": st_mod.S_ISDIR(st.mode),
            "-s": st.size > 0,
            "-x": bool(st.mode & 0o111),
        }
        checks |= {"-L": st_mod.S_ISLNK(st.mode), "-h": st_mod.S_ISLNK(st.mode)}
        if operator not in checks:
            raise ValueError(f"{operator}: unknown operator")
        return checks[operator]
    if len(args) == 3:
        left, operator, right = args
        if operator in ("=", "=="):
            return left == right
        if operator == "!=":
            return left != right
        numbers = {"-eq": "__eq__", "-ne": "__ne__", "-lt": "__lt__", "-le": "__le__", "-gt": "__gt__", "-ge": "__ge__"}
        if operator in numbers:
            return bool(getattr(int(left), numbers[operator])(int(right)))
        raise ValueError(f"{operator}: unknown operator")
    raise ValueError("too many arguments")


COMMANDS = {"test": test, "[": bracket}
