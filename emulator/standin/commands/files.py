"""Files: cat, mkdir, rm, cp, ln."""

import os
import posixpath
import shutil
import stat as st_mod

from emulator.standin.shell.context import Context

from .common import Usage, for_each, options


async def cat(ctx: Context, args: list[str]) -> int:
    code = 0
    for path in args or ["-"]:
        if path == "-":
            while chunk := await ctx.stdin.read():
                await ctx.out.write(chunk)
            continue
        try:
            await ctx.out.write(ctx.state.fs.read(path, ctx.cwd))
        except BrokenPipeError:
            raise
        except OSError as bad:
            await ctx.complain(f"cat: {path}: {bad.strerror}")
            code = 1
    return code


async def mkdir(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "pv", "m")

    def make(path: str) -> None:
        ctx.state.fs.mkdir(path, ctx.cwd, parents="p" in given)
        if "m" in given:
            ctx.state.fs.set_meta(path, ctx.cwd, mode=int(given["m"], 8))

    return await for_each(ctx, "mkdir", paths, make)


async def rm(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "rRfv")
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
    given, paths = options(args, "rRafpfTdn")
    if len(paths) < 2:
        raise Usage("Need 2 arguments")
    fs = ctx.state.fs

    def copy(source: str) -> None:
        target = _target(ctx, source, paths[-1], len(paths) > 2)
        made = fs.virtual(fs.norm(source, ctx.cwd))
        if made is not None:
            fs.write(target, made, ctx.cwd)
            return
        if fs.is_dir(source, ctx.cwd):
            if not {"r", "R", "a"} & given.keys():
                raise IsADirectoryError(21, "Is a directory")
            below(source, target)
        else:
            one(source, target)
        if {"p", "a"} & given.keys():
            st = fs.stat(source, ctx.cwd)
            meta = {"uid": st.uid, "gid": st.gid, "mode": st.mode, "mtime": st.mtime}
            fs.set_meta(target, ctx.cwd, context=st.context, **meta)

    def one(source: str, target: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT
        with os.fdopen(fs.open(source, ctx.cwd), "rb") as real, os.fdopen(fs.open(target, ctx.cwd, flags), "wb") as to:
            if os.path.sameopenfile(real.fileno(), to.fileno()):
                raise OSError(22, "same file")
            to.truncate()
            shutil.copyfileobj(real, to)

    def below(source: str, target: str) -> None:
        names = fs.listdir(source, ctx.cwd)  # before the copy is made: it may lie inside
        fs.mkdir(target, ctx.cwd, parents=True)
        for name in names:
            inner, to = posixpath.join(source, name), posixpath.join(target, name)
            mode = fs.stat(inner, ctx.cwd, follow=False).mode
            if st_mod.S_ISLNK(mode):
                fs.symlink(fs.readlink(inner, ctx.cwd), to, ctx.cwd)
            elif st_mod.S_ISDIR(mode):
                below(inner, to)
            else:
                one(inner, to)

    return await for_each(ctx, "cp", paths[:-1], copy)


async def ln(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "sfn")
    if "s" not in given or len(paths) != 2:
        raise Usage("only 'ln -s TARGET NAME' is supported")
    ctx.state.fs.symlink(paths[0], _target(ctx, paths[0], paths[1], many=False), ctx.cwd, force="f" in given)
    return 0


COMMANDS = {
    "cat": cat,
    "mkdir": mkdir,
    "rm": rm,
    "cp": cp,
    "ln": ln,
}
