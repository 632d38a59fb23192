"""Network: nc, iptables, svc; settings are elsewhere."""

import asyncio

from emulator.standin.network.firewall import TABLES, Chains, blocked, chains
from emulator.standin.network.neighbours import hosts
from emulator.standin.shell.context import Context
from emulator.standin.state.device import DeviceState
from emulator.standin.state.traits import letters

from .common import Usage, options


def _firewall(family: str) -> object:
    async def run(ctx: Context, args: list[str]) -> int:
        try:
            return await _iptables(ctx, family, chains(ctx.state, family), list(args))
        except (Usage, IndexError) as bad:
            return await ctx.complain(f"{family} v1.8.7 (legacy): {bad or 'bad argument'}", 2)

    return run


async def _iptables(ctx: Context, name: str, chains: Chains, args: list[str]) -> int:
    table, rest = "filter", []
    while args:
        arg = args.pop(0)
        if arg in ("-t", "--table"):
            table = args.pop(0)
        elif arg in ("-w", "--wait", "-W"):
            if args and args[0].isdigit():
                if ctx.state.sdk < 26:  # its iptables knows no time to wait
                    raise Usage(f"Bad argument `{args[0]}'")
                args.pop(0)
        else:
            rest.append(arg)
    if table not in TABLES:
        return await ctx.complain(f"{name}: can't initialize {name} table `{table}': Table does not exist", 3)
    verb = rest.pop(0) if rest else ""
    if verb in ("-nvxL", "-L"):
        return await _list(ctx, name, chains, table, rest[0] if rest else "")
    if verb == "-S":
        for (where, chain), rules in chains.rules.items():
            if where == table and (not rest or chain == rest[0]):
                await ctx.say(f"-P {chain} ACCEPT" if chain in TABLES[table] else f"-N {chain}")
                for rule in rules:
                    await ctx.say(f"-A {chain} {' '.join(rule)}")
        return 0
    return await _change(ctx, name, chains, table, verb, rest)


async def _change(ctx: Context, name: str, chains: Chains, table: str, verb: str, rest: list[str]) -> int:
    if verb not in ("-I", "-D", "-C", "-F"):
        raise Usage(f'unknown option "{verb}"')
    key = (table, rest.pop(0))
    if key not in chains.rules:
        return await ctx.complain(f"{name}: No chain/target/match by that name.")
    rules = chains.rules[key]
    if verb == "-F":
        rules.clear()
    elif verb == "-I":
        number = int(rest.pop(0)) if rest and rest[0].isdigit() else 1
        rules.insert(max(0, number - 1), rest)
    elif rest not in rules:
        return await ctx.complain(f"{name}: Bad rule (does a matching rule exist in that chain?).")
    elif verb == "-D":
        rules.remove(rest)
    return 0


_TITLES = "    pkts      bytes target     prot opt in     out     source               destination         "


async def _list(ctx: Context, name: str, chains: Chains, table: str, only: str) -> int:
    if only and (table, only) not in chains.rules:
        return await ctx.complain(f"{name}: No chain/target/match by that name.")
    unreachable = "icmp6-port-unreachable" if name == "ip6tables" else "icmp-port-unreachable"
    any_ = "::/0" if name == "ip6tables" else "0.0.0.0/0"
    for (where, chain), rules in chains.rules.items():
        if where != table or (only and chain != only):
            continue
        policy = "(policy ACCEPT 0 packets, 0 bytes)" if chain in TABLES[table] else "(0 references)"
        await ctx.say(f"Chain {chain} {policy}")
        await ctx.say(_TITLES)
        for rule in rules:
            words = dict(zip(rule, [*rule[1:], ""], strict=True))
            extra = [f"owner UID match {words['--uid-owner']}"] if "--uid-owner" in words else []
            extra += [f"{words.get('-p', 'tcp')} dpt:{words['--dport']}"] if "--dport" in words else []
            target = words.get("-j", "")
            if target == "REJECT":
                extra.append(f"reject-with {words.get('--reject-with', unreachable)}")
            extra += [f"to:{words['--to-destination']}"] if "--to-destination" in words else []
            extra += [f"redir ports {words['--to-ports']}"] if "--to-ports" in words else []
            hits = chains.hits.get((where, chain, *rule), 0)
            counts = f"{hits:>8} {hits * 60:>10}"
            line = f"{counts} {target:<10} {words.get('-p', 'all'):<4} --  *      *       {any_:<20} {any_:<20}"
            await ctx.say(f"{line} {' '.join(extra)}".rstrip())
        await ctx.say("")
    return 0


def _leads(state: DeviceState, port: int) -> bool:
    """Whether the shell's loopback leads to a port: what the host set up, and what it listens at itself where its
    loopback is the device's too. Other programs of this machine are none of the device's."""
    if state.traits.loopback == "own":
        return f"tcp:{port}" in state.reverses
    return port in state.ways() or hosts(port, state.host)


async def nc(ctx: Context, args: list[str]) -> int:
    """`nc -w N HOST PORT`, and `-z` where the level has it. Only the loopback is reachable, as far as it is one."""
    flags, valued = letters("nc", ctx.state.sdk) or ("", "")
    given, rest = options(args, flags, valued)
    if len(rest) != 2 or not rest[1].isdigit():
        raise Usage("Need 2 arguments")
    if rest[0] not in ("127.0.0.1", "localhost", "::1"):
        return await ctx.complain("nc: connect: Network is unreachable")
    try:
        port = int(rest[1])
        if not await asyncio.to_thread(_leads, ctx.state, port) or blocked(ctx.state, ctx.shell.uid, port):
            raise ConnectionRefusedError
        connection = asyncio.open_connection("127.0.0.1", port)
        reader, writer = await asyncio.wait_for(connection, float(given.get("w", "10")))
    except (OSError, TimeoutError, OverflowError):
        return await ctx.complain("nc: connect: Connection refused")
    if "z" in given:
        writer.close()
        return 0

    async def outward() -> None:
        while chunk := await ctx.stdin.read():
            writer.write(chunk)
            await writer.drain()
        await asyncio.sleep(0.5)  # a connection over adb cannot be half closed: let the answer come first
        if writer.can_write_eof():
            writer.write_eof()

    sender = asyncio.create_task(outward())
    try:
        while chunk := await reader.read(65536):
            await ctx.out.write(chunk)
    finally:
        sender.cancel()
        writer.close()
    return 0


async def svc(ctx: Context, args: list[str]) -> int:
    keys = {"wifi": "wifi_on", "data": "mobile_data"}
    if len(args) == 2 and args[0] in keys and args[1] in ("enable", "disable"):
        on = args[1] == "enable"
        if args[0] == "wifi":
            ctx.state.data.setdefault("wifi", {})["enabled"] = on
        await ctx.state.put_setting("global", keys[args[0]], "1" if on else "0")
        return 0
    return await ctx.complain(f"svc: unknown command {' '.join(args)}")


COMMANDS = {"iptables": _firewall("iptables"), "ip6tables": _firewall("ip6tables"), "nc": nc, "svc": svc}
