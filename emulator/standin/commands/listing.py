"""What files are there: ls."""

import posixpath
import stat as st_mod

from emulator.standin.shell.context import Context

from .common import options, user_name


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
    given, paths = options(args, "lad1ARZhnrtFp")
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


COMMANDS = {
    "ls": ls,
}
