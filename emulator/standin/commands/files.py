"""Files: their content, what is there, who may do what with them, and mounts."""

import os
import posixpath
import re
import shutil
import stat as st_mod
from collections.abc import Callable
from typing import Any

from emulator.standin.files.proc import mount_table
from emulator.standin.shell.context import CommandFunction, Context

from .common import Usage, for_each, options, user_id, user_name

#: What the shell user may not read.
ROOTS = ("/data/system/", "/sys/class/net/")


async def cat(ctx: Context, args: list[str]) -> int:
    async def show(path: str) -> None:
        if ctx.shell.uid and ctx.state.fs.norm(path, ctx.cwd).startswith(ROOTS):
            raise PermissionError(13, "Permission denied", path)
        if path != "-":
            await ctx.out.write(ctx.state.fs.read(path, ctx.cwd))
            return
        while chunk := await ctx.stdin.read():
            await ctx.out.write(chunk)

    return await for_each(ctx, "cat", args or ["-"], show)


async def mkdir(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "p")
    return await for_each(ctx, "mkdir", paths, lambda path: ctx.state.fs.mkdir(path, ctx.cwd, parents="p" in given))


async def rm(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "rRf")
    fs = ctx.state.fs

    def remove(path: str) -> None:
        try:
            mode = fs.stat(path, ctx.cwd, follow=False).mode
        except OSError:
            if "f" in given:
                return
            raise
        if st_mod.S_ISDIR(mode):
            if "r" not in given and "R" not in given:
                raise IsADirectoryError(21, "Is a directory")
            fs.rmtree(path, ctx.cwd)
        else:
            fs.remove(path, ctx.cwd)

    return await for_each(ctx, "rm", paths, remove)


def _target(ctx: Context, source: str, into: str, many: bool) -> str:
    if ctx.state.fs.is_dir(into, ctx.cwd):
        return posixpath.join(into, posixpath.basename(source.rstrip("/")))
    if many:
        raise NotADirectoryError(20, "Not a directory")
    return into


async def cp(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "rRf")
    if len(paths) < 2:
        raise Usage("Need 2 arguments")
    fs = ctx.state.fs

    def copy(source: str, target: str, inside: bool = False) -> None:
        """``inside``: of a folder that is copied, where links stay links."""
        made = fs.virtual(fs.norm(source, ctx.cwd))
        if made is not None:
            fs.write(target, made, ctx.cwd)
        elif inside and st_mod.S_ISLNK(fs.stat(source, ctx.cwd, follow=False).mode):
            fs.symlink(fs.readlink(source, ctx.cwd), target, ctx.cwd)
        elif fs.is_dir(source, ctx.cwd):
            if not {"r", "R"} & given.keys():
                raise IsADirectoryError(21, "Is a directory")
            names = fs.listdir(source, ctx.cwd)  # before the copy is made: it may lie inside
            fs.mkdir(target, ctx.cwd, parents=True)
            for name in names:
                copy(posixpath.join(source, name), posixpath.join(target, name), inside=True)
        else:
            flags = os.O_WRONLY | os.O_CREAT
            with (
                os.fdopen(fs.open(source, ctx.cwd), "rb") as real,
                os.fdopen(fs.open(target, ctx.cwd, flags), "wb") as to,
            ):
                if os.path.sameopenfile(real.fileno(), to.fileno()):
                    raise OSError(22, "same file")
                to.truncate()
                shutil.copyfileobj(real, to)

    def put(source: str) -> None:
        copy(source, _target(ctx, source, paths[-1], len(paths) > 2))

    return await for_each(ctx, "cp", paths[:-1], put)


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
    given, paths = options(args, "lad1Z")
    fs = ctx.state.fs

    async def show(path: str, name: str) -> None:
        await ctx.say(_long(ctx, path, name, "Z" in given) if "l" in given else name)

    async def each(path: str) -> None:
        mode = fs.stat(path, ctx.cwd, follow="l" not in given or path.endswith("/")).mode
        if "d" in given or not st_mod.S_ISDIR(mode):
            await show(path, path)
            return
        if len(paths) > 1:
            await ctx.say(f"{path}:")
        for name in fs.listdir(path, ctx.cwd):
            if "a" in given or name[0] != ".":
                await show(posixpath.join(path, name), name)

    return await for_each(ctx, "ls", paths or ["."], each)


def _changes(name: str, read: Callable[[str], dict[str, Any]]) -> CommandFunction:
    """A command whose first argument, as ``read`` understands it, is set on the files that follow."""

    async def run(ctx: Context, args: list[str]) -> int:
        _, rest = options(args, "")
        if len(rest) < 2:
            raise Usage("Need 2 arguments")
        wanted = read(rest[0])
        return await for_each(ctx, name, rest[1:], lambda path: ctx.state.fs.set_meta(path, ctx.cwd, **wanted))

    return run


def _owner(text: str) -> dict[str, Any]:
    owner, _, group = re.sub(r"[.:]", ":", text, count=1).partition(":")
    return {key: user_id(name) for key, name in (("uid", owner), ("gid", group)) if name}


def _context(text: str) -> dict[str, Any]:
    if len(text.split(":")) < 4:
        raise Usage(f"'{text}': Invalid argument")
    return {"context": text}


async def mount(ctx: Context, args: list[str]) -> int:
    if not args:
        for line in mount_table(ctx.state).splitlines():
            source, at, kind, flags, *_ = line.split()
            await ctx.say(f"{source} on {at} type {kind} ({flags})")
        return 0
    bind = "--bind" in args
    given, paths = options([a for a in args if a != "--bind"], "", "t")
    kind = "bind" if bind else given.get("t", "")
    if kind not in ("tmpfs", "bind") or len(paths) != 2:
        raise Usage(f"'{paths[0] if paths else ''}'->'{paths[-1] if paths else ''}': Invalid argument")
    try:
        ctx.state.fs.mount(kind, paths[0], paths[1], ctx.cwd)
    except OSError as bad:
        raise Usage(f"'{paths[0]}'->'{paths[1]}': {bad.strerror}") from None
    return 0


async def umount(ctx: Context, args: list[str]) -> int:
    _, paths = options(args, "l")
    return await for_each(ctx, "umount", paths, lambda p: ctx.state.fs.umount(p, ctx.cwd))


COMMANDS = {
    "cat": cat,
    "mkdir": mkdir,
    "rm": rm,
    "cp": cp,
    "ls": ls,
    "chmod": _changes("chmod", lambda text: {"mode": int(text, 8)}),
    "chown": _changes("chown", _owner),
    "chcon": _changes("chcon", _context),
    "mount": mount,
    "umount": umount,
}
