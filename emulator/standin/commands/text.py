"""Text: echo, printf, test, head, tail, wc, grep, sort, tr, cut, sed is not there; md5sum and sha256sum."""

from __future__ import annotations

import hashlib
import re
import stat as st_mod

from standin.shellcontext import Context
from standin.streams import read_all

from .options import Usage, bad_usage, options


async def echo(ctx: Context, args: list[str]) -> int:
    newline, escapes = True, False
    while args and args[0] in ("-n", "-e", "-ne", "-en"):
        newline, escapes = newline and "n" not in args[0], escapes or "e" in args[0]
        args = args[1:]
    text = " ".join(args)
    if escapes:
        text = _unescape(text)
    await ctx.out.write((text + ("\n" if newline else "")).encode("utf-8", "surrogateescape"))
    return 0


def _unescape(text: str) -> str:
    table = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "0": "\0"}
    return re.sub(r"\\([nt\\r0])", lambda m: table[m.group(1)], text)


async def printf(ctx: Context, args: list[str]) -> int:
    if not args:
        return await bad_usage(ctx, "printf", "Needs 1 argument")
    values = list(args[1:])
    template = _unescape(args[0])
    once = True
    while once or values:
        once = False

        def fill(match: re.Match[str]) -> str:
            kind = match.group(2)
            if kind == "%":
                return "%"
            value = values.pop(0) if values else ""
            spec = "%" + match.group(1) + kind
            return spec % (int(value or 0, 0) if kind in "dxXou" else value)

        before = len(values)
        text = re.sub(r"%([-0-9.]{0,6})([sdxXou%])", fill, template)
        await ctx.out.write(text.encode("utf-8", "surrogateescape"))
        if len(values) == before:
            break
    return 0


async def test(ctx: Context, args: list[str]) -> int:
    try:
        return 0 if _test(ctx, args) else 1
    except (IndexError, ValueError) as bad:
        await ctx.complain(f"test: {bad}")
        return 2


async def bracket(ctx: Context, args: list[str]) -> int:
    if not args or args[-1] != "]":
        await ctx.complain("[: missing ]")
        return 2
    return await test(ctx, args[:-1])


def _test(ctx: Context, args: list[str]) -> bool:
    fs = ctx.state.fs
    if not args:
        return False
    for joint in ("-o", "-a"):
        if joint in args[1:-1] and len(args) > 3:
            at = args.index(joint, 1)
            left, right = _test(ctx, args[:at]), _test(ctx, args[at + 1 :])
            return left or right if joint == "-o" else left and right
    if args[0] == "!":
        return not _test(ctx, args[1:])
    if len(args) == 1:
        return args[0] != ""
    if len(args) == 2:
        operator, value = args
        if operator in ("-n", "-z"):
            return (value != "") == (operator == "-n")
        if operator in ("-e", "-r", "-w"):
            return fs.exists(value, ctx.cwd)
        if not fs.exists(value, ctx.cwd) and operator not in ("-L", "-h"):
            if operator in ("-f", "-d", "-s", "-x"):
                return False
            raise ValueError(f"{operator}: unknown operator")
        try:
            st = fs.stat(value, ctx.cwd, follow=operator not in ("-L", "-h"))
        except OSError:
            return False
        checks = {
            "-f": st_mod.S_ISREG(st.mode),
            "-d": st_mod.S_ISDIR(st.mode),
            "-s": st.size > 0,
            "-x": bool(st.mode & 0o111),
        }
        checks |= {"-L": st_mod.S_ISLNK(st.mode), "-h": st_mod.S_ISLNK(st.mode)}
        if operator not in checks:
            raise ValueError(f"{operator}: unknown operator")
        return checks[operator]
    if len(args) == 3:
        left, operator, right = args
        if operator in ("=", "=="):
            return left == right
        if operator == "!=":
            return left != right
        numbers = {"-eq": "__eq__", "-ne": "__ne__", "-lt": "__lt__", "-le": "__le__", "-gt": "__gt__", "-ge": "__ge__"}
        if operator in numbers:
            return bool(getattr(int(left), numbers[operator])(int(right)))
        raise ValueError(f"{operator}: unknown operator")
    raise ValueError("too many arguments")


