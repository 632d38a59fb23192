"""The stand-in device inside of the emulated arm64 machine: its apps run on arm64, adb reaches it from here."""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .arm64 import Floor
from .arm64_machine import CPUS, PORT, serve
from .pins import HERE

_INNER = PORT + 1
#: As a slow device says it: Android's time-outs count so often.
_SLOW = """\
props:
  ro.hw_timeout_multiplier: "20"
"""
#: The device listens on its own loopback alone: this leads to it from the machine's card.
_RELAY = f"""\
import asyncio


async def copy(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def one(reader, writer):
    inner = await asyncio.open_connection("127.0.0.1", {_INNER})
    await asyncio.gather(copy(reader, inner[1]), copy(inner[0], writer))


async def main():
    async with await asyncio.start_server(one, "0.0.0.0", {PORT}) as server:
        await server.serve_forever()


asyncio.run(main())
"""


@contextlib.contextmanager
def device(floor: Floor, apps: Sequence[Path], log: Path, *, cpu: str = CPUS[0]) -> Iterator[str]:
    """The address for ``adb connect`` of a stand-in in the machine, which can install ``apps``: there is no D8 in it,
    so what they are as dex is brought along. ``log`` is for the machine's console."""
    with tempfile.TemporaryDirectory(prefix="arm64-device-") as folder, socket.socket() as probe:
        job = Path(folder)
        (job / "emulator" / "java").mkdir(parents=True)
        (job / "cache").mkdir()
        away = shutil.ignore_patterns("__pycache__")
        for name in ("standin", "art"):
            shutil.copytree(HERE.parent / name, job / "emulator" / name, ignore=away)
        framework = floor.bed.dex("framework", HERE.parent / "java" / "standin.jar")
        shutil.copy2(framework, job / "emulator" / "java" / "standin.jar")
        for app in apps:
            with tempfile.TemporaryDirectory() as classes, zipfile.ZipFile(app) as archive:
                inside = [name for name in archive.namelist() if name.startswith("classes/")]
                archive.extractall(classes, inside)
                shutil.copy2(floor.bed.dex("app", Path(classes) / "classes"), job / "cache")
        (job / "relay.py").write_text(_RELAY)
        (job / "state.yaml").write_text(_SLOW)
        (job / "run").write_text(
            "cp cache/* $ART_BED/cache/\npython3 relay.py &\n"
            "busybox mkfifo open; sleep 1000000 > open &\n"  # the stand-in ends with its input
            f"PYTHONPATH=$PYTHONPATH:/tmp/job python3 -u -m emulator.standin --port {_INNER} --runtime art"
            " --profile rooted --state state.yaml < open\n"
        )
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        with serve(floor.path, job, port, log, cpu=cpu, ready='{"serial"'):
            yield f"127.0.0.1:{port}"
