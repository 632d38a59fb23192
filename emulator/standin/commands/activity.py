"""The activity manager: `am`, `cmd`, `monkey`."""

from __future__ import annotations

import re
import time

from standin.applayer import NO_MATCH, NOT_FOUND, StartResult
from standin.intents import Intent, full_component, short_component
from standin.permdefs import ALL_OPS, PERMISSION_OP
from standin.shellcontext import Context

from .packages import pm
from .props import settings

MODES = ("allow", "ignore", "deny", "default", "foreground")


class BadIntent(ValueError):
    """The arguments do not make an intent."""


def parse_intent(args: list[str]) -> tuple[Intent, dict[str, str]]:
    """An intent and the other options (``-W``, ``-D``, ``--user`` …)."""
    intent = Intent()
    found: dict[str, str] = {}
    rest = list(args)

    def take(option: str) -> str:
        if not rest:
            raise BadIntent(f'Argument expected after "{option}"')
        return rest.pop(0)

    while rest:
        arg = rest.pop(0)
        if arg == "-a":
            intent.action = take(arg)
        elif arg == "-d":
            intent.data = take(arg)
        elif arg == "-t":
            intent.mime = take(arg)
        elif arg == "-c":
            intent.categories.append(take(arg))
        elif arg == "-n":
            intent.component = take(arg)
            if "/" not in intent.component:
                raise BadIntent(f"Bad component name: {intent.component}")
            intent.component = full_component(intent.component)
        elif arg == "-p":
            intent.package = take(arg)
        elif arg == "-f":
            intent.flags = int(take(arg), 0)
        elif arg in ("-e", "--es"):
            key = take(arg)
            intent.extras[key] = take(arg)
        elif arg in ("--ei", "--el"):
            key = take(arg)
            intent.extras[key] = int(take(arg), 0)
        elif arg == "--ef":
            key = take(arg)
            intent.extras[key] = float(take(arg))
        elif arg == "--ez":
            key = take(arg)
            intent.extras[key] = take(arg).lower() in ("true", "t", "1")
        elif arg == "--esn":
            intent.extras[take(arg)] = None
        elif arg == "--esa":
            key = take(arg)
            intent.extras[key] = take(arg).split(",")
        elif arg in (
            "-W",
            "-D",
            "-S",
            "-N",
            "--activity-clear-top",
            "--activity-single-top",
            "--activity-clear-task",
            "--include-stopped-packages",
            "--receiver-foreground",
        ):
            found[arg] = ""
        elif arg in ("--user", "-R", "--display", "--windowingMode"):
            found[arg] = take(arg)
        elif arg.startswith("-"):
            raise BadIntent(f"Unknown option: {arg}")
        elif "/" in arg and ":" not in arg:
            intent.component = full_component(arg)
        elif ":" in arg:
            intent.data = arg
        else:
            intent.package = arg
    return intent, found


async def am(ctx: Context, args: list[str]) -> int:
    verb, rest = (args[0], args[1:]) if args else ("", [])
    function = _VERBS.get(verb)
    if function is None:
        await ctx.complain(f"Unknown command: {verb}")
        return 255
    try:
        return await function(ctx, rest)
    except BadIntent as bad:
        await ctx.complain(f"\nException occurred while executing '{verb}':\njava.lang.IllegalArgumentException: {bad}")
        return 255


async def _start(ctx: Context, args: list[str]) -> int:
    intent, found = parse_intent(args)
    if ctx.state.app is None:
        return 1
    if not intent.action and not intent.component:
        intent.action = "android.intent.action.MAIN" if intent.package else ""
    if intent.package and not intent.component and not intent.categories:
        intent.categories = ["android.intent.category.LAUNCHER"]
    positional = any(a == intent.component or full_component(a) == intent.component for a in args) and "-n" not in args
    if positional and not intent.action:
        intent.action = "android.intent.action.MAIN"
        intent.categories = intent.categories or ["android.intent.category.LAUNCHER"]
    shown = intent.short()
    if "-S" in found and intent.target_package:
        await ctx.say(f"Stopping: {intent.target_package}")
        await ctx.state.app.force_stop(intent.target_package)
    await ctx.say(f"Starting: Intent {{ {shown} }}")
    held = "-D" in found
    if ctx.state.debug_app and ctx.state.debug_app[0] == intent.target_package:
        held = True
        if not ctx.state.debug_app[1]:
            ctx.state.debug_app = None
    began = time.monotonic()
    intent.flags |= 0x10000000
    result = await ctx.state.app.start(intent, held=held, wait="-W" in found, stop_first="-S" in found)
    return await _tell(ctx, intent, result, found, int((time.monotonic() - began) * 1000))


