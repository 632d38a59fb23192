"""What the shell is told of the device's identifiers: `service call iphonesubinfo`, `content query`."""

import re

from emulator.standin.shell.context import Context

#: By URI: the section of the state, and its names by column. The shell user is told no number of the SIM from 11 on.
_SIM = {"icc_id": "iccid", "number": "phone_no", "imsi": "imsi", "carrier_name": "sim_operator_name"}


async def service(ctx: Context, args: list[str]) -> int:
    """`service call iphonesubinfo 1 [s16 PACKAGE]`: the IMEI as a parcel. From Android 10 on without a package, which
    then must say who asks, an exception is in it."""
    if args[:3] != ["call", "iphonesubinfo", "1"]:
        name = args[1] if len(args) > 1 else ""
        return await ctx.complain(f"service: Service {name} does not exist", 10)
    asked = args[3:4] == ["s16"] or ctx.state.sdk < 29
    text = str(ctx.state.get("telephony.imei") or "") if asked else ""
    head = (0 if asked else 0xFFFFFFFF, len(text))
    data = b"".join(word.to_bytes(4, "little") for word in head) + text.encode("utf-16-le")
    data += bytes(-len(data) % 4)
    await ctx.say("Result: Parcel(")
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        words = " ".join(f"{int.from_bytes(row[n : n + 4], 'little'):08x}" for n in range(0, len(row), 4))
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        await ctx.say(f"  0x{at:08x}: {words:35} '{shown}'")
    return await ctx.say(")")


async def content(ctx: Context, args: list[str]) -> int:
    """`content query --uri content://telephony/siminfo [--projection A:B]`"""
    given = dict(zip(args[1::2], args[2::2], strict=False))
    if args[:1] != ["query"] or not re.fullmatch(r"content://telephony/siminfo/?", given.get("--uri", "")):
        return await ctx.complain(f"[ERROR] Unsupported operation: {' '.join(args[:3])}", 1)
    sim, hidden = ctx.state.get("telephony") or {}, ctx.shell.uid and ctx.state.sdk >= 30
    columns = given.get("--projection", ":".join(_SIM)).split(":")
    if bad := next((column for column in columns if column not in _SIM), None):
        return await ctx.complain(f"Error while accessing provider:telephony\nInvalid column {bad}", 1)
    values = (f"{one}={sim.get(_SIM[one]) if not hidden or one == 'carrier_name' else ''}" for one in columns)
    return await ctx.say(f"Row: 0 {', '.join(values)}")


COMMANDS = {"service": service, "content": content}
