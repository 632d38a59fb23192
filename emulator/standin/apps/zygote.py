"""Zygote's end, and the program that brings it about: a frida-server that was pushed and is run."""

import posixpath

from emulator.standin.shell.context import Context
from emulator.standin.state.device import DeviceState

ELF = b"\x7fELF"


async def end_zygote(state: DeviceState, *, again: bool = True) -> None:
    """Zygote dies, and every app with it; init starts it again unless it is stopped."""
    state.zygote, state.next_zygote = (state.next_zygote if again else 0), state.next_zygote + 1
    for package in {one.package for one in state.app.processes.values()}:
        await state.app.force_stop(package)


async def serve(ctx: Context, path: str, args: list[str]) -> bool:
    """Runs a program that was pushed: nothing but a frida-server, and only where a trait says so. Whether it runs."""
    if not ctx.state.traits.frida_server or ctx.shell.uid:
        return False
    port = next((word.rpartition(":")[2] for word in args if word.rpartition(":")[2].isdigit()), "27042")
    ctx.state.served[posixpath.basename(path)] = int(port)
    if not ctx.state.traits.spares_zygote and ctx.state.zygote:
        await end_zygote(ctx.state)
    return True
