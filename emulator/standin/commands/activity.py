"""The activity manager: `am`."""

import time

from emulator.standin.apps.applayer import NO_MATCH, NOT_FOUND, StartResult
from emulator.standin.packages.intents import Intent, full_component, short_component
from emulator.standin.shell.context import Context

from .input import received


async def am(ctx: Context, args: list[str]) -> int:
    verb, rest = (args[0], args[1:]) if args else ("", [])
    function = _VERBS.get(verb)
    if function is None:
        return await ctx.complain(f"Unknown command: {verb}", 255)
    try:
        return await function(ctx, rest)
    except BadIntent as bad:
        return await ctx.complain(
            f"\nException occurred while executing '{verb}':\njava.lang.IllegalArgumentException: {bad}", 255
        )


async def _start(ctx: Context, args: list[str]) -> int:
    intent, found = parse_intent(args)
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
    began = time.monotonic()
    intent.flags |= 0x10000000
    result = await ctx.state.app.start(intent, held="-D" in found, wait="-W" in found, stop_first="-S" in found)
    return await _tell(ctx, intent, result, found, int((time.monotonic() - began) * 1000))


async def _tell(ctx: Context, intent: Intent, result: StartResult, found: dict[str, str], waited: int) -> int:
    if result.code == NOT_FOUND:
        return await ctx.complain(f"Error type 3\nError: Activity class {{{intent.component}}} does not exist.")
    if result.code == NO_MATCH:
        return await ctx.complain(f"Error: Activity not started, unable to resolve Intent {{ {intent.short()} }}")
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
        if name in ctx.state.packages:
            await ctx.state.app.force_stop(name)
            ctx.state.packages[name].stopped = True
    return 0


async def _kill(ctx: Context, args: list[str]) -> int:
    for name in [a for a in args if not a.startswith("-") and not a.isdigit() and a not in ("all", "current")]:
        await ctx.state.app.kill(name)
    return 0


async def _broadcast(ctx: Context, args: list[str]) -> int:
    intent, _ = parse_intent(args)
    await ctx.say(f"Broadcasting: Intent {{ {intent.short()} }}")
    await received(ctx, intent)
    await ctx.state.app.broadcast(intent)
    return await ctx.say("Broadcast completed: result=0")


async def _service(ctx: Context, args: list[str]) -> int:
    intent, _ = parse_intent(args)
    await ctx.say(f"Starting service: Intent {{ {intent.short()} }}")
    if not await ctx.state.app.start_service(intent):
        return await ctx.complain("Error: Not found; no service started.")
    return 0


async def _set_debug(ctx: Context, args: list[str]) -> int:
    names = [a for a in args if not a.startswith("-")]
    if not names:
        raise BadIntent('Argument expected after "set-debug-app"')
    if "-w" in args:
        ctx.state.debug_app = (names[0], "--persistent" in args)
    if "--persistent" in args:
        await ctx.state.put_setting("global", "debug_app", names[0])
        await ctx.state.put_setting("global", "wait_for_debugger", str(int("-w" in args)))
    return 0


async def _clear_debug(ctx: Context, args: list[str]) -> int:
    ctx.state.debug_app = None
    await ctx.state.put_setting("global", "debug_app", None)
    await ctx.state.put_setting("global", "wait_for_debugger", "0")
    return 0


async def _current_user(ctx: Context, args: list[str]) -> int:
    return await ctx.say(str(ctx.state.user))


_VERBS = {
    "start": _start,
    "force-stop": _stop,
    "kill": _kill,
    "broadcast": _broadcast,
    "startservice": _service,
    "set-debug-app": _set_debug,
    "clear-debug-app": _clear_debug,
    "get-current-user": _current_user,
}


_FIELDS = {"-a": "action", "-d": "data", "-p": "package"}


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
        if arg in _FIELDS:
            setattr(intent, _FIELDS[arg], take(arg))
        elif arg == "-c":
            intent.categories.append(take(arg))
        elif arg == "-n":
            intent.component = full_component(take(arg))
            if "/" not in intent.component:
                raise BadIntent(f"Bad component name: {intent.component}")
        elif arg == "--es":
            key = take(arg)
            intent.extras[key] = take(arg)
        elif arg in ("-W", "-D", "-S"):
            found[arg] = ""
        elif arg == "--user":
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


COMMANDS = {"am": am}
