"""logcat."""

import fnmatch
import re
from datetime import datetime, tzinfo

from emulator.standin.shell.context import Context
from emulator.standin.state.logring import BUFFERS, LogLine

from .common import user_name

_LEVELS = "VDIWEFS"
_FORMATS = {"brief", "threadtime", "epoch", "uid"}
_VALUED = ("-b", "-v", "-t", "-T")


class Options:
    """What the command line asks for."""

    def __init__(self) -> None:
        self.buffers: list[str] = []
        self.formats: set[str] = set()
        self.dump = self.clear = False
        self.tail: int | None = None
        self.since: int | None = None
        self.filters: list[tuple[str, str]] = []


def parse_options(args: list[str]) -> Options:
    """Options of logcat; ValueError with what is wrong."""
    given = Options()
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        if arg[:2] in _VALUED:
            value = arg[2:] or (rest.pop(0) if rest else "")
            if not value:
                raise ValueError(f"option requires an argument -- '{arg.lstrip('-')}'")
            _valued(given, arg[:2], value)
        elif arg in ("-d", "-c"):
            given.dump, given.clear = given.dump or arg == "-d", given.clear or arg == "-c"
        elif arg == "-s":
            given.filters.insert(0, ("*", "S"))
        elif arg.startswith("-"):
            raise ValueError(f"unrecognized option '{arg}'")
        else:
            tag, _, level = arg.partition(":")
            if level.upper() not in [*_LEVELS, ""]:
                raise ValueError(f"Invalid filter expression '{arg}'")
            given.filters.append((tag or "*", level.upper() or "V"))
    given.buffers = list(dict.fromkeys(given.buffers)) or ["main", "system", "crash"]
    return given


def _valued(given: Options, option: str, value: str) -> None:
    if option == "-b":
        for each in value.split(","):
            if each not in (*BUFFERS, "all"):
                raise ValueError(f"unknown buffer '{each}'")
            given.buffers += BUFFERS if each == "all" else [each]
    elif option == "-v":
        for each in re.split(r"[, ]+", value):
            if each not in _FORMATS:
                raise ValueError(f"Invalid parameter '{each}' to -v")
            given.formats.add(each)
    else:
        given.dump |= option == "-t"
        if value.isdigit():
            given.tail = int(value)
        elif match := re.fullmatch(r"(\d+)\.(\d{1,9})", value):
            given.since = int(match.group(1)) * 1_000_000_000 + int(match.group(2).ljust(9, "0"))
        else:
            raise ValueError(f'-T "{value}" not in time format')


def accepts(given: Options, line: LogLine) -> bool:
    """Filters by tag and level."""
    level = "V"
    for tag, wanted in given.filters:
        if tag == "*" and level == "V":
            level = wanted
        if tag != "*" and fnmatch.fnmatchcase(line.tag, tag):
            level = wanted
            break
    return level != "S" and _LEVELS.find(line.level) >= _LEVELS.find(level)


def as_text(given: Options, line: LogLine, zone: tzinfo) -> str:
    """An entry as ``-v threadtime`` shows it, with the time and the uid that were asked for, or as ``-v brief``."""
    seconds, part = line.ns // 1_000_000_000, f"{line.ns % 1_000_000_000:09d}"[:3]
    stamp = f"{datetime.fromtimestamp(seconds, zone):%m-%d %H:%M:%S}" if "epoch" not in given.formats else f"{seconds}"
    uid = ""
    if "uid" in given.formats:
        name = user_name(line.uid)
        uid = f"{name if not re.match(r'u\d+_a', name) and line.uid not in (0, 1000) else line.uid:>5} "
    prefix = f"{stamp}.{part} {uid}{line.pid:>5} {line.pid:>5} {line.level} {line.tag:<8}: "
    if "brief" in given.formats:
        prefix = f"{line.level}/{line.tag:<8}({line.pid:>5}): "
    return "".join(f"{prefix}{each}\n" for each in line.message.split("\n"))


async def logcat(ctx: Context, args: list[str]) -> int:
    zone = ctx.state.clock.zone
    given = parse_options(args)
    rings = ctx.state.log
    if given.clear:
        rings.clear(given.buffers)
        return 0
    lines = [line for line in rings.lines(given.buffers) if accepts(given, line)]
    if given.since is not None:
        lines = [line for line in lines if line.ns >= given.since]
    if given.tail is not None:
        lines = lines[-given.tail :] if given.tail else []
    seen = rings.serial
    begun: set[str] = set()
    while True:
        out = []
        for line in lines:
            if line.buffer not in begun:
                begun.add(line.buffer)
                out.append(f"--------- beginning of {line.buffer}\n")
            out.append(as_text(given, line, zone))
        if out:
            await ctx.out.write("".join(out).encode("utf-8", "surrogateescape"))
        if given.dump:
            return 0
        await rings.wait(seen)
        fresh = rings.lines(given.buffers, seen)
        seen = rings.serial
        lines = [line for line in fresh if accepts(given, line)]


COMMANDS = {"logcat": logcat}
