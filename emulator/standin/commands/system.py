"""Processes, users, time: ps, pidof, id, date, uptime, sleep, su, nsenter, toybox, kill and such."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from standin.shellcontext import Context
from standin.streams import read_all

from .options import Usage, bad_usage, options
from .owners import user_name

GROUPS = (
    "0(root),1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),1078(ext_data_rw),1079(ext_obb_rw),"
    "3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc),3011(uhid),3012(readtracefs)"
)


class Row(NamedTuple):
    """One process as ps shows it."""

    uid: int
    pid: int
    ppid: int
    name: str
    vsz: int
    rss: int


BASE = (
    (0, 1, 0, "init"),
    (0, 2, 0, "[kthreadd]"),
    (1036, 310, 1, "logd"),
    (1000, 312, 1, "servicemanager"),
    (0, 530, 1, "zygote64"),
    (1000, 1000, 530, "system_server"),
    (10051, 1301, 530, "com.android.systemui"),
    (1001, 1402, 530, "com.android.phone"),
    (10060, 1503, 530, "com.android.launcher3"),
    (10061, 1604, 530, "com.android.permissioncontroller"),
    (0, 2000, 1, "adbd"),
)


def processes(ctx: Context) -> list[Row]:
    """System processes with fixed pids, then the apps."""
    rows = [Row(*base, 0 if base[3][0] == "[" else 69632, 0 if base[3][0] == "[" else 4096) for base in BASE]
    apps = sorted(ctx.state.app.processes.values(), key=lambda p: p.pid) if ctx.state.app else []
    taken = {p.pid for p in apps}
    return [r for r in rows if r.pid not in taken] + [Row(p.uid, p.pid, 530, p.name, 3670016, 131072) for p in apps]


_TITLES = {
    "UID": 5,
    "USER": 12,
    "PID": 5,
    "PPID": 5,
    "NAME": 27,
    "ARGS": 27,
    "CMD": 27,
    "CMDLINE": 27,
    "S": 1,
    "RSS": 6,
    "VSZ": 7,
    "COMM": 15,
}


async def ps(ctx: Context, args: list[str]) -> int:
    try:
        given, rest = options(args, "Aefwn", "opuU")
    except Usage as bad:
        return await bad_usage(ctx, "ps", str(bad))
    if rest and not all(r.isdigit() for r in rest):
        return await bad_usage(ctx, "ps", f"Unknown option '{rest[0]}'")
    rows = processes(ctx)
    if "p" in given or rest:
        wanted = {int(p) for p in re.split(r"[, ]+", given.get("p", " ".join(rest))) if p.isdigit()}
        rows = [r for r in rows if r.pid in wanted]
    elif "u" in given:
        rows = [r for r in rows if given["u"] in (user_name(r.uid), str(r.uid))]
    elif not {"A", "e"} & given.keys():
        rows = [Row(0, 4242, 2000, "sh", 10752, 3072), Row(0, 4243, 4242, "ps", 10752, 3072)]
    if "o" in given:
        return await _columns(ctx, rows, given["o"], "n" in given)
    if "f" in given:
        await ctx.say("UID            PID  PPID C STIME TTY          TIME CMD")
        for r in rows:
            await ctx.say(f"{user_name(r.uid):<12} {r.pid:>5} {r.ppid:>5} 0 00:00:00 ?     00:00:00 {r.name}")
        return 0
    await ctx.say("USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME                       ")
    for r in rows:
        await ctx.say(f"{user_name(r.uid):<12} {r.pid:>5} {r.ppid:>5} {r.vsz:>7} {r.rss:>6} {'0':<16}    0 S {r.name}")
    return 0


async def _columns(ctx: Context, rows: list[Row], spec: str, numeric: bool) -> int:
    columns: list[tuple[str, int, str | None]] = []
    for part in spec.split(","):
        match = re.fullmatch(r"([A-Za-z]+)(?::(\d+))?(=.*)?", part.strip())
        if not match or match.group(1).upper() not in _TITLES:
            return await bad_usage(ctx, "ps", f"bad -o {part}")
        key = match.group(1).upper()
        title = match.group(3)[1:] if match.group(3) is not None else None
        columns.append((key, int(match.group(2) or _TITLES[key]), title))

    def line(cells: list[str]) -> str:
        last = len(columns) - 1
        return " ".join(
            c if i == last else f"{c:<{w}}" if k in ("USER", "NAME", "ARGS", "CMD") else f"{c:>{w}}"
            for i, (c, (k, w, _)) in enumerate(zip(cells, columns, strict=True))
        )

    if any(title != "" for _, _, title in columns):
        await ctx.say(line([k if title is None else title for k, _, title in columns]))
    for r in rows:
        values = {
            "UID": str(r.uid),
            "USER": str(r.uid) if numeric else user_name(r.uid),
            "PID": str(r.pid),
            "PPID": str(r.ppid),
            "S": "S",
            "RSS": str(r.rss),
            "VSZ": str(r.vsz),
        }
        await ctx.say(line([values.get(k, r.name) for k, _, _ in columns]))
    return 0


async def pidof(ctx: Context, args: list[str]) -> int:
    given, names = options(args, "s")
    pids = [r.pid for r in processes(ctx) if r.name in names]
    if pids:
        await ctx.say(" ".join(map(str, sorted(pids, reverse=True)[: 1 if "s" in given else None])))
    return 0 if pids else 1


async def pgrep(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "fxl", "P")
    if given.get("P", "").isdigit() and not rest:
        children = [r for r in processes(ctx) if r.ppid == int(given["P"])]
        for row in children:
            await ctx.say(str(row.pid))
        return 0 if children else 1
    if len(rest) != 1 or len(rest[0]) > 200:
        return await bad_usage(ctx, "pgrep", "Needs 1 argument")
    hits = [r for r in processes(ctx) if (r.name == rest[0] if "x" in given else re.search(rest[0], r.name))]
    for row in hits:
        await ctx.say(f"{row.pid} {row.name}" if "l" in given else str(row.pid))
    return 0 if hits else 1


async def kill(ctx: Context, args: list[str]) -> int:
    signal_ = next((a for a in args if a.startswith("-")), "-TERM")
    code = 0
    for text in [a for a in args if not a.startswith("-")]:
        process = ctx.state.app.processes.get(int(text)) if text.isdigit() and ctx.state.app else None
        if process is None or ctx.state.app is None:
            await ctx.complain(f"kill: bad pid '{text}'" if not text.isdigit() else f"kill: {text}: No such process")
            code = 1
        elif signal_ != "-0":
            await ctx.state.app.force_stop(process.package)
    return code


async def identity(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "ugnGZ")
    uid = 0 if not rest else 2000 if rest[0] == "shell" else 0
    if "u" in given or "g" in given:
        await ctx.say(user_name(uid) if "n" in given else str(uid))
    elif "Z" in given:
        await ctx.say("u:r:su:s0")
    else:
        await ctx.say(f"uid={uid}({user_name(uid)}) gid={uid}({user_name(uid)}) groups={GROUPS} context=u:r:su:s0")
    return 0


async def whoami(ctx: Context, args: list[str]) -> int:
    await ctx.say("root")
    return 0


async def getenforce(ctx: Context, args: list[str]) -> int:
    await ctx.say("Permissive")
    return 0


async def uname(ctx: Context, args: list[str]) -> int:
    parts = {"s": "Linux", "n": "localhost", "r": "5.15.0-standin", "v": "#1 SMP PREEMPT", "m": "x86_64"}
    given, _ = options(args or ["-s"], "asnrvm")
    await ctx.say(
        " ".join(v for k, v in parts.items() if k in given or "a" in given) + (" Toybox" if "a" in given else "")
    )
    return 0


async def date(ctx: Context, args: list[str]) -> int:
    clock = ctx.state.clock
    given, rest = options(args, "u", "sd")
    moment = given.get("s") or next((r for r in rest if r[:1] != "+"), "")
    if moment:
        value = _moment(moment, UTC if "u" in given else clock.zone)
        if value is None:
            return await bad_usage(ctx, "date", f"bad date '{moment}'")
        clock.set_ns(value)
        ctx.state.log.write("system", "I", "AlarmManager", "Setting time of day to sec=" + str(value // 1_000_000_000))
    now = clock.now_ns()
    local = clock.local(now // 1_000_000)
    local = local.astimezone(UTC) if "u" in given else local
    pattern = next((r[1:] for r in rest if r[:1] == "+"), "%a %b %e %H:%M:%S %Z %Y")
    text = pattern.replace("%s", str(now // 1_000_000_000)).replace("%N", f"{now % 1_000_000_000:09d}")
    await ctx.say(local.strftime(text))
    return 0


def _moment(text: str, zone: tzinfo) -> int | None:
    if match := re.fullmatch(r"@(\d{1,12})(?:\.(\d{1,9}))?", text):
        return int(match.group(1)) * 1_000_000_000 + int((match.group(2) or "0").ljust(9, "0"))
    for pattern in (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y%m%d.%H%M%S",
        "%m%d%H%M%Y.%S",
        "%m%d%H%M%Y",
    ):
        try:
            return int(datetime.strptime(text, pattern).replace(tzinfo=zone).timestamp()) * 1_000_000_000
        except ValueError:
            continue
    return None


async def uptime(ctx: Context, args: list[str]) -> int:
    seconds = ctx.state.clock.uptime_ns() // 1_000_000_000
    clock = ctx.state.clock.local().strftime("%H:%M:%S")
    await ctx.say(
        f" {clock} up {seconds // 3600:2d}:{seconds // 60 % 60:02d},  0 users,  load average: 0.42, 0.40, 0.38"
    )
    return 0


async def sleep(ctx: Context, args: list[str]) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", args[0] if args else "")
    if not match:
        return await bad_usage(ctx, "sleep", f"bad time '{args[0] if args else ''}'")
    await asyncio.sleep(
        min(float(match.group(1)) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match.group(2)], 86400)
    )
    return 0


async def true(ctx: Context, args: list[str]) -> int:
    return 0


async def false(ctx: Context, args: list[str]) -> int:
    return 1


async def which(ctx: Context, args: list[str]) -> int:
    code = 0
    for name in args:
        if name in ctx.shell.commands and not name.startswith("["):
            await ctx.say(f"/system/bin/{name}")
        else:
            code = 1
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
        return await bad_usage(ctx, "sh", f"unknown option {args[0]}")
    script = (await read_all(ctx.stdin)).decode("utf-8", "surrogateescape")
    return await child.run(script, ctx.stdin, ctx.out, ctx.err)


async def su(ctx: Context, args: list[str]) -> int:
    """`su`, `su -c LINE`, `su 0 CMD…`: already root."""
    rest = list(args)
    if rest and (rest[0] in ("root", "0", "shell", "2000") or rest[0] in ("-", "-l", "-mm")):
        rest.pop(0)
    if rest[:1] == ["-c"]:
        return await ctx.shell.child().run(" ".join(rest[1:]), ctx.stdin, ctx.out, ctx.err)
    return await ctx.shell.call(rest, ctx) if rest else await sh(ctx, [])


async def nsenter(ctx: Context, args: list[str]) -> int:
    """One mount namespace for all processes: checks the process and runs the command."""
    rest = list(args)
    target = ""
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "--":
            break
        if match := re.fullmatch(r"--mount=/proc/(\d+)/ns/mnt", option):
            target = match.group(1)
        elif option in ("-t", "--target") and rest:
            target = rest.pop(0)
        elif option.startswith("--target="):
            target = option[9:]
        elif option not in ("-m", "--mount"):
            return await bad_usage(ctx, "nsenter", f"Unknown option '{option}'")
    if not target.isdigit() or int(target) not in {r.pid for r in processes(ctx)}:
        return await bad_usage(ctx, "nsenter", f"/proc/{target}/ns/mnt: No such file or directory")
    return await ctx.shell.call(rest, ctx) if rest else 0


async def toybox(ctx: Context, args: list[str]) -> int:
    if not args:
        await ctx.say(" ".join(sorted(ctx.shell.commands)))
        return 0
    if args[0] not in ctx.shell.commands:
        await ctx.complain(f"toybox: Unknown command {args[0]}")
        return 127
    return await ctx.shell.call(args, ctx)


async def nohup(ctx: Context, args: list[str]) -> int:
    return await ctx.shell.call(args, ctx) if args else await bad_usage(ctx, "nohup", "Needs 1 argument")


async def timeout(ctx: Context, args: list[str]) -> int:
    _, rest = options(args, "", "sk", stop_early=True)
    if len(rest) < 2 or not re.fullmatch(r"\d+(\.\d+)?s?", rest[0]):
        return await bad_usage(ctx, "timeout", "Needs 2 arguments")
    try:
        return await asyncio.wait_for(ctx.shell.call(rest[1:], ctx), float(rest[0].rstrip("s")))
    except TimeoutError:
        return 124


async def run_as(ctx: Context, args: list[str]) -> int:
    package = ctx.state.packages.get(args[0]) if args else None
    if package is None:
        return await bad_usage(ctx, "run-as", f"unknown package: {args[0] if args else ''}")
    if not package.debuggable:
        return await bad_usage(ctx, "run-as", f"package not debuggable: {package.name}")
    child = ctx.shell.child()
    child.cwd = package.data_dir
    return await child.call(args[1:] or ["sh"], ctx)


async def env(ctx: Context, args: list[str]) -> int:
    for name, value in sorted(ctx.shell.env.items()):
        await ctx.say(f"{name}={value}")
    return 0


async def hostname(ctx: Context, args: list[str]) -> int:
    await ctx.say("localhost")
    return 0


async def sync(ctx: Context, args: list[str]) -> int:
    return 0


COMMANDS = {
    "ps": ps,
    "pidof": pidof,
    "pgrep": pgrep,
    "kill": kill,
    "id": identity,
    "whoami": whoami,
    "getenforce": getenforce,
    "setenforce": true,
    "uname": uname,
    "date": date,
    "uptime": uptime,
    "sleep": sleep,
    "true": true,
    ":": true,
    "false": false,
    "which": which,
    "sh": sh,
    "su": su,
    "nsenter": nsenter,
    "toybox": toybox,
    "nohup": nohup,
    "timeout": timeout,
    "run-as": run_as,
    "env": env,
    "printenv": env,
    "hostname": hostname,
    "sync": sync,
}
