"""Who one is on the device, its time, and Android's framework stopped and started: id, date, sleep, stop, start."""

import asyncio
import re
from datetime import UTC, datetime, tzinfo
from functools import partial

from emulator.standin.apps.zygote import end_zygote
from emulator.standin.shell.context import Context

from .common import Usage, options, user_name

_GROUPS = (
    "0(root),1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),1078(ext_data_rw),1079(ext_obb_rw),"
    "3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc),3011(uhid),3012(readtracefs)"
)


async def identity(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "u")
    if rest:
        raise Usage(f"{rest[0]}: No such user")
    uid = ctx.shell.uid
    domain = "u:r:shell:s0" if uid else "u:r:su:s0"
    if "u" in given:
        return await ctx.say(str(uid))
    return await ctx.say(f"uid={uid}({user_name(uid)}) gid={uid}({user_name(uid)}) groups={_GROUPS} context={domain}")


async def date(ctx: Context, args: list[str]) -> int:
    clock = ctx.state.clock
    given, rest = options(args, "u")
    moment = next((r for r in rest if r[:1] != "+"), "")
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
    return await ctx.say(local.strftime(text))


def _moment(text: str, zone: tzinfo) -> int | None:
    """``@SECONDS``, or toolbox's ``MMDDhhmmYYYY.ss``."""
    if match := re.fullmatch(r"@(\d{1,12})", text):
        return int(match.group(1)) * 1_000_000_000
    try:
        return int(datetime.strptime(text, "%m%d%H%M%Y.%S").replace(tzinfo=zone).timestamp()) * 1_000_000_000
    except ValueError:
        return None


async def sleep(ctx: Context, args: list[str]) -> int:
    if not re.fullmatch(r"\d{1,5}(\.\d+)?", args[0] if args else ""):
        raise Usage(f"bad time '{args[0] if args else ''}'")
    await asyncio.sleep(float(args[0]))
    return 0


async def _framework(ctx: Context, args: list[str], verb: str) -> int:
    if ctx.shell.uid:
        return await ctx.complain(f"{verb}: must be root")
    if verb == "stop" or not ctx.state.zygote:
        await end_zygote(ctx.state, again=verb == "start")
    return 0


COMMANDS = {
    "id": identity,
    "date": date,
    "sleep": sleep,
    "stop": partial(_framework, verb="stop"),
    "start": partial(_framework, verb="start"),
}
