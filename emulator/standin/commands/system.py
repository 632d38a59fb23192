"""Shells of other users and namespaces, the clock, and the framework: sh, su, nsenter, id, date, sleep, stop, start."""

import asyncio
import re
from datetime import UTC, datetime, tzinfo
from functools import partial

from emulator.standin.files.namespaces import isolated, of
from emulator.standin.shell.context import Context
from emulator.standin.shell.run import end_zygote
from emulator.standin.shell.streams import read_all

from .common import Usage, options, user_name
from .processes import processes

_GROUPS = (
    "0(root),1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),1078(ext_data_rw),1079(ext_obb_rw),"
    "3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc),3011(uhid),3012(readtracefs)"
)


async def _ends(ctx: Context, args: list[str], code: int) -> int:
    return code


async def sh(ctx: Context, args: list[str]) -> int:
    """`sh -c LINE`, `sh FILE`, or a script on standard input, line by line."""
    child = ctx.shell.child()
    if args[:1] == ["-c"] and len(args) > 1:
        return await child.run(args[1], ctx.stdin, ctx.out, ctx.err)
    if args and not args[0].startswith("-"):
        script = ctx.state.fs.read(args[0], ctx.cwd).decode("utf-8", "replace")
        return await child.run(script, ctx.stdin, ctx.out, ctx.err)
    if args:
        raise Usage(f"unknown option {args[0]}")
    script = (await read_all(ctx.stdin)).decode("utf-8", "surrogateescape")
    return await child.run(script, ctx.stdin, ctx.out, ctx.err)


async def su(ctx: Context, args: list[str]) -> int:
    """AOSP's `su [WHO [CMD…]]`, which has no options; Magisk's also `su -c LINE`. A user build has none."""
    if ctx.state.traits.su == "none":
        return await ctx.complain("/system/bin/sh: su: inaccessible or not found", 127)
    rest = list(args)
    if rest and (rest[0] in ("root", "0", "shell", "2000") or rest[0] in ("-", "-l", "-mm")):
        rest.pop(0)
    if rest and rest[0].startswith("-") and ctx.state.traits.su != "magisk":
        raise Usage(f"invalid uid/gid '{rest[0]}'")
    child = ctx.shell.child()
    child.uid = 0
    child.state = isolated(ctx.state)
    inner = Context(child.state, child, ctx.stdin, ctx.out, ctx.err)
    if rest[:1] == ["-c"]:
        return await child.run(" ".join(rest[1:]), ctx.stdin, ctx.out, ctx.err)
    return await child.call(rest, inner) if rest else await sh(inner, [])


async def nsenter(ctx: Context, args: list[str]) -> int:
    """Runs the command in a process's mount namespace. A profile can refuse zygote's."""
    match = re.fullmatch(r"--mount=/proc/(\d+)/ns/mnt", args[0]) if args[1:2] == ["--"] else None
    if match is None:
        raise Usage("only --mount=/proc/PID/ns/mnt -- COMMAND is supported")
    target, rest = match.group(1), args[2:]
    if int(target) not in {r.pid for r in processes(ctx)}:
        raise Usage(f"/proc/{target}/ns/mnt: No such file or directory")
    child = ctx.shell.child()
    try:
        child.state = of(ctx.state, int(target))
    except PermissionError as bad:
        raise Usage(f"{bad.filename}: {bad.strerror}") from None
    return await child.call(rest, Context(child.state, child, ctx.stdin, ctx.out, ctx.err)) if rest else 0


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
    "true": partial(_ends, code=0),
    ":": partial(_ends, code=0),
    "false": partial(_ends, code=1),
    "sh": sh,
    "su": su,
    "nsenter": nsenter,
    "id": identity,
    "date": date,
    "sleep": sleep,
    "stop": partial(_framework, verb="stop"),
    "start": partial(_framework, verb="start"),
}
