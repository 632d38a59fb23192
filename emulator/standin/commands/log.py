"""logcat and log."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from datetime import datetime

from emulator.standin.shell.context import Context
from emulator.standin.state.logring import BUFFERS, LogLine

from .options import bad_usage
from .owners import user_name

LEVELS = "VDIWEFS"
FORMATS = {
    "brief",
    "process",
    "tag",
    "thread",
    "raw",
    "time",
    "threadtime",
    "long",
    "color",
    "descriptive",
    "epoch",
    "monotonic",
    "printable",
    "uid",
    "usec",
    "UTC",
    "year",
    "zone",
    "nsec",
}


class Options:
    """What the command line asks for."""

    def __init__(self) -> None:
        self.buffers = ["main", "system", "crash"]
        self.formats: set[str] = set()
        self.dump = self.clear = self.size = self.silent = self.dividers = False
        self.tail: int | None = None
        self.since: int | None = None
        self.pids: set[int] = set()
        self.uids: set[int] = set()
        self.regex: re.Pattern[str] | None = None
        self.count: int | None = None
        self.filters: list[tuple[str, str]] = []


_VALUED = {"-b": "buffer", "-v": "format", "-t": "tail", "-T": "since", "-e": "regex", "-m": "max-count"}


def parse_options(args: list[str], zone: object) -> Options:
    """Options of logcat; ValueError with what is wrong."""
    given = Options()
    rest = list(args)
    buffers: list[str] = []
    while rest:
        arg = rest.pop(0)
        name, value = arg, ""
        if arg.startswith("--"):
            name, _, value = arg[2:].partition("=")
        elif arg[:2] in _VALUED:
            name, value = _VALUED[arg[:2]], arg[2:]
        if name in _VALUED.values() or name in ("pid", "uid"):
            value = value or (rest.pop(0) if rest else "")
            if not value:
                raise ValueError(f"option requires an argument -- '{arg.lstrip('-')}'")
            _valued(given, buffers, name, value, zone)
        elif arg in ("-d", "--dump"):
            given.dump = True
        elif arg in ("-c", "--clear"):
            given.clear = True
        elif arg in ("-g", "--buffer-size"):
            given.size = True
        elif arg == "-s":
            given.filters.insert(0, ("*", "S"))
        elif arg in ("-D", "--dividers"):
            given.dividers = True
        elif arg.startswith("-"):
            raise ValueError(f"unrecognized option '{arg}'")
        else:
            tag, _, level = arg.partition(":")
            if level.upper() not in [*LEVELS, ""]:
                raise ValueError(f"Invalid filter expression '{arg}'")
            given.filters.append((tag or "*", level.upper() or "V"))
    if buffers:
        given.buffers = list(dict.fromkeys(buffers))
    return given


def _valued(given: Options, buffers: list[str], name: str, value: str, zone: object) -> None:
    if name == "buffer":
        for each in value.split(","):
            if each == "all":
                buffers += BUFFERS
            elif each == "default":
                buffers += ["main", "system", "crash"]
            elif each in BUFFERS:
                buffers.append(each)
            else:
                raise ValueError(f"unknown buffer '{each}'")
    elif name == "format":
        for each in re.split(r"[, ]+", value):
            if each not in FORMATS:
                raise ValueError(f"Invalid parameter '{each}' to -v")
            given.formats.add(each)
    elif name in ("tail", "since"):
        given.dump |= name == "tail"
        if value.isdigit():
            given.tail = int(value)
        else:
            given.since = parse_time(value, zone)
    elif name in ("pid", "uid"):
        numbers = {int(v) for v in value.split(",") if v.isdigit()}
        given.pids |= numbers if name == "pid" else set()
        given.uids |= numbers if name == "uid" else set()
    elif name == "regex":
        if len(value) > 300:
            raise ValueError("regular expression too long")
        given.regex = re.compile(value)
    else:
        given.count = int(value)


def parse_time(text: str, zone: object) -> int:
    """`MM-DD hh:mm:ss.mmm`, `YYYY-MM-DD …` or seconds since the epoch → ns."""
    if match := re.fullmatch(r"(\d+)\.(\d{1,9})", text):
        return int(match.group(1)) * 1_000_000_000 + int(match.group(2).ljust(9, "0"))
    year = datetime.now(zone).year  # type: ignore[arg-type]
    for pattern, value in (("%Y-%m-%d %H:%M:%S.%f", text), ("%Y-%m-%d %H:%M:%S.%f", f"{year}-{text}")):
        try:
            moment = datetime.strptime(value, pattern).replace(tzinfo=zone)  # type: ignore[arg-type]
        except ValueError:
            continue
        return int(moment.timestamp() * 1_000_000) * 1000
    raise ValueError(f'-T "{text}" not in time format')


def accepts(given: Options, line: LogLine) -> bool:
    """Filters by pid, uid, tag:level and text."""
    if (given.pids and line.pid not in given.pids) or (given.uids and line.uid not in given.uids):
        return False
    if given.regex and not given.regex.search(line.message):
        return False
    level = "V"
    for tag, wanted in given.filters:
        if tag == "*" and level == "V":
            level = wanted
        if tag != "*" and fnmatch.fnmatchcase(line.tag, tag):
            level = wanted
            break
    return level != "S" and LEVELS.find(line.level) >= LEVELS.find(level)


def formatter(given: Options, zone: object) -> Callable[[LogLine], str]:
    """Function from an entry to its text."""
    formats = given.formats
    style = next(
        (f for f in ("brief", "process", "tag", "thread", "raw", "time", "long") if f in formats), "threadtime"
    )

    def stamp(line: LogLine) -> str:
        digits = 9 if "nsec" in formats else 6 if "usec" in formats else 3
        part = f"{line.ns % 1_000_000_000:09d}"[:digits]
        if "epoch" in formats:
            return f"{line.ns // 1_000_000_000}.{part}"
        when = datetime.fromtimestamp(line.ns // 1_000_000_000, zone)  # type: ignore[arg-type]
        text = when.strftime("%Y-%m-%d %H:%M:%S" if "year" in formats else "%m-%d %H:%M:%S") + "." + part
        return text + (when.strftime(" %z") if "zone" in formats else "")

    def uid(line: LogLine) -> str:
        if "uid" not in formats:
            return ""
        name = user_name(line.uid)
        return f"{name if not re.match(r'u\d+_a', name) and line.uid not in (0, 1000) else line.uid:>5} "

    def text(line: LogLine) -> str:
        if style == "long":
            head = f"[ {stamp(line)} {uid(line)}{line.pid:>5}:{line.tid:>5} {line.level}/{line.tag:<8} ]"
            return f"{head}\n{line.message}\n\n"
        prefix = {
            "brief": f"{line.level}/{line.tag:<8}({uid(line)}{line.pid:>5}): ",
            "process": f"{line.level}({uid(line)}{line.pid:>5}) ",
            "tag": f"{line.level}/{line.tag:<8}: ",
            "thread": f"{line.level}({uid(line)}{line.pid:>5}:{line.tid:>5}) ",
            "raw": "",
            "time": f"{stamp(line)} {line.level}/{line.tag:<8}({uid(line)}{line.pid:>5}): ",
            "threadtime": f"{stamp(line)} {uid(line)}{line.pid:>5} {line.tid:>5} {line.level} {line.tag:<8}: ",
        }[style]
        return "".join(f"{prefix}{part}\n" for part in line.message.split("\n"))

    return text


async def logcat(ctx: Context, args: list[str]) -> int:
    zone = ctx.state.clock.zone
    try:
        given = parse_options(args, zone)
    except (ValueError, re.error) as bad:
        return await bad_usage(ctx, "logcat", str(bad))
    rings = ctx.state.log
    if given.clear:
        rings.clear(given.buffers)
        return 0
    if given.size:
        for name in given.buffers:
            await ctx.say(f"{name}: ring buffer is 1 MiB (64 KiB consumed), max entry is 5120 B, max payload is 4068 B")
        return 0
    to_text = formatter(given, zone)
    lines = [line for line in rings.lines(given.buffers) if accepts(given, line)]
    if given.since is not None:
        lines = [line for line in lines if line.ns >= given.since]
    if given.tail is not None:
        lines = lines[-given.tail :] if given.tail else []
    seen = rings.serial
    begun: set[str] = set()
    left = given.count
    while True:
        out = []
        for line in lines[:left]:
            if line.buffer not in begun:
                begun.add(line.buffer)
                out.append(f"--------- beginning of {line.buffer}\n")
            out.append(to_text(line))
        left = None if left is None else left - len(lines[:left])
        if out:
            await ctx.out.write("".join(out).encode("utf-8", "surrogateescape"))
        if given.dump or left == 0:
            return 0
        await rings.wait(seen)
        fresh = rings.lines(given.buffers, seen)
        seen = rings.serial
        lines = [line for line in fresh if accepts(given, line)]


async def log(ctx: Context, args: list[str]) -> int:
    level, tag, rest = "I", "log", list(args)
    while rest and rest[0] in ("-p", "-t") and len(rest) > 1:
        option, value = rest.pop(0), rest.pop(0)
        level, tag = (value.upper()[:1], tag) if option == "-p" else (level, value)
    if level not in LEVELS:
        return await bad_usage(ctx, "log", "bad priority")
    ctx.state.log.write("main", level, tag, " ".join(rest), pid=4242, uid=0)
    return 0


COMMANDS = {"logcat": logcat, "log": log}
