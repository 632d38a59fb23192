"""What files are there: ls, stat, find, readlink, realpath."""

from __future__ import annotations

import fnmatch
import posixpath
import re
import stat as st_mod

from emulator.standin.shell.context import Context

from .options import Usage, bad_usage, options
from .owners import user_name
from .paths import tree


def _long(ctx: Context, path: str, name: str, context: bool) -> str:
    st = ctx.state.fs.stat(path, ctx.cwd, follow=False)
    when = ctx.state.clock.local(st.mtime * 1000).strftime("%Y-%m-%d %H:%M")
    arrow = ""
    if st_mod.S_ISLNK(st.mode):
        arrow = f" -> {ctx.state.fs.readlink(path, ctx.cwd)}"
    label = f"{st.context} " if context else ""
    mode = st_mod.filemode(st.mode)
    return f"{mode} {st.nlink} {user_name(st.uid)} {user_name(st.gid)} {label}{st.size:>7} {when} {name}{arrow}"


async def ls(ctx: Context, args: list[str]) -> int:
    try:
        given, paths = options(args, "lad1ARZhnrtFp")
    except Usage as bad:
        return await bad_usage(ctx, "ls", str(bad))
    fs, code = ctx.state.fs, 0

    async def show(path: str, name: str) -> None:
        if "l" in given:
            await ctx.say(_long(ctx, path, name, "Z" in given))
        elif "Z" in given:
            await ctx.say(f"{fs.stat(path, ctx.cwd).context} {name}")
        else:
            await ctx.say(name)

    async def listing(path: str) -> None:
        names = [n for n in fs.listdir(path, ctx.cwd) if "a" in given or "A" in given or n[0] != "."]
        if "l" in given:
            await ctx.say(
                f"total {sum(fs.stat(posixpath.join(path, n), ctx.cwd, follow=False).size // 512 for n in names)}"
            )
        for name in names:
            await show(posixpath.join(path, name), name)
        for name in names if "R" in given else []:
            inner = posixpath.join(path, name)
            if st_mod.S_ISDIR(fs.stat(inner, ctx.cwd, follow=False).mode):
                await ctx.say(f"\n{inner}:")
                await listing(inner)

    for path in paths or ["."]:
        try:
            mode = fs.stat(path, ctx.cwd, follow="l" not in given or path.endswith("/")).mode
            if "d" in given or not st_mod.S_ISDIR(mode):
                await show(path, path)
                continue
            if len(paths) > 1 or "R" in given:
                await ctx.say(f"{path}:")
            await listing(path)
        except BrokenPipeError:
            raise
        except OSError as bad:
            await ctx.complain(f"ls: {path}: {bad.strerror}")
            code = 1
    return code


async def readlink(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "fe")
    for path in paths:
        if given:
            await ctx.say(ctx.state.fs.device(ctx.state.fs.host(path, ctx.cwd)))
            continue
        try:
            await ctx.say(ctx.state.fs.readlink(path, ctx.cwd))
        except OSError:
            return 1
    return 0


async def realpath(ctx: Context, args: list[str]) -> int:
    return await readlink(ctx, ["-f", *args])


async def stat(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "Lf", "c")
    code = 0
    for path in paths:
        try:
            st = ctx.state.fs.stat(path, ctx.cwd, follow="L" in given)
        except OSError as bad:
            await ctx.complain(f"stat: '{path}': {bad.strerror}")
            code = 1
            continue
        fields = {
            "n": path,
            "N": path,
            "s": st.size,
            "a": f"{st.mode & 0o7777:o}",
            "A": st_mod.filemode(st.mode),
            "u": st.uid,
            "g": st.gid,
            "U": user_name(st.uid),
            "G": user_name(st.gid),
            "Y": st.mtime,
            "i": st.ino,
            "h": st.nlink,
            "C": st.context,
            "f": f"{st.mode:x}",
            "d": st.dev,
            "X": st.atime,
            "Z": st.ctime,
            "y": ctx.state.clock.local(st.mtime * 1000).strftime("%Y-%m-%d %H:%M:%S.000000000 %z"),
            "F": "directory"
            if st_mod.S_ISDIR(st.mode)
            else "symbolic link"
            if st_mod.S_ISLNK(st.mode)
            else "regular file",
        }
        default = "  File: %N\n  Size: %s\t %F\nDevice: %dd\t Inode: %i\t Links: %h\n"
        default += "Access: (%a/%A)\tUid: (%u/%U)\tGid: (%g/%G)\nModify: %y"
        parts = re.split(r"%([a-zA-Z])", given.get("c", default))
        parts[1::2] = [str(fields.get(letter, "?")) for letter in parts[1::2]]
        await ctx.say("".join(parts))
    return code


async def find(ctx: Context, args: list[str]) -> int:
    starts = []
    rest = list(args)
    while rest and not rest[0].startswith("-"):
        starts.append(rest.pop(0))
    name = kind = ""
    depth = 99
    while rest:
        option = rest.pop(0)
        if option == "-print":
            continue
        if option not in ("-name", "-type", "-maxdepth") or not rest:
            return await bad_usage(ctx, "find", f"bad option '{option}'")
        value = rest.pop(0)
        name, kind = (value if option == "-name" else name), (value if option == "-type" else kind)
        depth = int(value) if option == "-maxdepth" else depth
    code = 0
    for start in starts or ["."]:
        try:
            paths = tree(ctx, start)
        except OSError as bad:
            await ctx.complain(f"find: '{start}': {bad.strerror}")
            code = 1
            continue
        for path in paths:
            if path[len(start) :].strip("/").count("/") + (path != start) > depth:
                continue
            mode = ctx.state.fs.stat(path, ctx.cwd, follow=False).mode
            wanted = {"": True, "d": st_mod.S_ISDIR(mode), "f": st_mod.S_ISREG(mode), "l": st_mod.S_ISLNK(mode)}
            if wanted.get(kind, False) and (not name or fnmatch.fnmatchcase(posixpath.basename(path), name)):
                await ctx.say(path)
    return code


COMMANDS = {
    "ls": ls,
    "stat": stat,
    "find": find,
    "readlink": readlink,
    "realpath": realpath,
}
