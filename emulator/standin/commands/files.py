"""Files: cat, ls, mkdir, rm, cp, mv, chmod, chown, chcon, touch, ln, readlink, stat, find, mount, umount."""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
import shutil
import stat as st_mod

from standin.proc import mount_table
from standin.shellcontext import Context

from .options import Usage, bad_usage, options

NAMES = {0: "root", 1000: "system", 1001: "radio", 1023: "media_rw", 2000: "shell", 3003: "inet", 9997: "everybody"}
IDS = {name: number for number, name in NAMES.items()}


def user_name(uid: int) -> str:
    """`root`, `shell`, `u0_a123`, or the number."""
    if uid in NAMES:
        return NAMES[uid]
    return f"u0_a{uid - 10000}" if 10000 <= uid < 20000 else str(uid)


def user_id(name: str) -> int:
    """Reverse of `user_name`; ValueError if unknown."""
    if name in IDS:
        return IDS[name]
    if match := re.fullmatch(r"u0_a(\d+)", name):
        return 10000 + int(match.group(1))
    if name.isdigit():
        return int(name)
    raise ValueError(f"bad user '{name}'")


async def _each(ctx: Context, name: str, paths: list[str], action: object) -> int:
    code = 0
    for path in paths:
        try:
            action(path)  # type: ignore[operator]
        except OSError as bad:
            await ctx.complain(f"{name}: {path}: {bad.strerror}")
            code = 1
    return code


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


def _long(ctx: Context, path: str, name: str, context: bool) -> str:
    st = ctx.state.fs.stat(path, ctx.cwd, follow=False)
    when = ctx.state.clock.local(st.mtime * 1000).strftime("%Y-%m-%d %H:%M")
    arrow = ""
    if st_mod.S_ISLNK(st.mode):
        arrow = f" -> {os.fsdecode(os.readlink(ctx.state.fs.host(path, ctx.cwd, follow=False)))}"  # noqa: PTH115
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

    return await _each(ctx, "mkdir", paths, make)


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

    return await _each(ctx, "rm", paths, remove)


async def rmdir(ctx: Context, args: list[str]) -> int:
    return await _each(ctx, "rmdir", options(args, "p")[1], lambda p: ctx.state.fs.host(p, ctx.cwd).rmdir())


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

    return await _each(ctx, "cp", paths[:-1], copy)


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

    return await _each(ctx, "mv", paths[:-1], move)


async def chmod(ctx: Context, args: list[str]) -> int:
    recursive = "-R" in args
    rest = [a for a in args if a not in ("-R", "-f")]
    if len(rest) < 2:
        return await bad_usage(ctx, "chmod", "Needs 2 arguments")
    fs = ctx.state.fs

    def change(path: str) -> None:
        for each in _tree(ctx, path) if recursive else [path]:
            fs.set_meta(each, ctx.cwd, mode=_mode(rest[0], fs.stat(each, ctx.cwd).mode))

    return await _each(ctx, "chmod", rest[1:], change)


def _mode(text: str, old: int) -> int:
    if re.fullmatch(r"[0-7]{1,4}", text):
        return int(text, 8)
    mode = old & 0o7777
    for part in text.split(","):
        match = re.fullmatch(r"([ugoa]*)([-+=])([rwxX]*)", part)
        if not match:
            raise ValueError(f"bad mode '{text}'")
        who = match.group(1) or "a"
        bits = 0
        for letter in match.group(3):
            bits |= {"r": 4, "w": 2, "x": 1, "X": 1}[letter]
        mask = 0
        for group, shift in (("u", 6), ("g", 3), ("o", 0)):
            if group in who or "a" in who:
                mask |= bits << shift
                if match.group(2) == "=":
                    mode &= ~(7 << shift)
        mode = mode & ~mask if match.group(2) == "-" else mode | mask
    return mode


def _tree(ctx: Context, path: str) -> list[str]:
    found = [path]
    if st_mod.S_ISDIR(ctx.state.fs.stat(path, ctx.cwd, follow=len(found) == 1).mode):
        for name in ctx.state.fs.listdir(path, ctx.cwd):
            inner = posixpath.join(path, name)
            if st_mod.S_ISLNK(ctx.state.fs.stat(inner, ctx.cwd, follow=False).mode):
                found.append(inner)
            else:
                found += _tree(ctx, inner)
    return found