async def _inputs(ctx: Context, name: str, paths: list[str]) -> list[tuple[str, bytes]]:
    if not paths:
        return [("-", await read_all(ctx.stdin))]
    found = []
    for path in paths:
        try:
            found.append((path, await read_all(ctx.stdin) if path == "-" else ctx.state.fs.read(path, ctx.cwd)))
        except OSError as bad:
            await ctx.complain(f"{name}: {path}: {bad.strerror}")
    return found


async def head(ctx: Context, args: list[str]) -> int:
    args = [f"-n{a[1:]}" if re.fullmatch(r"-\d+", a) else a for a in args]
    given, paths = options(args, "q", "nc")
    if not paths and "c" not in given:  # stop reading early, so that endless input ends
        left = int(given.get("n", 10))
        while left > 0 and (chunk := await ctx.stdin.read()):
            lines = chunk.splitlines(keepends=True)[:left]
            left -= sum(line.endswith(b"\n") for line in lines)
            await ctx.out.write(b"".join(lines))
        return 0
    for _, data in await _inputs(ctx, "head", paths):
        part = (
            data[: int(given["c"])]
            if "c" in given
            else b"".join(data.splitlines(keepends=True)[: int(given.get("n", 10))])
        )
        await ctx.out.write(part)
    return 0


async def tail(ctx: Context, args: list[str]) -> int:
    args = [f"-n{a[1:]}" if re.fullmatch(r"-\d+", a) else a for a in args]
    given, paths = options(args, "", "nc")
    text = given.get("n", "10")
    for _, data in await _inputs(ctx, "tail", paths):
        if "c" in given:
            await ctx.out.write(data[-int(given["c"]) :])
            continue
        lines = data.splitlines(keepends=True)
        count = int(text.lstrip("+-"))
        await ctx.out.write(b"".join(lines[count - 1 :] if text[0] == "+" else lines[-count:] if count else []))
    return 0


async def wc(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "lwcm")
    for path, data in await _inputs(ctx, "wc", paths):
        counts = {
            "l": data.count(b"\n"),
            "w": len(data.split()),
            "c": len(data),
            "m": len(data.decode("utf-8", "replace")),
        }
        shown = [str(counts[k]) for k in ("l", "w", "c", "m") if k in (given or "lwc")]
        await ctx.say(" ".join(shown) + (f" {path}" if path != "-" else ""))
    return 0


async def grep(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "EFivcqnlwohHs", "em")
    if "e" in given:
        rest.insert(0, given["e"])
    if not rest:
        return await bad_usage(ctx, "grep", "Needs 1 argument")
    pattern = rest[0] if "F" not in given else re.escape(rest[0])
    if "E" not in given and "F" not in given:
        pattern = re.sub(r"\\([|+?(){}])|([|+?(){}])", lambda m: m.group(1) or "\\" + m.group(2), pattern)
    pattern = re.sub(r"\[\[:space:\]\]", r"\\s", pattern)
    if len(pattern) > 500:
        return await bad_usage(ctx, "grep", "pattern too long")
    try:
        regex = re.compile((rf"\b(?:{pattern})\b" if "w" in given else pattern).encode(), re.I if "i" in given else 0)
    except re.error as bad:
        return await bad_usage(ctx, "grep", f"bad REGEX '{rest[0]}': {bad}")
    found = 0
    many = len(rest) > 2
    sources = rest[1:]
    if not sources:
        return await _grep_stream(ctx, regex, given)
    for path, data in await _inputs(ctx, "grep", sources):
        count = 0
        for number, line in enumerate(data.splitlines(), 1):
            if (regex.search(line) is None) != ("v" in given):
                continue
            count += 1
            if not {"q", "c", "l"} & given.keys():
                prefix = (path + ":" if (many or "H" in given) and "h" not in given else "") + (
                    f"{number}:" if "n" in given else ""
                )
                await ctx.out.write(prefix.encode() + line + b"\n")
        found += count
        if "c" in given:
            await ctx.say((f"{path}:" if many else "") + str(count))
        elif "l" in given and count:
            await ctx.say(path)
    return 0 if found else 1


