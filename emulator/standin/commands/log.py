"""logcat."""

import fnmatch
import itertools
import re
import struct
from dataclasses import dataclass
from datetime import datetime, tzinfo

from emulator.standin.shell.context import Context
from emulator.standin.state.log import BUFFERS, LogLine

from .common import Usage, options, user_name

_LEVELS = "VDIWEFS"
_NUMBERS = {"main": 0, "radio": 1, "events": 2, "system": 3, "crash": 4}
_LONGEST = 4068
_FORMATS = {"brief", "threadtime", "epoch", "uid"}


@dataclass
class Options:
    """What the command line asks for. ``since``: in ns."""

    buffers: list[str]
    formats: set[str]
    filters: list[tuple[str, str]]
    dump: bool
    clear: bool
    binary: bool
    tail: int | None = None
    since: int | None = None


def parse_options(args: list[str]) -> Options:
    """Options of logcat; ValueError with what is wrong."""
    found, filters = options(args, "dcsB", "bvtT")
    each = {  # of options that may be given again and again
        letter: [value for option, value in itertools.pairwise(args) if option == f"-{letter}"] for letter in "bv"
    }
    asked = ",".join(each["b"] or [found.get("b", "main,system,crash")]).split(",")
    formats = set(re.split(r"[, ]+", ",".join(each["v"] or [found.get("v", "threadtime")])))
    if unknown := [name for name in asked if name not in (*BUFFERS, "all")]:
        raise Usage(f"unknown buffer '{unknown[0]}'")
    if odd := formats - _FORMATS:
        raise Usage(f"Invalid parameter '{odd.pop()}' to -v")
    given = Options(
        list(dict.fromkeys(BUFFERS if "all" in asked else asked)), formats, [("*", "S")] * ("s" in found),
        dump="d" in found or "t" in found, clear="c" in found, binary="B" in found,
    )  # fmt: skip
    for text in filters:
        tag, _, level = text.partition(":")
        if level.upper() not in [*_LEVELS, ""]:
            raise Usage(f"Invalid filter expression '{text}'")
        given.filters.append((tag or "*", level.upper() or "V"))
    from_ = found.get("t") or found.get("T") or ""
    if from_.isdigit():
        given.tail = int(from_)
    elif match := re.fullmatch(r"(\d+)\.(\d{1,9})", from_):
        given.since = int(match[1]) * 1_000_000_000 + int(match[2].ljust(9, "0"))
    elif from_:
        raise Usage(f'-T "{from_}" not in time format')
    return given


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


def as_bytes(line: LogLine, tags: dict[str, int]) -> bytes:
    """An entry as logd keeps it (struct logger_entry), which -B shows unchanged."""
    if line.buffer == "events":
        body = b"".join(map(_value, line.values))
        if len(line.values) > 1:
            body = bytes([3, len(line.values)]) + body
        body = struct.pack("<I", tags.get(line.tag, 0)) + body
    else:
        body = bytes([_LEVELS.find(line.level) + 2]) + _bytes(line.tag) + b"\0" + _bytes(line.message) + b"\0"
    body = body[:_LONGEST]
    seconds, part = divmod(line.ns, 1_000_000_000)
    number = _NUMBERS[line.buffer]
    return struct.pack("<HHiIIIII", len(body), 28, line.pid, line.pid, seconds, part, number, line.uid) + body


def _value(value: object) -> bytes:
    if isinstance(value, int):
        return struct.pack("<Bi", 0, value) if -(1 << 31) <= value < 1 << 31 else struct.pack("<Bq", 1, value)
    text = _bytes(str(value))
    return struct.pack("<BI", 2, len(text)) + text


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


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
    rows = ctx.state.fs.read("/dev/event-log-tags").decode().splitlines()
    tags = {name: int(number) for number, name, *_ in map(str.split, rows) if number.isdigit()}
    while True:
        if given.binary:
            await ctx.out.write(b"".join(as_bytes(line, tags) for line in lines))
            lines = []
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