async def _tell(ctx: Context, intent: Intent, result: StartResult, found: dict[str, str], waited: int) -> int:
    if result.code == NOT_FOUND:
        await ctx.complain(f"Error type 3\nError: Activity class {{{intent.component}}} does not exist.")
        return 1
    if result.code == NO_MATCH:
        await ctx.complain(f"Error: Activity not started, unable to resolve Intent {{ {intent.short()} }}")
        return 1
    if result.code == 2:
        await ctx.complain("Warning: Activity not started, its current task has been brought to the front")
    elif result.code == 3:
        await ctx.complain(
            "Warning: Activity not started, intent has been delivered to currently running top-most instance."
        )
    if "-W" in found:
        await ctx.say("Status: timeout" if result.timeout else "Status: ok")
        if ctx.state.sdk >= 29:
            await ctx.say(f"LaunchState: {'UNKNOWN (-1)' if result.timeout else result.launch_state}")
        await ctx.say(f"Activity: {short_component(result.activity or intent.component)}")
        if not result.timeout:
            if ctx.state.sdk < 29:
                await ctx.say(f"ThisTime: {result.total_ms}")
            await ctx.say(f"TotalTime: {result.total_ms}")
        await ctx.say(f"WaitTime: {max(waited, result.total_ms)}")
        await ctx.say("Complete")
    return 0


async def _stop(ctx: Context, args: list[str]) -> int:
    for name in [a for a in args if not a.startswith("-") and a not in ("0", "all", "current")]:
        if ctx.state.app and name in ctx.state.packages:
            await ctx.state.app.force_stop(name)
            ctx.state.packages[name].stopped = True
    return 0


async def _kill(ctx: Context, args: list[str]) -> int:
    for name in [a for a in args if not a.startswith("-") and not a.isdigit() and a not in ("all", "current")]:
        if ctx.state.app:
            await ctx.state.app.kill(name)
    return 0


async def _broadcast(ctx: Context, args: list[str]) -> int:
    intent, _ = parse_intent(args)
    await ctx.say(f"Broadcasting: Intent {{ {intent.short()} }}")
    if ctx.state.app:
        await ctx.state.app.broadcast(intent)
    await ctx.say("Broadcast completed: result=0")
    return 0


async def _service(ctx: Context, args: list[str], foreground: bool = False) -> int:
    intent, _ = parse_intent(args)
    await ctx.say(f"Starting service: Intent {{ {intent.short()} }}")
    if ctx.state.app and not await ctx.state.app.start_service(intent, foreground=foreground):
        await ctx.complain("Error: Not found; no service started.")
        return 1
    return 0


async def _foreground_service(ctx: Context, args: list[str]) -> int:
    return await _service(ctx, args, True)


async def _stop_service(ctx: Context, args: list[str]) -> int:
    intent, _ = parse_intent(args)
    await ctx.say(f"Stopping service: Intent {{ {intent.short()} }}")
    if ctx.state.app and await ctx.state.app.stop_service(intent):
        await ctx.say("Service stopped")
        return 0
    await ctx.complain("Service not stopped: was not running.")
    return 1


async def _set_debug(ctx: Context, args: list[str]) -> int:
    names = [a for a in args if not a.startswith("-")]
    if not names:
        raise BadIntent('Argument expected after "set-debug-app"')
    if "-w" in args:
        ctx.state.debug_app = (names[0], "--persistent" in args)
    return 0


async def _clear_debug(ctx: Context, args: list[str]) -> int:
    ctx.state.debug_app = None
    return 0


async def _current_user(ctx: Context, args: list[str]) -> int:
    await ctx.say("0")
    return 0


async def _stack(ctx: Context, args: list[str]) -> int:
    return await ctx.shell.call(["dumpsys", "activity", "activities"], ctx)


async def monkey(ctx: Context, args: list[str]) -> int:
    package = args[args.index("-p") + 1] if "-p" in args[:-1] else ""
    events = args[-1] if args and args[-1].isdigit() else "0"
    found = ctx.state.packages.get(package)
    launcher = found.launcher() if found else None
    await ctx.say(f"  bash arg: -p\n  bash arg: {package}")
    if found is None or launcher is None or ctx.state.app is None:
        await ctx.say("** No activities found to run, monkey aborted.")
        return 252
    intent = Intent(
        "android.intent.action.MAIN",
        f"{package}/{launcher.name}",
        categories=["android.intent.category.LAUNCHER"],
        flags=0x10200000,
    )
    await ctx.state.app.start(intent)
    await ctx.say(
        f"Events injected: {events}\n## Network stats: elapsed time=12ms (0ms mobile, 0ms wifi, 12ms not connected)"
    )
    return 0


# app ops


def op_name(text: str) -> str | None:
    """Short name of an op given in any spelling (FINE_LOCATION, android:fine_location, a permission)."""
    name = PERMISSION_OP.get(text, text.removeprefix("android:").upper())
    return name if name in ALL_OPS else None


