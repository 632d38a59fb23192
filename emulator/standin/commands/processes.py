"""Processes: ps, pidof, pgrep, kill."""

import re
from typing import NamedTuple

from emulator.standin.shell.context import Context
from emulator.standin.state.device import PER_USER

from .common import Usage, options, user_name


class Row(NamedTuple):
    """One process as ps shows it."""

    uid: int
    pid: int
    ppid: int
    name: str
    vsz: int
    rss: int


FRIDA_PID = 1999
ZYGOTE = -530
"""Stands for zygote's pid."""
_BASE = (
    (0, 1, 0, "init"),
    (0, 2, 0, "[kthreadd]"),
    (1036, 310, 1, "logd"),
    (1000, 312, 1, "servicemanager"),
    (0, ZYGOTE, 1, "zygote64"),
    (1000, 1000, ZYGOTE, "system_server"),
    (10051, 1301, ZYGOTE, "com.android.systemui"),
    (1001, 1402, ZYGOTE, "com.android.phone"),
    (10060, 1503, ZYGOTE, "com.android.launcher3"),
    (10061, 1604, ZYGOTE, "com.android.permissioncontroller"),
    (0, 2000, 1, "adbd"),
)


def processes(ctx: Context) -> list[Row]:
    """System processes with fixed pids, then the apps."""
    zygote = ctx.state.zygote
    rows = []
    for uid, pid, parent, name in _BASE:
        if zygote or ZYGOTE not in (pid, parent):
            size = (0, 0) if name[0] == "[" else (69632, 4096)
            rows.append(Row(uid, zygote if pid == ZYGOTE else pid, zygote if parent == ZYGOTE else parent, name, *size))
    rows += [Row(0, 1900 + number, 1, name, 69632, 4096) for number, name in enumerate(ctx.state.served)]
    apps = sorted(ctx.state.app.processes.values(), key=lambda p: p.pid)
    taken = {p.pid for p in apps}
    if ctx.state.app.portal_port and ctx.state.traits.frida:
        rows.append(Row(0, FRIDA_PID, 1, "frida-server", 69632, 4096))
    for number, (name, user) in enumerate((n, u) for n, users in ctx.state.clones.items() for u in users):
        if package := ctx.state.packages.get(name):
            rows.append(Row(user * PER_USER + package.uid % PER_USER, 2501 + number, zygote, name, 3670016, 131072))
    return [r for r in rows if r.pid not in taken] + [Row(p.uid, p.pid, zygote, p.name, 3670016, 131072) for p in apps]


#: Columns of ``-o`` and their widths.
_WIDTHS = {"UID": 5, "PID": 5, "ARGS": 27}


async def ps(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "An", "o")
    if rest:
        raise Usage(f"Unknown option '{rest[0]}'")
    rows = processes(ctx)
    if "o" in given:
        return await _columns(ctx, rows, given["o"])
    if "A" not in given:
        rows = [Row(0, 4242, 2000, "sh", 10752, 3072), Row(0, 4243, 4242, "ps", 10752, 3072)]
    await ctx.say("USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME                       ")
    for r in rows:
        await ctx.say(f"{user_name(r.uid):<12} {r.pid:>5} {r.ppid:>5} {r.vsz:>7} {r.rss:>6} {'0':<16}    0 S {r.name}")
    return 0


async def _columns(ctx: Context, rows: list[Row], spec: str) -> int:
    """``UID:1=,PID:1=,ARGS:1=``: without titles."""
    columns: list[tuple[str, int]] = []
    for part in spec.split(","):
        match = re.fullmatch(r"([A-Z]+)(?::(\d+))?=", part.strip())
        if not match or match.group(1) not in _WIDTHS:
            raise Usage(f"bad -o {part}")
        columns.append((match.group(1), int(match.group(2) or _WIDTHS[match.group(1)])))
    for r in rows:
        cells = {"UID": f"{r.uid}", "PID": f"{r.pid}", "ARGS": r.name}
        await ctx.say(" ".join(f"{cells[key]:>{width}}" for key, width in columns))
    return 0


async def pidof(ctx: Context, args: list[str]) -> int:
    _, names = options(args, "")
    pids = [r.pid for r in processes(ctx) if r.name in names]
    if pids:
        await ctx.say(" ".join(map(str, sorted(pids, reverse=True))))
    return 0 if pids else 1


async def pgrep(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "", "P")
    if not given.get("P", "").isdigit() or rest:
        raise Usage("only -P PID is supported")
    children = [r for r in processes(ctx) if r.ppid == int(given["P"])]
    for row in children:
        await ctx.say(str(row.pid))
    return 0 if children else 1


async def kill(ctx: Context, args: list[str]) -> int:
    code = 0
    for text in [a for a in args if not a.startswith("-")]:
        process = ctx.state.app.processes.get(int(text)) if text.isdigit() else None
        if text == str(FRIDA_PID) and ctx.state.app.portal_port and not ctx.shell.uid:
            await ctx.state.app.end_frida()
        elif text in (served := {str(r.pid): r.name for r in processes(ctx) if r.name in ctx.state.served}):
            ctx.state.served.pop(served[text])
        elif process is None:
            await ctx.complain(f"kill: bad pid '{text}'" if not text.isdigit() else f"kill: {text}: No such process")
            code = 1
        else:
            await ctx.state.app.force_stop(process.package)
    return code


COMMANDS = {
    "ps": ps,
    "pidof": pidof,
    "pgrep": pgrep,
    "kill": kill,
}
