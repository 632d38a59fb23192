"""``python -m emulator.standin``: starts the device, prints one JSON line when it is ready, runs until told to end."""

import argparse
import asyncio
import atexit
import contextlib
import gc
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from emulator.standin.apps.runtimes import RUNTIMES, JvmError
from emulator.standin.files.beneath import cleared
from emulator.standin.sandbox.contain import ContainError
from emulator.standin.state.device import DeviceState, load_state
from emulator.standin.state.file import StateError
from emulator.standin.state.traits import profiles, releases

from .device import Device

#: Exit code where nothing keeps apps in and nobody said that they may go free.
UNCONTAINED = 4


def main() -> int:
    parser = argparse.ArgumentParser(prog="standin", description="A stand-in Android device, reached over adb.")
    parser.add_argument("--state", type=Path, help="YAML or JSON laid over the default state")
    parser.add_argument("--port", type=int, default=0, help="adb port on 127.0.0.1 (0: any)")
    parser.add_argument("--root", type=Path, help="directory for the device's files (default: a temporary one)")
    parser.add_argument("--truth", type=Path, help="JSON lines of what really happened, for tests")
    parser.add_argument("--temp", type=Path, help="directory for what the app processes need while they run")
    parser.add_argument(
        "--runtime",
        choices=RUNTIMES,
        default="jvm",
        help="what runs the apps: a JVM, Android's own ART, or Android's framework on it",
    )
    parser.add_argument("--profile", default="default", choices=profiles(), help="kind of device (profiles.yaml)")
    parser.add_argument("--api", type=int, choices=releases(), help="API level (default: 33)")
    parser.add_argument(
        "--contain", choices=("auto", "none"), default="auto", help="keep app processes in, or let them have our rights"
    )
    parser.add_argument(
        "--host", type=int, default=0, metavar="PID",
        help="the shell's nc reaches listeners of this process only (default: of this user)",
    )  # fmt: skip
    args = parser.parse_args()
    gc.set_threshold(50_000, *gc.get_threshold()[1:])  # next to no cycles are made here
    atexit.register(gc.disable)
    if args.temp:
        tempfile.tempdir = str(args.temp)
    if not 0 <= args.port <= 65535:
        parser.error("--port must be 0 to 65535")
    temporary = args.root is None
    private = Path(tempfile.mkdtemp(prefix="standin-")) if temporary else None
    root = private / "root" if private else args.root
    try:
        runtime = RUNTIMES[args.runtime]
        if runtime.api and args.api not in (None, runtime.api):
            raise StateError(f"--runtime {args.runtime} is of API level {runtime.api}, not {args.api}")
        state = load_state(args.state, root, args.truth, profile=args.profile, api=args.api or runtime.api or None)
        state.props.update(runtime.props)
        state.contain, state.host = args.contain, args.host
        return asyncio.run(_serve(state, args.port, args.runtime))
    except (StateError, JvmError, ContainError, OSError) as bad:
        print(f"standin: {getattr(bad, 'strerror', None) or bad}", file=sys.stderr)
        return 2 if isinstance(bad, StateError) else UNCONTAINED if isinstance(bad, ContainError) else 3
    finally:
        if private:
            cleared(private)


async def _serve(state: DeviceState, port: int, name: str) -> int:
    runtime = RUNTIMES[name](state.traits.vm_lacks)
    browser = state.get("web.browser")
    pages = f"web pages by {browser}" if browser else "web pages without their scripts"
    state.props["ro.standin.runtime"] = "; ".join(filter(None, (runtime.about(), pages)))
    device = Device(state, runtime=runtime)
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, done.set)
    try:
        port = await device.start(port)
        print(json.dumps({"serial": f"127.0.0.1:{port}", "pid": os.getpid(), "port": port}), flush=True)
        watch = asyncio.create_task(_stdin_ends(done))
        await done.wait()
        watch.cancel()
    finally:
        await device.close()
    return 0


async def _stdin_ends(done: asyncio.Event) -> None:
    """Ends the device when whoever started it goes away (its end of our standard input closes)."""
    reader = asyncio.StreamReader()
    with contextlib.suppress(OSError, ValueError):
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while await reader.read(4096):
            pass
        done.set()


if __name__ == "__main__":
    sys.exit(main())