async def chown(ctx: Context, args: list[str]) -> int:
    recursive = "-R" in args
    rest = [a for a in args if a not in ("-R", "-h", "-f")]
    if len(rest) < 2:
        return await bad_usage(ctx, "chown", "Needs 2 arguments")
    owner, _, group = re.sub(r"[.:]", ":", rest[0], count=1).partition(":")
    uid = user_id(owner) if owner else None
    gid = user_id(group) if group else None

    def change(path: str) -> None:
        for each in _tree(ctx, path) if recursive else [path]:
            ctx.state.fs.set_meta(each, ctx.cwd, uid=uid, gid=gid)

    return await _each(ctx, "chown", rest[1:], change)


async def chgrp(ctx: Context, args: list[str]) -> int:
    rest = [a for a in args if a not in ("-R", "-h")]
    return await chown(ctx, [*(["-R"] if "-R" in args else []), ":" + rest[0], *rest[1:]]) if rest else 1


async def chcon(ctx: Context, args: list[str]) -> int:
    recursive = "-R" in args
    rest = [a for a in args if a not in ("-R", "-h", "-v")]
    if len(rest) < 2:
        return await bad_usage(ctx, "chcon", "Needs 2 arguments")
    if len(rest[0].split(":")) < 4:
        return await bad_usage(ctx, "chcon", f"'{rest[0]}': Invalid argument")

    def change(path: str) -> None:
        for each in _tree(ctx, path) if recursive else [path]:
            ctx.state.fs.set_meta(each, ctx.cwd, context=rest[0])

    return await _each(ctx, "chcon", rest[1:], change)


async def touch(ctx: Context, args: list[str]) -> int:
    _, paths = options(args, "acm")
    return await _each(ctx, "touch", paths, lambda p: ctx.state.fs.write(p, b"", ctx.cwd, append=True))


async def ln(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "sfn")
    if "s" not in given or len(paths) != 2:
        return await bad_usage(ctx, "ln", "only 'ln -s TARGET NAME' is supported")
    link = ctx.state.fs.host(_target(ctx, *paths, many=False), ctx.cwd, follow=False)
    if "f" in given:
        link.unlink(missing_ok=True)
    link.symlink_to(paths[0])
    return 0


async def readlink(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "fe")
    for path in paths:
        if given:
            await ctx.say(ctx.state.fs.device(ctx.state.fs.host(path, ctx.cwd)))
            continue
        real = ctx.state.fs.host(path, ctx.cwd, follow=False)
        if not real.is_symlink():
            return 1
        await ctx.say(str(real.readlink()))
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
        await ctx.say(re.sub(r"%([a-zA-Z])", lambda m, f=fields: str(f.get(m.group(1), "?")), given.get("c", default)))
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
            paths = _tree(ctx, start)
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


async def mount(ctx: Context, args: list[str]) -> int:
    if not args:
        for line in mount_table(ctx.state).splitlines():
            source, at, kind, flags, *_ = line.split()
            await ctx.say(f"{source} on {at} type {kind} ({flags})")
        return 0
    bind = "--bind" in args or "bind" in args
    given, paths = options([a for a in args if a != "--bind"], "rw", "to")
    paths = [p for p in paths if p != "bind"] if bind else paths
    kind = "bind" if bind or given.get("o", "") in ("bind", "rbind") else given.get("t", "")
    if "remount" in given.get("o", ""):
        return 0
    if kind not in ("tmpfs", "bind") or len(paths) != 2:
        return await bad_usage(
            ctx, "mount", f"'{paths[0] if paths else ''}'->'{paths[-1] if paths else ''}': Invalid argument"
        )
    try:
        ctx.state.fs.mount(kind, paths[0], paths[1], ctx.cwd)
    except OSError as bad:
        return await bad_usage(ctx, "mount", f"'{paths[0]}'->'{paths[1]}': {bad.strerror}")
    return 0


async def umount(ctx: Context, args: list[str]) -> int:
    _, paths = options(args, "lfr")
    return await _each(ctx, "umount", paths, lambda p: ctx.state.fs.umount(p, ctx.cwd))


async def pwd(ctx: Context, args: list[str]) -> int:
    await ctx.say(ctx.cwd)
    return 0


async def restorecon(ctx: Context, args: list[str]) -> int:
    return await _each(
        ctx, "restorecon", options(args, "RvF")[1], lambda p: ctx.state.fs.set_meta(p, ctx.cwd, context="")
    )


COMMANDS = {
    "cat": cat,
    "ls": ls,
    "mkdir": mkdir,
    "rm": rm,
    "rmdir": rmdir,
    "cp": cp,
    "mv": mv,
    "chmod": chmod,
    "chown": chown,
    "chgrp": chgrp,
    "chcon": chcon,
    "touch": touch,
    "ln": ln,
    "readlink": readlink,
    "realpath": realpath,
    "stat": stat,
    "find": find,
    "mount": mount,
    "umount": umount,
    "pwd": pwd,
    "restorecon": restorecon,
}
