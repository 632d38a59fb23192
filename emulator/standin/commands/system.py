"""Who one is on the device: id."""

from __future__ import annotations

from emulator.standin.shell.context import Context

from .common import options, user_name

GROUPS = (
    "0(root),1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),1078(ext_data_rw),1079(ext_obb_rw),"
    "3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc),3011(uhid),3012(readtracefs)"
)


async def identity(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "ugnGZ")
    uid = ctx.shell.uid if not rest else 2000 if rest[0] == "shell" else 0
    domain = "u:r:shell:s0" if uid else "u:r:su:s0"
    if "u" in given or "g" in given:
        await ctx.say(user_name(uid) if "n" in given else str(uid))
    elif "Z" in given:
        await ctx.say(domain)
    else:
        await ctx.say(f"uid={uid}({user_name(uid)}) gid={uid}({user_name(uid)}) groups={GROUPS} context={domain}")
    return 0


COMMANDS = {"id": identity}
