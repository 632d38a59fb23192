"""Files: cat, mkdir, rm, rmdir, cp, mv, touch, ln, pwd."""

from __future__ import annotations

import os
import posixpath
import shutil
import stat as st_mod

from standin.shellcontext import Context

from .options import bad_usage, options
from .paths import for_each


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
        real = ctx.state.fs.host(path, ctx.cwd)
        if "p" in given:
            real.mkdir(parents=True, exist_ok=True)
        else:
            real.mkdir()
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


async def rmdir(ctx: Context, args: list[str]) -> int:
    return await for_each(ctx, "rmdir", options(args, "p")[1], lambda p: ctx.state.fs.host(p, ctx.cwd).rmdir())


def _target(ctx: Context, source: str, into: str, many: bool) -> str:
    if ctx.state.fs.is_dir(into, ctx.cwd):
        return posixpath.join(into, posixpath.basename(source.rstrip("/")))
    if many:
        raise NotADirectoryError(20, "Not a directory")
    return into


async def cp(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "rRafpfTdn")
    if len(paths) < 2:
        return await bad_usage(ctx, "cp", "Needs 2 arguments")
    fs = ctx.state.fs

    def copy(source: str) -> None:
        target = _target(ctx, source, paths[-1], len(paths) > 2)
        made = fs.virtual(fs.norm(source, ctx.cwd))
        if made is not None:
            fs.write(target, made, ctx.cwd)
            return
        real, to = fs.host(source, ctx.cwd), fs.host(target, ctx.cwd)
        if real.is_dir():
            if not {"r", "R", "a"} & given.keys():
                raise IsADirectoryError(21, "Is a directory")
            shutil.copytree(real, to, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copyfile(real, to)
        if {"p", "a"} & given.keys():
            st = fs.stat(source, ctx.cwd)
            fs.set_meta(target, ctx.cwd, uid=st.uid, gid=st.gid, mode=st.mode, context=st.context)
            os.utime(to, (st.mtime, st.mtime))

    return await for_each(ctx, "cp", paths[:-1], copy)


async def mv(ctx: Context, args: list[str]) -> int:
    _, paths = options(args, "fnv")
    if len(paths) < 2:
        return await bad_usage(ctx, "mv", "Needs 2 arguments")
    fs = ctx.state.fs

    def move(source: str) -> None:
        real = fs.host(source, ctx.cwd, follow=False)
        if real == fs.root or any(m.host == real or real in m.host.parents for m in fs.mounts):
            raise OSError(16, "Device or resource busy")
        real.replace(fs.host(_target(ctx, source, paths[-1], len(paths) > 2), ctx.cwd))

    return await for_each(ctx, "mv", paths[:-1], move)


async def touch(ctx: Context, args: list[str]) -> int:
    _, paths = options(args, "acm")
    return await for_each(ctx, "touch", paths, lambda p: ctx.state.fs.write(p, b"", ctx.cwd, append=True))


async def ln(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "sfn")
    if "s" not in given or len(paths) != 2:
        return await bad_usage(ctx, "ln", "only 'ln -s TARGET NAME' is supported")
    link = ctx.state.fs.host(_target(ctx, *paths, many=False), ctx.cwd, follow=False)
    if "f" in given:
        link.unlink(missing_ok=True)
    link.symlink_to(paths[0])
    return 0


async def pwd(ctx: Context, args: list[str]) -> int:
    await ctx.say(ctx.cwd)
    return 0


COMMANDS = {
    "cat": cat,
    "mkdir": mkdir,
    "rm": rm,
    "rmdir": rmdir,
    "cp": cp,
    "mv": mv,
    "touch": touch,
    "ln": ln,
    "pwd": pwd,
}