async def _grep_stream(ctx: Context, regex: re.Pattern[bytes], given: dict[str, str]) -> int:
    """Line by line, so that `logcat | grep x` shows lines as they come."""
    rest, count, number = b"", 0, 0
    limit = int(given.get("m", 1 << 60))
    while count < limit:
        chunk = await ctx.stdin.read()
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        if not chunk and rest:
            lines, rest = [rest], b""
        out = bytearray()
        for line in lines:
            number += 1
            if (regex.search(line) is None) != ("v" in given) or count >= limit:
                continue
            count += 1
            if "o" in given:
                out += b"".join(m.group(0) + b"\n" for m in regex.finditer(line))
            else:
                out += (f"{number}:".encode() if "n" in given else b"") + line + b"\n"
        if out and not {"q", "c"} & given.keys():
            await ctx.out.write(bytes(out))
        if not chunk or (count and "q" in given):
            break
    if "c" in given:
        await ctx.say(str(count))
    return 0 if count else 1


async def sort(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "urn")
    lines = [line for _, data in await _inputs(ctx, "sort", paths) for line in data.splitlines()]

    def number(line: bytes) -> tuple[float, bytes]:
        match = re.match(rb"\s*-?\d+(\.\d+)?", line)
        return (float(match.group(0)) if match else 0.0, line)

    lines = sorted(set(lines) if "u" in given else lines, key=number if "n" in given else None, reverse="r" in given)
    await ctx.out.write(b"".join(line + b"\n" for line in lines))
    return 0


async def cut(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "s", "dfc")
    mark = given.get("d", "\t").encode()
    spec = given.get("f") or given.get("c")
    if not spec or not re.fullmatch(r"\d*-?\d*(,\d*-?\d*)*", spec):
        return await bad_usage(ctx, "cut", "bad list")
    for _, data in await _inputs(ctx, "cut", paths):
        for line in data.splitlines():
            fields = line.split(mark) if "f" in given else [bytes([b]) for b in line]
            keep: list[bytes] = []
            for part in spec.split(","):
                low, dash, high = part.partition("-")
                first, end = int(low or 1), int(high) if high else (len(fields) if dash else int(low or 1))
                keep += fields[first - 1 : end]
            await ctx.out.write((mark if "f" in given else b"").join(keep) + b"\n")
    return 0


async def tr(ctx: Context, args: list[str]) -> int:
    given, sets = options(args, "d")
    data = await read_all(ctx.stdin)
    first = _unescape(sets[0]).encode() if sets else b""
    if "d" in given:
        await ctx.out.write(data.translate(None, first))
        return 0
    if len(sets) != 2 or "-" in sets[0] or "[" in sets[0]:
        return await bad_usage(ctx, "tr", "only plain sets are supported")
    second = _unescape(sets[1]).encode()
    second = (second + second[-1:] * len(first))[: len(first)]
    await ctx.out.write(data.translate(bytes.maketrans(first, second)))
    return 0


async def xargs(ctx: Context, args: list[str]) -> int:
    given, words = options(args, "r0", "n", stop_early=True)
    values = (await read_all(ctx.stdin)).decode("utf-8", "replace").split()
    if not words or ("n" in given and not given["n"].isdigit()):
        return await bad_usage(ctx, "xargs", "needs a command")
    size = int(given.get("n", len(values) or 1)) or 1
    code = 0
    for start in range(0, len(values), size):
        code = max(code, await ctx.shell.call([*words, *values[start : start + size]], ctx))
    return code


def _hasher(kind: str) -> object:
    async def run(ctx: Context, args: list[str]) -> int:
        try:
            given, paths = options(args, "b")
        except Usage as bad:
            return await bad_usage(ctx, kind, str(bad))
        inputs = await _inputs(ctx, kind, paths)
        for path, data in inputs:
            digest = hashlib.new(kind.removesuffix("sum"), data, usedforsecurity=False).hexdigest()
            await ctx.say(digest if "b" in given else f"{digest}  {path}")
        return 0 if len(inputs) >= len(paths) else 1

    return run


COMMANDS = {
    "echo": echo,
    "printf": printf,
    "test": test,
    "[": bracket,
    "head": head,
    "tail": tail,
    "wc": wc,
    "grep": grep,
    "egrep": lambda ctx, args: grep(ctx, ["-E", *args]),
    "fgrep": lambda ctx, args: grep(ctx, ["-F", *args]),
    "sort": sort,
    "cut": cut,
    "tr": tr,
    "xargs": xargs,
    "md5sum": _hasher("md5sum"),
    "sha1sum": _hasher("sha1sum"),
    "sha256sum": _hasher("sha256sum"),
}