async def appops(ctx: Context, args: list[str]) -> int:
    verb, rest = (
        (args[0], [a for i, a in enumerate(args[1:]) if a != "--user" and args[i] != "--user"]) if args else ("", [])
    )
    rest = [r for r in rest if r not in ("--uid",)]
    if verb == "get" and rest:
        return await _ops_get(ctx, rest)
    if verb == "set" and len(rest) == 3:
        op = op_name(rest[1])
        if rest[0].isdigit():
            owner = next((p.name for p in ctx.state.packages.values() if p.uid == int(rest[0])), "")
            rest[0] = owner or rest[0]
        if rest[0] not in ctx.state.packages:
            await ctx.complain(f"Error: No UID for {rest[0]} in user 0")
            return 255
        if op is None or rest[2] not in MODES:
            await ctx.complain(
                f"Error: Unknown operation string: {rest[1]}" if op is None else f"Error: Mode {rest[2]} is not valid"
            )
            return 255
        ctx.state.ops_modes[(rest[0], op)] = rest[2]
        return 0
    if verb == "reset":
        for key in [k for k in ctx.state.ops_modes if not rest or k[0] == rest[-1]]:
            del ctx.state.ops_modes[key]
        await ctx.say("Reset all modes to default values.") if not rest else None
        return 0
    await ctx.complain(f"Unknown command: {verb}")
    return 255


async def _ops_get(ctx: Context, rest: list[str]) -> int:
    state = ctx.state
    if rest[0] not in state.packages:
        await ctx.complain(f"Error: No UID for {rest[0]} in user 0")
        return 255
    only = op_name(rest[1]) if len(rest) > 1 else None
    if len(rest) > 1 and only is None:
        await ctx.complain(f"Error: Unknown operation string: {rest[1]}")
        return 255
    now = state.clock.now_ms()
    package = state.packages[rest[0]]
    uid_lines, lines = [], []
    for op in ALL_OPS:
        if only and op != only:
            continue
        use = state.ops_used.get((package.name, op))
        guard = next((g for p, g in package.grants.items() if PERMISSION_OP.get(p) == op), None)
        if guard:
            uid_lines.append(f"{op}: {'allow' if guard.granted else 'ignore'}")
        if use is None and (package.name, op) not in state.ops_modes:
            continue
        parts = [f"{op}: {state.op_mode(package.name, op)}"]
        if use and use.access_ms:
            parts.append(f"time={duration(now - use.access_ms)} ago")
        if use and use.reject_ms:
            parts.append(f"rejectTime={duration(now - use.reject_ms)} ago")
        if use and use.duration_ms:
            parts.append(f"duration={duration(use.duration_ms)}")
        lines.append("; ".join(parts))
    if uid_lines:
        await ctx.say("Uid mode: " + "\n".join(uid_lines))
    if lines:
        await ctx.say("\n".join(lines))
    if not uid_lines and not lines:
        await ctx.say("No operations.")
    return 0


def duration(ms: int) -> str:
    """`+4m12s123ms`, as TimeUtils prints it."""
    if ms == 0:
        return "0"
    sign, ms = ("-" if ms < 0 else "+"), abs(ms)
    days, ms = divmod(ms, 86_400_000)
    hours, ms = divmod(ms, 3_600_000)
    minutes, ms = divmod(ms, 60_000)
    seconds, ms = divmod(ms, 1000)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    first = next((i for i, (n, _) in enumerate(parts) if n), 4)
    return sign + "".join(f"{n}{u}" for n, u in parts[first:]) + f"{ms}ms"


async def location(ctx: Context, args: list[str]) -> int:
    """`cmd location providers …`: a test position becomes the device's position."""
    if args[:1] == ["is-location-enabled"]:
        await ctx.say("true")
        return 0
    verb = args[1] if len(args) > 2 and args[0] == "providers" else ""
    if verb in ("add-test-provider", "remove-test-provider", "set-test-provider-enabled"):
        return 0
    place = args[args.index("--location") + 1] if "--location" in args[:-1] else ""
    found = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?)", place)
    if verb != "set-test-provider-location" or not found:
        await ctx.complain(f"Unknown command: {' '.join(args[:2])}")
        return 255
    ctx.state.data["location"] = {
        **(ctx.state.get("location") or {}),
        "latitude": float(found.group(1)),
        "longitude": float(found.group(2)),
    }
    return 0


async def cmd(ctx: Context, args: list[str]) -> int:
    services = {"package": pm, "activity": am, "appops": appops, "settings": settings, "location": location}
    if args[:1] == ["-l"]:
        await ctx.say("Currently running services:\n  " + "\n  ".join(sorted(services)))
        return 0
    function = services.get(args[0]) if args else None
    if function is None:
        await ctx.complain(f"cmd: Can't find service: {args[0] if args else ''}")
        return 20
    return await function(ctx, args[1:])


_VERBS = {
    "start": _start,
    "start-activity": _start,
    "force-stop": _stop,
    "stop-app": _stop,
    "kill": _kill,
    "broadcast": _broadcast,
    "startservice": _service,
    "start-service": _service,
    "start-foreground-service": _foreground_service,
    "startforegroundservice": _foreground_service,
    "stopservice": _stop_service,
    "stop-service": _stop_service,
    "set-debug-app": _set_debug,
    "clear-debug-app": _clear_debug,
    "get-current-user": _current_user,
    "stack": _stack,
}

COMMANDS = {"am": am, "monkey": monkey, "appops": appops, "cmd": cmd}
