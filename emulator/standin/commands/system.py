"""Who one is on the device, its time, and Android's framework stopped and started: id, date, sleep, stop, start."""

import asyncio
import re
from datetime import UTC, datetime, tzinfo

from emulator.standin.apps.zygote import end_zygote
from emulator.standin.shell.context import Context

from .common import Usage, options


async def identity(ctx: Context, args: list[str]) -> int:
    if args != ["-u"]:
        raise Usage("only -u is supported")
    await ctx.say(str(ctx.shell.uid))
    return 0


async def date(ctx: Context, args: list[str]) -> int:
    clock = ctx.state.clock
    given, rest = options(args, "u", "sd")
    moment = given.get("s") or next((r for r in rest if r[:1] != "+"), "")
    if moment:
        value = _moment(moment, UTC if "u" in given else clock.zone)
        if value is None:
            raise Usage(f"bad date '{moment}'")
        if ctx.shell.uid:
            raise Usage("cannot set date: Operation not permitted")
        clock.set_ns(value)
        ctx.state.log.write("system", "I", "AlarmManager", "Setting time of day to sec=" + str(value // 1_000_000_000))
    now = clock.now_ns()
    local = clock.local(now // 1_000_000)
    local = local.astimezone(UTC) if "u" in given else local
    pattern = next((r[1:] for r in rest if r[:1] == "+"), "%a %b %e %H:%M:%S %Z %Y")
    fraction = f"{now % 1_000_000_000:09d}" if ctx.state.sdk >= 26 else "N"  # the date of Android 7 knows no %N
    text = pattern.replace("%s", str(now // 1_000_000_000)).replace("%N", fraction)
    await ctx.say(local.strftime(text))
    return 0


def _moment(text: str, zone: tzinfo) -> int | None:
    if match := re.fullmatch(r"@(\d{1,12})(?:\.(\d{1,9}))?", text):
        return int(match.group(1)) * 1_000_000_000 + int((match.group(2) or "0").ljust(9, "0"))
    for pattern in ("%Y-%m-%d %H:%M:%S", "%m%d%H%M%Y.%S"):
        try:
            return int(datetime.strptime(text, pattern).replace(tzinfo=zone).timestamp()) * 1_000_000_000
        except ValueError:
            continue
    return None


async def sleep(ctx: Context, args: list[str]) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", args[0] if args else "")
    if not match:
        raise Usage(f"bad time '{args[0] if args else ''}'")
    await asyncio.sleep(
        min(float(match.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match.group(2)], 86400)
    )
    return 0


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


COMMANDS = {"id": identity, "date": date, "sleep": sleep, "stop": stop, "start": start}
