"""Conditions: test and [."""

from emulator.standin.shell.context import Context


async def test(ctx: Context, args: list[str]) -> int:
    try:
        return 0 if _test(ctx, args) else 1
    except ValueError as bad:
        return await ctx.complain(f"test: {bad}", 2)


async def bracket(ctx: Context, args: list[str]) -> int:
    if not args or args[-1] != "]":
        return await ctx.complain("[: missing ]", 2)
    return await test(ctx, args[:-1])


def _test(ctx: Context, args: list[str]) -> bool:
    match args:
        case ["!", *rest]:
            return not _test(ctx, rest)
        case [] | [_]:
            return args not in ([], [""])
        case ["-n" | "-z" as operator, value]:
            return (value != "") == (operator == "-n")
        case ["-e", path]:
            return ctx.state.fs.exists(path, ctx.cwd)
        case ["-d", path]:
            return ctx.state.fs.is_dir(path, ctx.cwd)
        case ["-f", path]:
            return ctx.state.fs.exists(path, ctx.cwd) and not ctx.state.fs.is_dir(path, ctx.cwd)
        case [left, "=" | "!=" as operator, right]:
            return (left == right) == (operator == "=")
    raise ValueError(f"{args[0] if len(args) == 2 else args[1]}: unknown operator")


COMMANDS = {"test": test, "[": bracket}
