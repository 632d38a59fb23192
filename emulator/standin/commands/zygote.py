"""Android's framework stopped and started: `stop`, `start`."""

from __future__ import annotations

from emulator.standin.apps.zygote import end_zygote
from emulator.standin.shell.context import Context


async def stop(ctx: Context, args: list[str]) -> int:
    if ctx.shell.uid:
        await ctx.complain("stop: must be root")
        return 1
    await end_zygote(ctx.state, again=False)
    return 0


async def start(ctx: Context, args: list[str]) -> int:
    if ctx.shell.uid:
        await ctx.complain("start: must be root")
        return 1
    if not ctx.state.zygote:
        await end_zygote(ctx.state)
    return 0


COMMANDS = {"stop": stop, "start": start}
